"""The words of all languages as data, one module per language.

To add a language, add a module with one `WORDS`: every module of this package is discovered. Languages of which only a
few words are known share `more`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from sessions.redaction.words import en
from sessions.redaction.words.language import Words


def _load() -> Iterator[Words]:
    for module in pkgutil.iter_modules(__path__):
        words = getattr(importlib.import_module(f"{__name__}.{module.name}"), "WORDS", {})
        yield from [words] if isinstance(words, Words) else words.values()


ENGLISH: Words = en.WORDS
LANGUAGES: tuple[Words, ...] = tuple(_load())
