"""What is to be imported: a log's bytes, a log that is prepared already, or one that is stored and read once more."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kb.conf.meaning import encoder
from kb.importing.namesakes import Upload
from kb.importing.prepared import Prepared, path_problem, prepare, snapshot
from kb.importing.reading import Read, read_with
from kb.linking.fingerprints import Stated, fingerprints
from kb.linking.signatures import Fingerprints
from sessions.models import Error
from sessions.parsing.vocabulary import Role
from sessions.sources import SourceError
from sessions.storing.store import project_of


@dataclass(frozen=True)
class Job:
    """A log to import, as it can be sent to a reader.

    content   its bytes, if it is not prepared yet
    upload    for a log without a path of its own
    is_again  it is stored, and is read as logs are read now
    refusal   why it cannot be imported, if that is known already
    """

    path: str
    project: str = ""
    content: bytes = b""
    upload: Upload | None = None
    prepared: Prepared | None = None
    is_again: bool = False
    refusal: str = ""

    @classmethod
    def of(cls, prepared: Prepared) -> Job:
        return cls(prepared.path, prepared=prepared)

    @classmethod
    def again(cls, path: str) -> Job:
        """Returns the job of reading the log that is stored under a path once more."""
        if stored := snapshot(path):
            return cls(path, prepared=stored, is_again=True)
        return cls(path, refusal=f"{path}: was removed in the meantime, so there is nothing to read again.")

    @property
    def size(self) -> int:
        """Its bytes, which tell how long it takes."""
        return len(self.content) if self.prepared is None else self.prepared.size

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest() if self.prepared is None else self.prepared.sha256

    @property
    def may_be_known(self) -> bool:
        """Whether it needs no reading if its content is here already."""
        is_plain = (
            self.upload is None if self.prepared is None else not (self.prepared.upload or self.prepared.corrections)
        )
        return is_plain and not (self.is_again or self.refusal or path_problem(self.path))


def read_job(job: Job, taught: Mapping[str, Role]) -> Read:
    """Decodes, redacts and parses a log, without the database. Raises SourceError if it is over a limit."""
    if job.refusal:
        raise SourceError(job.refusal)
    prepared = job.prepared or prepare(job.path, job.content, job.project, job.upload)
    log = read_with(prepared, taught)
    return replace(log, is_again=job.is_again, fingerprints=_fingerprints(log))


def _fingerprints(log: Read) -> Fingerprints:
    """Returns the fingerprints of a log's errors, as they are linked unless somebody corrected them."""
    length = Error._meta.get_field("exception").max_length
    stated = {
        Stated.of(
            error.title, error.message, (error.exception or "")[:length], project_of(session, log.prepared.project)
        )
        for session in log.record.sessions
        for error in session.errors
    }
    ordered = sorted(stated)
    return dict(zip(ordered, fingerprints(ordered, encoder() if ordered else None), strict=True))
