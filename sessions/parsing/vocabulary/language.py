"""What a vocabulary file says about its language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sessions.records import ErrorStatus, FileAction, Outcome, Priority, SessionStatus

Phrases = tuple[str, ...]


class Role(StrEnum):
    """What a heading or a label stands for."""

    SUMMARY = "summary"
    OBJECTIVES = "objectives"
    COMPLETED = "completed"
    ERRORS = "errors"  # "Issues encountered", "Problem", "Symptom", "Error"
    SYMPTOMS = "symptoms"  # how one problem shows itself, as against a list of problems
    CAUSE = "cause"
    ANALYSIS = "analysis"  # what was looked into: tells the cause where nothing else does, but proves no problem
    FIXES = "fixes"
    ATTEMPT = "attempt"  # "Fix Attempt 1", "What we tried"
    RESULT = "result"  # how an attempt or a problem ended: "Result", "Outcome"
    SEVERITY = "severity"
    IMPACT = "impact"
    LOCATION = "location"  # where in the code: "File", "Lines"
    COMMANDS = "commands"
    FILES = "files"
    COMMITS = "commits"
    NEXT_STEPS = "next_steps"
    BLOCKERS = "blockers"
    LEARNINGS = "learnings"
    DECISIONS = "decisions"
    RATIONALE = "rationale"  # why a decision was taken
    ENVIRONMENT = "environment"
    METRICS = "metrics"
    TESTING = "testing"
    TIMELINE = "timeline"
    REFERENCES = "references"
    CHECKLIST = "checklist"  # success criteria, goals, definitions of done: no next steps


class Key(StrEnum):
    """The keys of a log's head or foot that have a meaning of their own."""

    DATE = "date"
    STARTED = "started"
    ENDED = "ended"
    DURATION = "duration"
    STATUS = "status"
    TYPE = "type"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language. Case and accents do not matter; the longest phrase that fits wins.

    roles            what headings and labels stand for
    titles           words that stand for a role only as a whole title ("Next")
    no_roles         phrases that look like a role and are none ("error handling")
    keys             metadata keys
    months           the twelve months, each with its abbreviations
    weekdays         names that may stand before a date
    duration_units   minutes a unit → its words
    statuses         overall status of a session
    error_statuses   how an error stands now
    outcomes         how a fix went
    priorities       words that give a priority to a step, alone or in a group heading
    severities       words for how bad an error is, kept as written
    blocking         "blocks", "blocked by", "waiting for"
    done             a step that is already done
    nothing          "none", "n/a": an empty section
    failures         words that say something went wrong
    repairs          verbs that say something was put right
    actions          what was done to a file
    """

    code: str
    name: str
    roles: Mapping[Role, Phrases] = field(default_factory=dict)
    titles: Mapping[Role, Phrases] = field(default_factory=dict)
    no_roles: Phrases = ()
    keys: Mapping[Key, Phrases] = field(default_factory=dict)
    months: tuple[Phrases, ...] = ()
    weekdays: Phrases = ()
    duration_units: Mapping[int, Phrases] = field(default_factory=dict)
    statuses: Mapping[SessionStatus, Phrases] = field(default_factory=dict)
    error_statuses: Mapping[ErrorStatus, Phrases] = field(default_factory=dict)
    outcomes: Mapping[Outcome, Phrases] = field(default_factory=dict)
    priorities: Mapping[Priority, Phrases] = field(default_factory=dict)
    severities: Phrases = ()
    blocking: Phrases = ()
    done: Phrases = ()
    nothing: Phrases = ()
    failures: Phrases = ()
    repairs: Phrases = ()
    actions: Mapping[FileAction, Phrases] = field(default_factory=dict)
