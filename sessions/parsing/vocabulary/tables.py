"""The words of all languages, merged once at import."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any

from sessions.parsing.vocabulary.language import Language
from sessions.parsing.vocabulary.phrases import PhraseTable, fold

_CODE = ("expressions", "language", "phrases", "tables")


def _load() -> tuple[Language, ...]:
    folder = str(Path(__file__).parent)
    package = __package__ or ""
    modules = [
        importlib.import_module(f"{package}.{name}")
        for _f, name, _p in pkgutil.iter_modules([folder])
        if name not in _CODE
    ]
    languages = [module.LANGUAGE for module in modules]
    # English decides shared phrases: most headings are English, even in logs written in other languages
    return tuple(sorted(languages, key=lambda language: (language.code != "en", language.code)))


LANGUAGES: tuple[Language, ...] = _load()


@cache
def table(field: str) -> PhraseTable[Any]:
    """Returns the phrases of a mapping field of `Language` ("roles", "outcomes", …) in all languages."""
    return PhraseTable.merged(getattr(language, field) for language in LANGUAGES)


@cache
def phrases(field: str) -> PhraseTable[bool]:
    """Returns the phrases of a plain field of `Language` ("failures", "nothing", …) in all languages."""
    return PhraseTable((True, getattr(language, field)) for language in LANGUAGES)


def words(field: str) -> tuple[str, ...]:
    """Returns the words of a plain field in all languages as they are written, for text that is not folded."""
    return tuple(dict.fromkeys(word for language in LANGUAGES for word in getattr(language, field)))


def folded_words(*fields: str) -> tuple[str, ...]:
    """Returns the words of plain fields in all languages without case and accents."""
    return tuple(dict.fromkeys(fold(word) for field in fields for word in words(field)))
