"""What kind of thing an error is about: a column is not a module, though both may be missing and share a name."""

from __future__ import annotations

import re
from itertools import chain

from sessions.parsing.vocabulary import LANGUAGES, Domain, any_of, fold

__all__ = ["Domain", "domains_of"]

# Names and shapes that belong to no language.
_CODES = {
    Domain.DATABASE: r"undefined(?:column|table)|\w*violation|sql\w*|psycopg2?",
    Domain.TYPES: r"ts\d{3,5}|typescript|mypy",
    Domain.MODULE: r"modulenotfound\w*|importerror|pip|npm install",
    Domain.FILE: r"enoent|filenotfound\w*|open '",
    Domain.SETTING: r"env",
    Domain.PAYLOAD: r"keyerror|json key",
    Domain.ROUTE: r"/api/[\w/-]+|http \d{3}",
    Domain.SERVICE: r"econn\w+|pod|redis|docker",
    Domain.PAGE: r"css",
}


def _pattern(domain: Domain) -> re.Pattern[str]:
    words = chain.from_iterable(language.domains.get(domain, ()) for language in LANGUAGES)
    return re.compile(rf"(?<!\w)(?:{any_of(map(fold, words))}|{_CODES[domain]})(?!\w)")


_PATTERNS = {domain: _pattern(domain) for domain in Domain}


def domains_of(folded: str) -> frozenset[Domain]:
    """Returns the domains a folded text names."""
    return frozenset(domain for domain, pattern in _PATTERNS.items() if pattern.search(folded[:600]))
