"""The contract between reading a log and keeping it: what a session log says, as frozen records.

Lines are 1-based lines of the original file, and spans are (first, last), inclusive. What a log does not say is None or
empty.
Nothing here knows about Django, files or databases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Span = tuple[int, int]

SessionStatus = Literal["complete", "partial", "blocked", "in_progress", "failed"]
ErrorStatus = Literal["fixed", "workaround", "partial", "open", "unknown"]
Outcome = Literal["worked", "partial", "failed", "unknown"]
Priority = Literal["P0", "P1", "P2", "P3"]
FoundBy = Literal["rules", "meaning", "person"]
FileAction = Literal["created", "modified", "deleted", "renamed"]


@dataclass(frozen=True, slots=True)
class ObjectiveRecord:
    """A goal of the session. `done` is None if the log does not say."""

    text: str
    line: int
    done: bool | None = None


# Errors, fixes, steps and decisions know how they were found: `found_by` is what read them first, `certainty` the
# probability that they are one, from 0 to 1. It is None if the log was read by rules alone. `stated` has the words of
# the log for a record that a person gave other words.


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """A distinct problem that occurred, with every place that states it (`mentions`, in order of line)."""

    id: str
    title: str
    line: int
    mentions: tuple[Span, ...]
    message: str = ""
    exception: str = ""
    status: ErrorStatus = "unknown"
    severity: str = ""
    root_cause: str = ""
    found_by: FoundBy = "rules"
    certainty: float | None = None
    stated: str = ""


@dataclass(frozen=True, slots=True)
class FixRecord:
    """An attempt to fix one or more errors, given by their ids."""

    id: str
    title: str
    line: int
    lines: Span
    errors: tuple[str, ...] = ()
    detail: str = ""
    outcome: Outcome = "unknown"
    found_by: FoundBy = "rules"
    certainty: float | None = None
    stated: str = ""


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """A command line that a reader could run again."""

    text: str
    line: int
    lines: Span
    language: str = ""
    purpose: str = ""
    cwd: str = ""
    stated: str = ""


@dataclass(frozen=True, slots=True)
class NextStepRecord:
    """Work left to do. `detail` has its sub-steps and commands, as written."""

    text: str
    line: int
    lines: Span
    detail: str = ""
    priority: Priority | None = None
    blocker: bool = False
    done: bool = False
    found_by: FoundBy = "rules"
    certainty: float | None = None
    stated: str = ""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file the session changed. `lines_changed` is as written ("313-334", "+20/-3")."""

    path: str
    line: int
    action: FileAction | None = None
    lines_changed: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class LearningRecord:
    text: str
    line: int
    lines: Span
    stated: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    text: str
    line: int
    lines: Span
    rationale: str = ""
    found_by: FoundBy = "rules"
    certainty: float | None = None
    stated: str = ""


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """A commit that was made. `hash` is empty if the log gives only its message."""

    hash: str
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class DoubtRecord:
    """Something that was nearly not taken for a record, or nearly was. It is no part of what the log says.

    kind       the field of SessionRecord that it is or would be in
    threshold  the certainty from which it counts
    at         its place in that field, None if it was not taken
    """

    kind: str
    text: str
    line: int
    lines: Span
    certainty: float
    threshold: float
    at: int | None = None

    @property
    def distance(self) -> float:
        return abs(self.certainty - self.threshold)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A dated account of work. Dates are ISO days."""

    title: str
    lines: Span
    date: str | None = None
    ended: str | None = None
    duration_minutes: int | None = None
    duration_text: str = ""
    status: SessionStatus | None = None
    status_text: str = ""
    type: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    objectives: tuple[ObjectiveRecord, ...] = ()
    errors: tuple[ErrorRecord, ...] = ()
    fixes: tuple[FixRecord, ...] = ()
    commands: tuple[CommandRecord, ...] = ()
    next_steps: tuple[NextStepRecord, ...] = ()
    files: tuple[FileRecord, ...] = ()
    learnings: tuple[LearningRecord, ...] = ()
    decisions: tuple[DecisionRecord, ...] = ()
    commits: tuple[CommitRecord, ...] = ()
    metrics: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineCoverage:
    """How much of a log was understood: non-blank lines in records, in known context, and the spans in neither."""

    lines: int
    recorded: int
    context: int
    unparsed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class LogRecord:
    """A log that was read, with its sessions in the order of the file."""

    path: str
    sha256: str
    encoding: str
    coverage: LineCoverage
    sessions: tuple[SessionRecord, ...]

    def as_json(self) -> dict[str, Any]:
        """Returns the record as dicts and lists, in the format documented in docs/records.md."""
        return asdict(self)
