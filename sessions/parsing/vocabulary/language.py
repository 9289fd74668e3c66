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
    ANALYSIS = "analysis"  # what was investigated: gives the cause if nothing else does, but proves no problem
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
    CHECKLIST = "checklist"  # success criteria, definitions of done: not next steps


class Key(StrEnum):
    """The metadata keys the parser understands."""

    DATE = "date"
    STARTED = "started"
    ENDED = "ended"
    DURATION = "duration"
    STATUS = "status"
    TYPE = "type"
    PROJECT = "project"


class Denial(StrEnum):
    """The words of a line that only says that there is nothing to list: "No further action required"."""

    NO = "no"
    THING = "thing"  # what a list of a log holds: "issues", "next steps"
    BESIDE = "beside"  # what may be said of it: "open", "required", "at this time"


class Failure(StrEnum):
    """The kinds of failure, most telling first: an error that fits several kinds is of the first."""

    MEMORY = "memory"
    LOCKED = "locked"
    SLOW = "slow"  # timeout, hang
    DENIED = "denied"  # 401, 403, permission
    UNREACHABLE = "unreachable"  # connection refused, DNS, gateway
    DUPLICATE = "duplicate"
    NULL = "null"
    ABSENT = "absent"  # missing, undefined, not found
    SYNTAX = "syntax"  # does not parse or compile
    TYPE = "type"  # of the wrong type or shape
    LIMIT = "limit"  # too many, too large, full
    STALE = "stale"
    CRASH = "crash"
    WRONG = "wrong"  # a wrong value or look


class Domain(StrEnum):
    """The kinds of thing an error can be about."""

    DATABASE = "database"
    TYPES = "types"  # of a compiler or checker
    MODULE = "module"
    FILE = "file"
    SETTING = "setting"  # environment variables, configuration
    PAYLOAD = "payload"
    ROUTE = "route"
    SERVICE = "service"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language. All but `code` and `name` may be left out.

    Phrases are found as whole words whatever their case and accents, the longest first (`phrases.PhraseTable`):

    roles            what headings and labels stand for
    titles           words that stand for a role only as a whole title ("Next")
    no_roles         phrases that look like a role but are not one ("error handling")
    keys             metadata keys
    months           the twelve months, each with its abbreviations
    duration_units   minutes per unit → its words
    statuses         overall status of a session
    error_statuses   current status of an error; "unknown": words that look like one, and only say what went wrong
    outcomes         how a fix went
    priorities       words that give a step a priority, on their own or in a group heading
    blocking         "blocks", "blocked by", "waiting for"
    done             a step that is already done
    unfinished       what begins or ends the heading of a list of things still to be done ("Pages pending")
    estimates        labels of what a step takes or how it stands, which are no steps ("Time estimate", "Total")
    nothing          "none", "n/a": an empty section
    denials          the words of a line that denies a list any entry ("No open issues found")
    failures         words that say something went wrong
    repairs          verbs that say something was put right
    actions          what was done to a file
    failure_kinds    how something went wrong, for linking errors across sessions
    common_words     words that do not help to tell one problem from another
    prepositions     words that stand before the name of a thing

    The rest become regular expressions (`expressions`). In them "*" stands for further letters ("improv*"), a "*" of
    its own for any word, and a hyphen also for a space or nothing ("short-term"):

    specifications   what a document is called that says what shall be, and not what was done
    session_words    what a session is called
    stages           what precedes a number or letter in the heading of one thing to do ("Step 3", "Option B")
    title_words      the label of a title
    commit_words     what precedes a commit's hash
    line_words       what precedes line numbers
    recommending     words of a heading over recommendations
    advising         how a recommendation begins that is a rule to keep and no step ("Always …")
    step_words       words that make a heading one over steps, wherever they stand in it
    horizons         headings that group steps by time or urgency ("short-term")
    terms            what makes "medium" a time and not a priority ("medium term")
    negations        what reverses the word after it ("not urgent", "non-critical")
    conjunctions     "and"
    joiners          other words between two file names ("rename a.py to b.py")
    articles         "the", "a"
    function_words   words that follow the first word of a sentence, but not a program's name
    ranges           what joins the ends of a range ("2 to 3 hours")
    ordinals         endings of ordinal numbers ("1st")
    version_words    what precedes a version that looks like a date ("version 10.12.2023")
    date_particles   words inside a date ("1st of May")
    date_marks       the marks after year, month and day ("2026年1月2日")
    half_hours       "half an hour"
    of_which         what introduces a part of a stated duration
    over             something no longer goes wrong
    past_clauses     how a clause begins that says what was done ("now cached")
    consequences     how a clause begins that says what was done about it ("so")
    deeds            verbs of what is changed to put something right ("raised", "restarted")
    recovered        something works again
    afterwards       how a sentence begins that says after what it worked ("After …")
    revealing        how a sentence begins that gives the cause of what the one before tells ("Turned out …")
    persisting       how a sentence begins that says that nothing got better ("Still …")
    going_on         what precedes what was done to get past a problem ("went on with")
    resolving        how a sentence begins that announces what was done about a problem ("To resolve …")
    alerts           words of a timeline that something went wrong ("paged")
    means            what precedes how something was put right ("by")
    conditions       how a heading begins over what to do in case of a problem ("If …")
    safeguards       how a text begins that describes a guard against failure ("prevents …")
    imperatives      verbs that ask for a repair at the beginning of a text ("Fix …")
    plans            a repair is still to come ("needs fixing")
    additions        "added", where `missing` follows
    missing          what was missing and is therefore repaired by being added
    unsolved         headings over problems that are still there ("Known issues")
    proposed         labels over repairs that were not made ("Fix needed")
    unverified       nobody has checked it yet
    qualifiers       say which problems a list has, or where they are from ("critical", "identified")
    one_problem      names of a heading over a single problem, though a list may follow
    hypotheses       it is only suspected
    because          what precedes a cause ("because", "due to")
    causing          what follows a cause ("which caused")
    reasons          conjunctions that precede the reasons for a decision
    status_words     what makes a number an HTTP status, anywhere in the text
    counted          what a number counts, so that it is not an HTTP status ("404 tests")
    domains          what kind of thing an error is about
    abbreviations    what a full stop may follow without ending a sentence ("e.g")
    """

    code: str
    name: str
    roles: Mapping[Role, Phrases] = field(default_factory=dict)
    titles: Mapping[Role, Phrases] = field(default_factory=dict)
    no_roles: Phrases = ()
    keys: Mapping[Key, Phrases] = field(default_factory=dict)
    months: tuple[Phrases, ...] = ()
    duration_units: Mapping[int, Phrases] = field(default_factory=dict)
    statuses: Mapping[SessionStatus, Phrases] = field(default_factory=dict)
    error_statuses: Mapping[ErrorStatus, Phrases] = field(default_factory=dict)
    outcomes: Mapping[Outcome, Phrases] = field(default_factory=dict)
    priorities: Mapping[Priority, Phrases] = field(default_factory=dict)
    blocking: Phrases = ()
    done: Phrases = ()
    unfinished: Phrases = ()
    estimates: Phrases = ()
    nothing: Phrases = ()
    denials: Mapping[Denial, Phrases] = field(default_factory=dict)
    failures: Phrases = ()
    repairs: Phrases = ()
    actions: Mapping[FileAction, Phrases] = field(default_factory=dict)
    failure_kinds: Mapping[Failure, Phrases] = field(default_factory=dict)
    common_words: Phrases = ()
    prepositions: Phrases = ()
    specifications: Phrases = ()
    session_words: Phrases = ()
    stages: Phrases = ()
    title_words: Phrases = ()
    commit_words: Phrases = ()
    line_words: Phrases = ()
    recommending: Phrases = ()
    advising: Phrases = ()
    step_words: Phrases = ()
    horizons: Phrases = ()
    terms: Phrases = ()
    negations: Phrases = ()
    conjunctions: Phrases = ()
    joiners: Phrases = ()
    articles: Phrases = ()
    function_words: Phrases = ()
    ranges: Phrases = ()
    ordinals: Phrases = ()
    version_words: Phrases = ()
    date_particles: Phrases = ()
    date_marks: Phrases = ()
    half_hours: Phrases = ()
    of_which: Phrases = ()
    over: Phrases = ()
    past_clauses: Phrases = ()
    consequences: Phrases = ()
    deeds: Phrases = ()
    recovered: Phrases = ()
    afterwards: Phrases = ()
    revealing: Phrases = ()
    persisting: Phrases = ()
    going_on: Phrases = ()
    resolving: Phrases = ()
    alerts: Phrases = ()
    means: Phrases = ()
    conditions: Phrases = ()
    safeguards: Phrases = ()
    imperatives: Phrases = ()
    plans: Phrases = ()
    additions: Phrases = ()
    missing: Phrases = ()
    unsolved: Phrases = ()
    proposed: Phrases = ()
    unverified: Phrases = ()
    qualifiers: Phrases = ()
    one_problem: Phrases = ()
    hypotheses: Phrases = ()
    because: Phrases = ()
    causing: Phrases = ()
    reasons: Phrases = ()
    status_words: Phrases = ()
    counted: Phrases = ()
    domains: Mapping[Domain, Phrases] = field(default_factory=dict)
    abbreviations: Phrases = ()
