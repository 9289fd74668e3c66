"""The second step of an import: a log is parsed. It needs nothing from the database but the taught headings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple, TypeVar

from django.conf import settings

from kb.conf.learned import in_use
from kb.conf.meaning import encoder, reviser
from kb.importing.prepared import Prepared
from kb.importing.taught import taught_headings
from kb.linking.fingerprints import Fingerprint, Stated
from kb.search.index.texts import SessionTexts, texts_of_log
from sessions.parsing.pipeline import ReadLog, read_text
from sessions.parsing.tree.layout import layout_of
from sessions.parsing.vocabulary import Role
from sessions.records import DoubtRecord, LogRecord, SessionRecord
from sessions.storing.store import LogText, project_of

Result = TypeVar("Result")

_PASSAGES_A_RECORD = 8  # take as long to keep
_REMEMBERED = 8  # logs that somebody may be correcting at a time


class OutdatedError(Exception):
    """Something that was looked up before the transaction has changed by now, so the log must be read again."""


@dataclass(frozen=True, slots=True)
class Read:
    """A prepared log and what it says.

    taught        the headings it was read with
    doubts        what is in doubt, for each session
    fingerprints  of its errors, as far as they were made with it
    is_again      it is stored already, and was read once more
    is_edit       it takes the place of what is under its path, even if that is another session
    texts         the passages and vectors of each session, by its first line
    """

    prepared: Prepared
    record: LogRecord
    text: LogText
    taught: Mapping[str, Role]
    doubts: Sequence[Sequence[DoubtRecord]] = ()
    fingerprints: Mapping[Stated, Fingerprint] = field(default_factory=dict)
    is_again: bool = False
    is_edit: bool = False
    texts: Mapping[int, SessionTexts] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.prepared.path

    @property
    def sha256(self) -> str:
        return self.prepared.sha256

    @property
    def is_chosen(self) -> bool:
        """Whether a person said which log it is."""
        return bool(self.prepared.upload and self.prepared.upload.chosen)

    @property
    def projects(self) -> set[str]:
        """The names of the projects that its sessions belong to."""
        return {project_of(session, self.prepared.project) for session in self.record.sessions}

    @property
    def cost(self) -> int:
        """About how long keeping it takes, in records: a passage, which is only indexed, takes an eighth of one."""
        records = sum(1 + sum(map(len, _records(session))) for session in self.record.sessions)
        return records + sum(len(texts.passages) for texts in self.texts.values()) // _PASSAGES_A_RECORD

    def at(self, path: str) -> Read:
        """Returns the same log under the path that an upload turned out to have."""
        if path == self.path and self.prepared.upload is None:
            return self
        prepared = replace(self.prepared, path=path, upload=None)
        record, is_edit = replace(self.record, path=path), self.is_edit or self.is_chosen
        return replace(self, prepared=prepared, record=record, is_edit=is_edit)


def _records(session: SessionRecord) -> Sequence[Sequence[object]]:
    return (
        *(session.errors, session.fixes, session.commands, session.next_steps),
        *(session.files, session.learnings, session.decisions, session.commits),
    )


def read(prepared: Prepared) -> Read:
    """Parses a log."""
    return read_with(prepared, taught_headings())


def read_with(prepared: Prepared, taught: Mapping[str, Role]) -> Read:
    """Parses a log with these headings, without the database."""
    parsed = read_text(prepared.path, prepared.text, prepared.sha256, prepared.encoding, taught, reviser())
    layout = layout_of(parsed.document, parsed.record.coverage)
    text = LogText(prepared.text, prepared.size, prepared.findings, layout.name, layout.unknown)
    doubts = [reading.doubts for reading in parsed.readings]
    return Read(prepared, parsed.record, text, taught, doubts, texts=_texts(parsed))


def _texts(parsed: ReadLog) -> dict[int, SessionTexts]:
    sessions = parsed.record.sessions
    texts = texts_of_log(parsed.document, sessions, encoder())
    return {session.lines[0]: said for session, said in zip(sessions, texts, strict=True)}


def read_stored(prepared: Prepared) -> Read:
    """Parses a log as `read` does, or returns what that gave last: people correct a log many times in a row."""
    taught = taught_headings()
    parsed = _remembered(
        prepared.path,
        prepared.text,
        prepared.sha256,
        prepared.encoding,
        frozenset(taught.items()),
        in_use() if settings.MEANING else None,
    )
    text = LogText(prepared.text, prepared.size, prepared.findings, parsed.layout, parsed.unknown)
    return Read(prepared, parsed.record, text, taught)


class _Parsed(NamedTuple):
    record: LogRecord
    layout: str
    unknown: Mapping[str, int]


@lru_cache(maxsize=_REMEMBERED)
def _remembered(
    path: str, text: str, sha256: str, encoding: str, taught: frozenset[tuple[str, Role]], model: str | None
) -> _Parsed:
    parsed = read_text(path, text, sha256, encoding, dict(taught), None if model is None else reviser())
    layout = layout_of(parsed.document, parsed.record.coverage)
    return _Parsed(parsed.record, layout.name, layout.unknown)


def read_then(prepared: Prepared, write: Callable[[Read], Result]) -> Result:
    """Reads a log, then writes it; starts over if what was read is outdated by the time it is written."""
    while True:
        try:
            return write(read(prepared))
        except OutdatedError:
            continue
