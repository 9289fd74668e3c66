"""What can be found of sessions: their records, and the lines that became none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Prefetch

from kb.models import EntryKind
from kb.search.index.entry_tokens import EntryTokens, all_words, record_tokens
from kb.search.index.facet_tokens import facet_token
from kb.search.index.texts import SessionTexts, meant_of
from sessions.meaning.passages import Passage
from sessions.models import (
    Command,
    Commit,
    Decision,
    Error,
    FileChange,
    Fix,
    Learning,
    NextStep,
    Record,
    SessionLog,
)

_MEANT = (
    *(EntryKind.SESSION, EntryKind.ERROR, EntryKind.FIX, EntryKind.NEXT_STEP),
    *(EntryKind.LEARNING, EntryKind.DECISION, EntryKind.PASSAGE),
)
_PASSAGES_A_SESSION = 2**20  # of which the id of a passage is made, besides its session's


class Findable(NamedTuple):
    """A record or a passage as the index needs it. `facets` are those of its own, besides its session's."""

    session: int
    kind: EntryKind
    object_id: int
    line: int
    title: str
    body: str
    facets: Sequence[str] = ()
    is_meant: bool = True

    @property
    def meant(self) -> str:
        """The text that its vector is made of."""
        return meant_of(self.title) if self.kind in _MEANT and self.is_meant else ""


Told = tuple[Findable, EntryTokens]


def findables(sessions: Sequence[SessionLog], texts: Mapping[int, SessionTexts]) -> list[Told]:
    """Returns what can be found of sessions, with its tokens: session by session, its records kind by kind, its lines.

    texts  of each session, by its key
    """
    found: dict[int, list[Findable]] = {session.pk: [_of_session(session)] for session in sessions}
    for records in (
        _errors(sessions),
        *(map(of, model._default_manager.filter(session__in=sessions)) for model, of in _KINDS),
    ):
        for record in records:
            found[record.session].append(record)
    told: list[Told] = []
    for number, records_of_one in found.items():
        records_told = [(record, record_tokens(record.title, record.body)) for record in records_of_one]
        told += records_told
        told += _passages(number, texts[number], records_told)
    return told


def _of_session(session: SessionLog) -> Findable:
    status = [facet_token("status", session.status)] if session.status else []
    summary = f"{session.summary}\n{session.type}"
    return Findable(session.pk, EntryKind.SESSION, session.pk, session.first_line, session.title, summary, status)


def _of_fix(fix: Fix) -> Findable:
    return Findable(fix.session_id, EntryKind.FIX, fix.pk, fix.line, fix.title, fix.detail)


def _of_command(command: Command) -> Findable:
    facets = [facet_token("lang", command.language)] if command.language else []
    about = (command.pk, command.line, command.text, command.purpose)
    return Findable(command.session_id, EntryKind.COMMAND, *about, facets)


def _of_step(step: NextStep) -> Findable:
    facets = _step_facets(step)
    return Findable(step.session_id, EntryKind.NEXT_STEP, step.pk, step.line, step.text, step.detail, facets)


def _of_file(file: FileChange) -> Findable:
    return Findable(file.session_id, EntryKind.FILE, file.pk, file.line, file.path, file.description)


def _of_learning(learning: Learning) -> Findable:
    title = learning.text.split("\n")[0]
    return Findable(learning.session_id, EntryKind.LEARNING, learning.pk, learning.line, title, learning.text)


def _of_decision(decision: Decision) -> Findable:
    title, body = decision.text.split("\n")[0], f"{decision.text}\n{decision.rationale}"
    return Findable(decision.session_id, EntryKind.DECISION, decision.pk, decision.line, title, body)


def _of_commit(commit: Commit) -> Findable:
    title = f"{commit.hash} {commit.message}".strip()
    return Findable(commit.session_id, EntryKind.COMMIT, commit.pk, commit.line, title, "")


# The kinds of records that need nothing but themselves, in the order in which they are indexed; errors come first.
_KINDS: tuple[tuple[type[Record], Callable[[Any], Findable]], ...] = (
    (Fix, _of_fix),
    (Command, _of_command),
    (NextStep, _of_step),
    (FileChange, _of_file),
    (Learning, _of_learning),
    (Decision, _of_decision),
    (Commit, _of_commit),
)


def _passages(session: int, texts: SessionTexts, records: Sequence[Told]) -> Iterator[Told]:
    """Yields the passages that say more than a record of the same line."""
    told: defaultdict[int, set[str]] = defaultdict(set)
    for record, tokens in records:
        told[record.line].update(all_words(record.title, record.body, tokens))
    for number, (said, tokens) in enumerate(zip(texts.passages[:_PASSAGES_A_SESSION], texts.tokens, strict=False)):
        if said.line not in told or _says_more(said, tokens, told[said.line]):
            key = session * _PASSAGES_A_SESSION + number
            about = (said.line, said.text, said.source)
            yield Findable(session, EntryKind.PASSAGE, key, *about, is_meant=bool(said.meant)), tokens


def _says_more(passage: Passage, tokens: EntryTokens, told: set[str]) -> bool:
    words = all_words(passage.text, passage.source, tokens)
    return any(token not in told and not token.isdigit() for token in words)


def _errors(sessions: Collection[SessionLog]) -> Iterator[Findable]:
    fixes = Prefetch("fixes", Fix.objects.order_by("attempts__position"))
    for error in Error.objects.filter(session__in=sessions, in_log=True).prefetch_related(fixes):
        tried = list(error.fixes.all())
        exception = "" if error.exception in f"{error.title} {error.message}" else error.exception
        texts = [exception, error.message, error.root_cause, *(fix.title for fix in tried)]
        body = "\n".join(text for text in dict.fromkeys(texts) if text)
        about = (EntryKind.ERROR, error.pk, error.line, error.title, body)
        yield Findable(error.session_id, *about, _error_facets(error, tried))


def _error_facets(error: Error, tried: list[Fix]) -> list[str]:
    facets = [facet_token("status", error.status)]
    if error.status in (Error.Status.OPEN, Error.Status.PARTIAL):
        facets.append(facet_token("is", "open"))
    if tried:
        facets.append(facet_token("has", "fix"))
    if any(fix.outcome == Fix.Outcome.WORKED for fix in tried):
        facets.append(facet_token("has", "workingfix"))
    if error.root_cause:
        facets.append(facet_token("has", "cause"))
    if error.exception:
        names = {error.exception, error.exception.rsplit(".", 1)[-1]}
        facets += [facet_token("exception", name) for name in sorted(names)]
    return facets


def _step_facets(step: NextStep) -> list[str]:
    facets = [facet_token("is", "done" if step.done else "open")]
    if step.priority:
        facets.append(facet_token("p", step.priority[1:]))
    if step.blocker:
        facets.append(facet_token("is", "blocker"))
    return facets
