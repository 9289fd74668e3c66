"""What the index adds to the records of a session: its passages with their tokens, and the vectors of all its texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kb.search.index.entry_tokens import EntryTokens, passage_tokens
from sessions.meaning.codes import Codes, codes_of
from sessions.meaning.encoder import Encoder
from sessions.meaning.passage_vectors import passage_compression, within_session
from sessions.meaning.passages import LONGEST_MEANT, Passage, passages_of
from sessions.parsing.tree.blocks import read_document
from sessions.parsing.tree.document import Document
from sessions.records import SessionRecord

TextVectors = Mapping[str, Codes]


@dataclass(frozen=True, slots=True)
class SessionTexts:
    """The passages of a session, the tokens of each, and the vectors that were made when its log was read, by text."""

    passages: Sequence[Passage]
    tokens: Sequence[EntryTokens]
    vectors: TextVectors = field(default_factory=dict)


def texts_of_log(
    document: Document, sessions: Sequence[SessionRecord], encoder: Encoder | None
) -> tuple[SessionTexts, ...]:
    """Returns the texts of each session of a log. Right after reading, the encoder still knows most of them."""
    passages = passages_of(document, [session.lines for session in sessions])
    return tuple(
        SessionTexts(
            said, _tokens(said), vectors_within(session.title, [*(p.meant for p in said), *_stated(session)], encoder)
        )
        for session, said in zip(sessions, passages, strict=True)
    )


def stored_texts(log_text: str, first: int, last: int) -> SessionTexts:
    """Returns the passages of a session of a stored log, without vectors."""
    said = passages_of(read_document(log_text), [(first, last)])[0]
    return SessionTexts(said, _tokens(said))


def vectors_within(title: str, texts: Iterable[str], encoder: Encoder | None) -> TextVectors:
    """Returns the codes of the texts of a session, mixed with its title. None without an encoder or a meaning."""
    different = list(dict.fromkeys(text for text in texts if text.strip()))
    if encoder is None or not different:
        return {}
    encoded = encoder.encode([meant_of(title), *different])
    rows = passage_compression().project(within_session(encoded[1:], encoded[0]))
    codes = zip(different, codes_of(rows), strict=True)
    return {text: code for (text, code), row in zip(codes, rows, strict=True) if row.any()}


def meant_of(text: str) -> str:
    """Returns the part of a text that its vector is made of."""
    return text[:LONGEST_MEANT]


def _tokens(passages: Iterable[Passage]) -> list[EntryTokens]:
    return [passage_tokens(passage.text, passage.source) for passage in passages]


def _stated(session: SessionRecord) -> Iterator[str]:
    yield meant_of(session.title)
    yield from (meant_of(error.title) for error in session.errors)
    yield from (meant_of(fix.title) for fix in session.fixes)
    yield from (meant_of(step.text) for step in session.next_steps)
    yield from (meant_of(learning.text.split("\n")[0]) for learning in session.learnings)
    yield from (meant_of(decision.text.split("\n")[0]) for decision in session.decisions)
