"""Which log an upload is: a file's name alone does not tell, since many people keep a SESSION_LOG.md.

An upload is known by its name in its project, if a person or the log names one, else by its name among its owner's.
What somebody else uploaded under that name is edited only if both hold a session in common, or a person says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from django.contrib.auth.models import User

from kb.models import ImportedFile
from sessions.models import Log, LogPath
from sessions.records import LogRecord
from sessions.sources import composed
from sessions.storing.store import project_named

_LONGEST = 1000
_MOST_OWNERS = 1000
_SHARED = 0.5  # part of the shorter session that both must hold to be one session
_TELLING = 12  # characters from which a line says something of its own


@dataclass(frozen=True, slots=True)
class Upload:
    """A log that came without a place of its own.

    name     its path in what was uploaded, as "quay/SESSION_LOG.md"
    project  as a person gave it, or empty
    owner    the user name of whoever uploaded it
    chosen   the path of the log that a person says it is, or empty
    """

    name: str
    project: str
    owner: str
    chosen: str = ""

    @staticmethod
    def of(name: str, project: str, owner: str) -> Upload:
        parts = (part for part in PurePosixPath(composed(name).replace("\\", "/")).parts if part not in ("..", "/"))
        return Upload("/".join(parts), composed(project), owner)

    @property
    def without_owner(self) -> str:
        """Where it was kept before owners were told apart."""
        return _path("uploads", self.project, self.name)

    def in_project(self, project: str) -> str:
        """What everybody knows it by who works on a project."""
        return _path("uploads", project.lstrip("~"), self.name) if project else ""

    def of_owner(self, project: str, owner: str = "") -> str:
        return _path("uploads", project.lstrip("~"), f"~{(owner or self.owner).replace('/', '-')}", self.name)


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another log that an upload may be. `by`: who uploaded it last; `path` is not there yet for a log of its own."""

    path: str
    by: str = ""
    is_there: bool = True


def place_of(upload: Upload, record: LogRecord, text: str) -> str:
    """The path of the log that an upload is: an edit of one that is here, or a new one."""
    if upload.chosen:
        return upload.chosen
    project = upload.project or _project_of(record)
    own, shared, former = upload.of_owner(project), upload.in_project(project), upload.without_owner
    there = _logs_at({own, shared, former} - {""})
    if own in there:
        return own
    if former in there and _is_only_of(upload.owner, former, there[former]):
        return former
    if not shared:
        return own
    log = there.get(shared)
    is_same = log is None or _is_only_of(upload.owner, shared, log) or _share_a_session(log, record, text)
    return shared if is_same else own


def namesakes(upload: Upload, record: LogRecord, path: str) -> list[Namesake]:
    """The other logs of an upload's name that it may be instead, and a log of its own if it is an edit of another's."""
    project = upload.project or _project_of(record)
    owners = User.objects.order_by("pk").values_list("username", flat=True)[:_MOST_OWNERS]
    paths = {upload.in_project(project), upload.without_owner, *(upload.of_owner(project, name) for name in owners)}
    there = _logs_at(paths - {"", path})
    found = [Namesake(other, uploader(other, there[other])) for other in sorted(there)]
    own = upload.of_owner(project)
    if own != path and own not in there and uploader(path) not in ("", upload.owner):
        found.append(Namesake(own, upload.owner, is_there=False))
    return found


def uploader(path: str, log: Log | None = None) -> str:
    """The user name of whoever imported the log under a path last; empty if nobody knows."""
    log = log or Log.objects.filter(paths__path=path).first()
    return next(iter(_uploaders(path, log)), None) or "" if log else ""


def choose(upload: Upload, path: str) -> Upload:
    """The same upload as the log that a person says it is."""
    return replace(upload, chosen=path)


def _uploaders(path: str, log: Log) -> list[str | None]:
    """The user names of all who imported the log under a path, the last first; None for whoever has no account."""
    files = ImportedFile.objects.filter(log=log, path=path).exclude(outcome="refused").order_by("-pk")
    return list(files.values_list("run__by__username", flat=True))


def _is_only_of(owner: str, path: str, log: Log) -> bool:
    """Nobody else ever imported the log: its owner may make of it what they like."""
    return set(_uploaders(path, log)) == {owner}


def _path(*parts: str) -> str:
    return "/".join(part for part in parts if part)[:_LONGEST]


def _project_of(record: LogRecord) -> str:
    """The project that a log names; empty if it names none, or several."""
    named = {name for session in record.sessions if (name := project_named(session).strip())}
    return named.pop()[:200] if len(named) == 1 else ""


def _logs_at(paths: Collection[str]) -> dict[str, Log]:
    found = LogPath.objects.filter(path__in=paths).select_related("log")
    return {one.path: one.log for one in found}


def _share_a_session(log: Log, record: LogRecord, text: str) -> bool:
    """A session of the log is one of the record too: of the same day, with half of the shorter one in common.

    So it is where a log was continued, edited or cut, but not where two logs were made from one template.
    """
    lines, former = text.split("\n"), log.text.split("\n")
    spans = log.sessions.filter(in_log=True).values_list("date", "first_line", "last_line")
    known = [(str(date or ""), _telling(former[first - 1 : last])) for date, first, last in spans]
    for session in record.sessions:
        first, last = session.lines
        said = _telling(lines[first - 1 : last])
        if any(date == (session.date or "")[:10] and _overlap(said, other) >= _SHARED for date, other in known):
            return True
    return False


def _overlap(one: set[str], other: set[str]) -> float:
    """Which part of the shorter text's letters stands in lines of the other: long lines say more than short ones."""
    return _letters(one & other) / max(min(_letters(one), _letters(other)), 1)


def _letters(lines: set[str]) -> int:
    return sum(map(len, lines))


def _telling(lines: Iterable[str]) -> set[str]:
    """The lines that say something of their own: no headings, which logs of one template have in common."""
    words = (line.strip() for line in lines)
    return {said for said in words if len(said) >= _TELLING and said[0] != "#" and any(map(str.isalpha, said))}
