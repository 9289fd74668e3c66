"""The merged tables of all languages, made once at import."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any

from sessions.parsing.vocabulary.language import Language
from sessions.parsing.vocabulary.phrases import PhraseTable


def _load() -> tuple[Language, ...]:
    folder = str(Path(__file__).parent)
    package = __package__ or ""
    modules = [
        importlib.import_module(f"{package}.{name}")
        for _f, name, _p in pkgutil.iter_modules([folder])
        if name not in ("language", "phrases", "tables")
    ]
    languages = [module.LANGUAGE for module in modules]
    # English last word on shared phrases: it is the tongue of most headings, even in logs of other languages
    return tuple(sorted(languages, key=lambda language: (language.code != "en", language.code)))


LANGUAGES: tuple[Language, ...] = _load()


@cache
def table(field: str) -> PhraseTable[Any]:
    """The phrases of one mapping field of `Language` ("roles", "outcomes", …) over all languages."""
    return PhraseTable.merged(getattr(language, field) for language in LANGUAGES)


@cache
def phrases(field: str) -> PhraseTable[bool]:
    """The phrases of one plain field of `Language` ("failures", "nothing", …) over all languages."""
    return PhraseTable((True, getattr(language, field)) for language in LANGUAGES)
