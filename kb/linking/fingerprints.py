"""What identifies an error across sessions: the names in it, its codes, how it failed, its words and its meaning.

Versioned: a signature keeps the version it was made with, so that a better algorithm regroups nothing by itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.linking.domains import Domain, domains_of
from kb.linking.failures import Failure, failure_of
from kb.linking.lexicon import Usage
from kb.linking.masking import COMMON_WORDS, GAP, marked, unmarked
from kb.linking.model import COMPRESSED, LinkingModel, shipped_model
from kb.linking.terms import KEY_LENGTH, Term, keys_of, split, terms_of
from sessions.meaning.encoder import Encoder
from sessions.parsing.problems.exceptions import ERRNO
from sessions.parsing.vocabulary import fold
from sessions.parsing.vocabulary.phrases import is_unspaced

VERSION = 5
VERSION_NAMES = {
    0: "a rule that a person made",
    1: "exception or code, named objects, and the words of the message without ids, times and paths",
    2: "exception or code, named objects, the kind of failure, and the words without ids, times and paths",
    3: "exception or code, named objects, the kind of failure, and the words without ids, times, paths and accents",
    4: "names, codes, kind of failure, words and meaning, compared by what labelled pairs of errors taught",
    5: "names, codes, kind of failure, words and meaning; if told at length, by how much of them is shared",
}
VECTORS = 3  # of the whole text, of how it failed, and of the first clause of its title
NAMED = 0.5  # from which probability on a term counts as a name
_LONGEST = 600  # characters of a message that count; the tails of longer ones differ only by noise
_LEAST_TERMS = 2
_EXCEPTION_NAMES = 0.15  # an exception seldom names what failed
_CODE = re.compile(
    r"(?<![\w.:/#+-])([1-5]\d\d)(?![\w.%:-])|\b((?:TS|CS|E|C|W|F|ORA-|SQL|RUF|AADSTS|LNK|NETSDK|P|S|G|MSB|NU)\d{3,6})\b"
    rf"|\b({ERRNO})\b"
    r"|(?-i:\b(SIG[A-Z]{3,4})\b)|\b(?:errno|exit code|error code|code)[ :=]+(-?\d{1,5})\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"; | [—–-] | \(|（| → |。|；")
_COMMON_KEYS = frozenset(word[:KEY_LENGTH] for word in COMMON_WORDS)


class Stated(NamedTuple):
    """An error as a log states it. `project` keeps apart what other projects met."""

    title: str
    message: str = ""
    exception: str = ""
    project: str = ""

    @classmethod
    def of(cls, title: str, message: str, exception: str, project: str) -> Stated:
        """Returns an error as it is compared: a message that repeats the title adds nothing."""
        return cls(title, "" if message == title else message, exception, project)


class Known(NamedTuple):
    """A term of a fingerprint.

    key        its first letters, folded
    token      the number of its token
    named      how likely it is a name
    is_place   it is part of the name of a file with a line number
    is_quoted  it stands in quotes
    """

    key: str
    token: int
    named: float
    is_place: bool
    is_quoted: bool = False


@dataclass(frozen=True)
class Fingerprint:
    """An error taken apart. Errors with equal digests (32 hex digits) are the same problem.

    title    its title in small letters, without what changes
    text     all of its words that count, without what changes
    tokens   words and identifiers in their order, in small letters
    codes    statuses and error codes
    vectors  VECTORS rows of COMPRESSED numbers, or none: the meaning of the text, of how it failed, of its title's head
    """

    project: str
    title: str
    text: str
    tokens: tuple[str, ...]
    terms: tuple[Known, ...]
    codes: frozenset[str]
    exception: str
    failure: Failure | None
    domains: frozenset[Domain]
    vectors: NDArray[np.int8] | None = None
    version: int = VERSION

    @property
    def is_telling(self) -> bool:
        """Whether it says enough to be recognised."""
        return len({term.key for term in self.terms} - _COMMON_KEYS) >= _LEAST_TERMS

    @property
    def digest(self) -> str:
        return hashlib.blake2b(
            f"{self.project}\n{fold(self.text)}".encode(errors="replace"), digest_size=16
        ).hexdigest()

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(self.named)

    @cached_property
    def named(self) -> dict[str, float]:
        """How likely each key is a name."""
        named: dict[str, float] = {}
        for term in self.terms:
            named[term.key] = max(term.named, named.get(term.key, 0.0))
        return named

    @cached_property
    def quoted(self) -> frozenset[str]:
        return frozenset(term.key for term in self.terms if term.is_quoted and not term.is_place)

    @cached_property
    def title_keys(self) -> frozenset[str]:
        """The keys of its title that are not common words."""
        keys = {key for token in split(self.title) for key in keys_of(token)}
        return frozenset(keys - _COMMON_KEYS)

    @cached_property
    def places(self) -> frozenset[str]:
        """Keys that occur only in the name of a file with a line number: where it was met, seldom what failed."""
        return frozenset(t.key for t in self.terms if t.is_place) - {t.key for t in self.terms if not t.is_place}

    @cached_property
    def keys_by_token(self) -> list[frozenset[str]]:
        keys: list[set[str]] = [set() for _token in self.tokens]
        for term in self.terms:
            keys[term.token].add(term.key)
        return [frozenset(of_token) for of_token in keys]

    @cached_property
    def named_by_token(self) -> list[float]:
        named = [0.0] * len(self.tokens)
        for term in self.terms:
            named[term.token] = max(named[term.token], term.named)
        return named

    @property
    def objects(self) -> list[str]:
        """The tokens that name what it is about, each once."""
        return list(
            dict.fromkeys(t for t, named in zip(self.tokens, self.named_by_token, strict=True) if named >= NAMED)
        )

    def as_parts(self) -> dict[str, Any]:
        """Returns the parts as a signature stores them, without vectors. `candidates.read_parts` reads them back."""
        return {
            "project": self.project,
            "title": self.title,
            "text": self.text,
            "tokens": list(self.tokens),
            "terms": [
                [key, token, round(named, 3), int(place), int(quoted)]
                for key, token, named, place, quoted in self.terms
            ],
            "codes": sorted(self.codes),
            "exception": self.exception,
            "failure": self.failure or "",
            "domains": sorted(self.domains),
        }


@dataclass(slots=True)
class Draft:
    """An error whose names are not yet told."""

    stated: Stated
    text: str
    exception: str
    codes: frozenset[str]
    tokens: list[str]
    terms: list[Term]


def fingerprints(
    errors: Sequence[Stated], encoder: Encoder | None, model: LinkingModel | None = None
) -> list[Fingerprint]:
    """Returns the fingerprints of errors, all encoded in one batch. Without an encoder they have no vectors."""
    model = model or shipped_model()
    drafts = [taken_apart(error, model.lexicon.usage) for error in errors]
    traits = [term.traits for draft in drafts for term in draft.terms]
    likely = iter(model.names.probabilities(np.array(traits, dtype=np.float32)).tolist() if traits else [])
    made = [_fingerprint(draft, [next(likely) for _term in draft.terms]) for draft in drafts]
    return made if encoder is None else with_vectors(made, encoder, model)


def fingerprint(error: Stated, encoder: Encoder | None = None) -> Fingerprint:
    return fingerprints([error], encoder)[0]


def taken_apart(error: Stated, usage: Callable[[str], Usage]) -> Draft:
    """Returns the terms and codes of an error."""
    text = marked(f"{error.title}\n{error.message}"[:_LONGEST])
    name = error.exception.rsplit(".", 1)[-1]
    codes = frozenset(fold(code) for found in _CODE.findall(text) for code in found if code)
    exception = "" if name.isdigit() else fold(name)
    tokens, terms = terms_of(text, exception, usage)
    return Draft(error, text, exception, codes | {name} if name.isdigit() else codes, tokens, terms)


def _fingerprint(draft: Draft, likely: Sequence[float]) -> Fingerprint:
    folded = f"{draft.exception} {fold(draft.text)}"
    terms = (
        Known(term.key, term.token, p * _EXCEPTION_NAMES if term.is_exception else p, term.is_place, term.is_quoted)
        for term, p in zip(draft.terms, likely, strict=True)
    )
    return Fingerprint(
        project=draft.stated.project,
        title=fold(unmarked(marked(draft.stated.title[:_LONGEST]))),
        text=unmarked(draft.text),
        tokens=tuple(draft.tokens),
        terms=tuple(terms),
        codes=draft.codes,
        exception=draft.exception,
        failure=failure_of(folded),
        domains=domains_of(folded),
        version=VERSION,
    )


def with_vectors(made: Sequence[Fingerprint], encoder: Encoder, model: LinkingModel) -> list[Fingerprint]:
    texts = [text for one in made for text in (one.text, _without_names(one), head_of(one.title))]
    vectors = model.compression.compress(encoder.encode(texts)).reshape(-1, VECTORS, COMPRESSED)
    return [replace(one, vectors=own) for one, own in zip(made, vectors, strict=True)]


def head_of(title: str) -> str:
    """Returns the first clause of a title: what failed, before what was done about it or what it led to."""
    head = _CLAUSE.split(title, maxsplit=1)[0]
    return head if len(head.split()) >= _LEAST_TERMS or is_unspaced(head) else title


def _without_names(error: Fingerprint) -> str:
    """Returns how it failed: its tokens with a pronoun in place of each name."""
    pairs = zip(error.tokens, error.named_by_token, strict=True)
    return " ".join("it" if named >= NAMED else token for token, named in pairs if token != GAP)
