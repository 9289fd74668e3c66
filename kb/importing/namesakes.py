"""Decides which log an upload is: a file's name is not enough, since many people keep a SESSION_LOG.md.

An upload is identified by its name within its project, if it or the log names one, else within its owner's uploads.
It is an edit of a namesake by somebody else only if both have a session in common, or if a person says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from django.contrib.auth.models import User

from kb.importing.specific_lines import length, specific_lines
from kb.models import ImportedFile, ImportOutcome
from sessions.models import Log, LogPath
from sessions.records import LogRecord
from sessions.sources import composed
from sessions.storing.store import project_named

LONGEST_PATH = LogPath._meta.get_field("path").max_length or 0  # characters
_MOST_OWNERS = 1000
_SHARED = 0.5  # part of the shorter session that both must contain to be the same session


@dataclass(frozen=True, slots=True)
class Upload:
    """A log that came without a path of its own.

    name     its path within the upload, such as "quay/SESSION_LOG.md"
    project  given with the upload, or empty
    owner    the user name of the uploader
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
    def path_without_owner(self) -> str:
        """The path it had before paths included their owner."""
        return _path("uploads", self.project, self.name)

    def path_in_project(self, project: str) -> str:
        """Returns the path shared by everybody who works on a project, empty without a project."""
        return _path("uploads", project.lstrip("~"), self.name) if project else ""

    def path_of_owner(self, project: str, owner: str = "") -> str:
        return _path("uploads", project.lstrip("~"), f"~{(owner or self.owner).replace('/', '-')}", self.name)


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another log that an upload may be.

    by      the user name of whoever uploaded it last
    exists  false for a new log at a path of the uploader's own
    """

    path: str
    by: str = ""
    exists: bool = True


def candidate_paths(upload: Upload, record: LogRecord) -> set[str]:
    """Returns the paths of the logs that an upload may be."""
    if upload.chosen:
        return {upload.chosen}
    project = upload.project or _project_of(record)
    paths = {upload.path_of_owner(project), upload.path_in_project(project), upload.path_without_owner}
    return paths - {""}


def path_of(upload: Upload, record: LogRecord, text: str, logs: Mapping[str, Log] | None = None) -> str:
    """Returns the path of the log that an upload is, which is that of an existing log if it edits one.

    logs  those under the `candidate_paths`, if known
    """
    if upload.chosen:
        return upload.chosen
    project = upload.project or _project_of(record)
    own, shared = upload.path_of_owner(project), upload.path_in_project(project)
    former = upload.path_without_owner
    logs = _logs_at({own, shared, former} - {""}) if logs is None else logs
    if own in logs:
        return own
    if former in logs and _belongs_to(upload.owner, former, logs[former]):
        return former
    if not shared:
        return own
    log = logs.get(shared)
    is_same = log is None or _belongs_to(upload.owner, shared, log) or _have_a_session_in_common(log, record, text)
    return shared if is_same else own


def namesakes(upload: Upload, record: LogRecord, path: str) -> list[Namesake]:
    """Returns the other logs that an upload at `path` may be, with a new log if it edits somebody else's."""
    project = upload.project or _project_of(record)
    owners = User.objects.order_by("pk").values_list("username", flat=True)[:_MOST_OWNERS]
    paths = {upload.path_in_project(project), upload.path_without_owner}
    paths.update(upload.path_of_owner(project, name) for name in owners)
    logs = _logs_at(paths - {"", path})
    others = [Namesake(other, uploader(other, logs[other])) for other in sorted(logs)]
    own = upload.path_of_owner(project)
    if own != path and own not in logs and uploader(path) not in ("", upload.owner):
        others.append(Namesake(own, upload.owner, exists=False))
    return others


def uploader(path: str, log: Log | None = None) -> str:
    """Returns the user name of whoever imported the log at a path last, or an empty string."""
    log = log or Log.objects.filter(paths__path=path).first()
    return next(iter(_uploaders(path, log)), None) or "" if log else ""


def choose(upload: Upload, path: str) -> Upload:
    """Returns the upload as an edit of the log at a path."""
    return replace(upload, chosen=path)


def _uploaders(path: str, log: Log) -> list[str | None]:
    """Returns the user names of all who imported the log at a path, latest first; None for those without an account."""
    files = ImportedFile.objects.filter(log=log, path=path).exclude(outcome=ImportOutcome.REFUSED).order_by("-pk")
    return list(files.values_list("run__by__username", flat=True))


def _belongs_to(owner: str, path: str, log: Log) -> bool:
    """Nobody else has ever imported the log, so its owner may change it in any way."""
    return set(_uploaders(path, log)) == {owner}


def _path(*parts: str) -> str:
    return "/".join(part for part in parts if part)[:LONGEST_PATH]


def _project_of(record: LogRecord) -> str:
    """Returns the project that a log names, or an empty string if it names none or several."""
    names = {name for session in record.sessions if (name := project_named(session).strip())}
    return names.pop()[:200] if len(names) == 1 else ""


def _logs_at(paths: Collection[str]) -> dict[str, Log]:
    rows = LogPath.objects.filter(path__in=paths).select_related("log")
    return {row.path: row.log for row in rows}


def _have_a_session_in_common(log: Log, record: LogRecord, text: str) -> bool:
    """One session of each is of the same day, with half of the shorter one in both.

    This is true if a log was continued, edited or cut, but not if two logs were made from one template.
    """
    lines, stored_lines = text.split("\n"), log.text.split("\n")
    spans = log.sessions.filter(in_log=True).values_list("date", "metadata", "first_line", "last_line")
    stored = [
        (str(date or ""), specific_lines(stored_lines[first - 1 : last], metadata))
        for date, metadata, first, last in spans
    ]
    for session in record.sessions:
        first, last = session.lines
        new = specific_lines(lines[first - 1 : last], session.metadata)
        if any(date == (session.date or "")[:10] and _overlap(new, other) >= _SHARED for date, other in stored):
            return True
    return False


def _overlap(one: set[str], other: set[str]) -> float:
    """Returns which part of the shorter text's characters is in common lines, so that long lines count for more."""
    return length(one & other) / max(min(length(one), length(other)), 1)
