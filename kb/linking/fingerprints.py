"""What identifies an error across sessions: its exception or code, the objects it names, its kind and its masked words.

Versioned: a signature keeps the version it was made with, so that a better algorithm regroups nothing by itself.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from kb.linking.domains import Domain, domains_of
from kb.linking.failures import Failure, failure_of, without_failures
from kb.linking.masking import COMMON_WORDS, mask
from sessions.parsing.vocabulary import fold
from sessions.text import comparable

VERSION = 3
VERSION_NAMES = {
    0: "a rule that a person made",
    1: "exception or code, named objects, and the words of the message without ids, times and paths",
    2: "exception or code, named objects, the kind of failure, and the words without ids, times and paths",
    3: "exception or code, named objects, the kind of failure, and the words without ids, times, paths and accents",
}

_SEVERAL, _MANY = 3, 4  # words
_LONGEST = 600  # characters of a message that take part; longer ones differ in their tails only by noise
_STATUS = re.compile(r"(?<![\w.:/#+-])([45]\d\d)(?![\w.%:-])")
_QUOTED = re.compile(r"`([^`\n]{2,80})`|\"([^\"\n]{2,80})\"|'([^'\n]{2,60})'")
_NAME = re.compile(
    r"((?<![\w/])/[a-z][\w/{}<>:.-]{2,80})|(?<![\w.-])(\w{1,60}_[\w-]{1,60}(?:\.\w{1,60})?)(?!\w)"
    r"|(?<![\w.])(@?[a-z][\w-]{1,40}/[\w-]{2,40})(?![\w/.])"
)
_FILE = re.compile(
    r"(?<![\w.])([\w-]{1,60}\.(?:py|tsx?|jsx?|mjs|go|rs|java|kt|rb|php|sql|ya?ml|toml|json|css|html|sh|cs|cpp|c|h|vue))(?!\w)"
)
_CONTAINER = re.compile(
    r"\b(?:table|relation|into)\s+[`\"']?([a-z][\w.-]{2,40})[`\"']?"
    r"|\b(?:type|schema|module(?:\ named)?|package)\s+[`\"']([a-z][\w.-]{2,40})[`\"']"
    r"|[`\"']?([a-z][\w.-]{2,40})[`\"']?\s+(?:table|relation)\b"
)
_COLUMN = re.compile(
    r"\b(?:column|field|property)\s+[`\"']?([a-z][\w.-]{2,40})|([a-z][\w.-]{2,40})[`\"']?\s+(?:column|field)\b"
)
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,6}\b")
_FORM = re.compile(r"[_./:$\d-]")
_EXCEPTION_NAME = re.compile(r"^(?:[a-z_]\w*\.)*\w+(?:error|exception|violation)$|^undefined(?:column|table)$")
_PRODUCTS = frozenset(
    {"node.js", "next.js", "vue.js", "three.js", "d3.js", "ci/cd", "tcp/ip", "and/or", "client/server"}
)
# Grammar around a name, never the name itself.
_NO_NAMES = frozenset(
    """
    named called missing does did that which from with this each every new old the was has cannot could should
    violates exists exist not found error constraint value values other some any another same type types and for into
    key then when where while after before
    """.split()  # noqa: SIM905 - a list of words reads best as text
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The parts that identify an error. Equal digests (32 hex digits) are the same problem without further question.

    objects     the things it names: columns, routes, packages; tables and files where nothing is named in them
    containers  tables, types and files around those things
    """

    exception: str
    status: str
    objects: tuple[str, ...]
    containers: tuple[str, ...]
    failure: Failure | None
    domains: tuple[Domain, ...]
    words: tuple[str, ...]
    title: tuple[str, ...] = ()
    version: int = VERSION

    @property
    def is_telling(self) -> bool:
        """It says enough to be recognised: a name with a failure or an exception, or several words."""
        if self.objects:
            return bool(self.exception or self.status or self.failure or len(self.words) >= _SEVERAL)
        return len(self.words) >= (_SEVERAL if self.failure or self.exception else _MANY)

    @property
    def digest(self) -> str:
        identified = bool(self.objects) and bool(self.exception or self.failure)
        words = () if identified else self.words
        named = " ".join((*self.objects, "in", *self.containers))
        parts = (self.exception, self.status, named, self.failure or "", " ".join(self.domains), *words)
        return hashlib.blake2b("\n".join(parts).encode(errors="replace"), digest_size=16).hexdigest()

    def as_parts(self) -> dict[str, object]:
        """The parts as stored with a signature; `signatures.read_parts` reads them back."""
        return {
            "exception": self.exception,
            "status": self.status,
            "objects": list(self.objects),
            "containers": list(self.containers),
            "failure": self.failure or "",
            "domains": list(self.domains),
            "words": list(self.words),
            "title": list(self.title),
        }


def fingerprint(title: str, message: str, exception: str) -> Fingerprint:
    """The fingerprint of an error from its words and the exception or code that was read from it."""
    written = f"{title}\n{message}"[:_LONGEST]
    masked = mask(fold(written))
    name = fold(exception).rsplit(".", 1)[-1]
    status = next(iter(_STATUS.findall(masked)), "")
    if name.isdigit():
        name, status = "", name
    variables = {fold(found) for found in _VARIABLE.findall(written)} - {name}
    objects, containers = _things(masked, name)
    objects = {f"${one}" if one in variables else one for one in objects}
    domains = domains_of(f"{name} {masked}") | ({Domain.SETTING} if variables else frozenset())
    words = set(comparable(without_failures(masked)).split()) - COMMON_WORDS - {name, status}
    return Fingerprint(
        exception=name,
        status=status,
        objects=tuple(sorted(objects)),
        containers=tuple(sorted(containers)),
        failure=failure_of(f"{name} {status} {masked}"),
        domains=tuple(sorted(domains)),
        words=tuple(sorted(word for word in words if _tells(word))),
        title=_title_words(title),
        version=VERSION,
    )


def _title_words(title: str) -> tuple[str, ...]:
    """The telling words of a title; alike titles are alike problems, whatever the messages add."""
    words = set(comparable(mask(fold(title[:_LONGEST]))).split()) - COMMON_WORDS
    return tuple(sorted(word for word in words if _tells(word)))


def _tells(word: str) -> bool:
    return len(word) > 1 and not word.isdigit()


def _things(text: str, exception: str) -> tuple[set[str], set[str]]:
    """The things a folded text names, and the tables, types and files around them.

    A quoted plain word names nothing ("pending", "data"): only its noun or its form makes it a name. A file is the
    thing itself where nothing in it is named and the text is about files.
    """
    things: set[str] = set()
    for match in _QUOTED.finditer(text):
        quoted = next(group for group in match.groups() if group)
        things |= _inside(quoted) if " " in quoted else {name for name in _named(quoted) if _FORM.search(name)}
    things |= _inside(text)
    for match in _COLUMN.finditer(text):
        things |= _named(match[1] or match[2])
    containers = {name for match in _CONTAINER.finditer(text) for name in _named(match[1] or match[2] or match[3])}
    files = {name for match in _FILE.finditer(text) for name in _named(match[1])}
    inner = things - containers - files - {exception}
    if inner:
        return inner, (containers | files) - inner
    return (containers, files) if containers else (files, set())


def _inside(text: str) -> set[str]:
    return {name for match in _NAME.finditer(text) for name in _named(next(g for g in match.groups() if g))}


def _named(text: str) -> set[str]:
    name = text.strip(".,:;()[]{}<>`\"' ")
    if len(name) < 3 or name.isdigit() or name in COMMON_WORDS or name in _NO_NAMES or _EXCEPTION_NAME.match(name):
        return set()
    if name in _PRODUCTS or failure_of(name):
        return set()
    if name.startswith("/") and "." not in name.rsplit("/", 1)[-1]:
        return {name.rstrip("/")}
    tail = name.rsplit("/", 1)[-1]
    if tail.startswith("."):
        return set()
    if _FILE.match(tail):
        return {tail}
    if "." in name and "/" not in name:
        return {name.rsplit(".", 1)[-1]}  # campaigns.completed_at: the column names the problem
    return {name}
