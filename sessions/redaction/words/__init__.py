"""The words of all languages, one module a language. Data only: `sessions.redaction.names` reads it."""

from sessions.redaction.words import ar, de, en, es, fr, it, ja, ko, more, nl, pt, ro, ru, zh
from sessions.redaction.words.language import Words

LANGUAGES: tuple[Words, ...] = (
    en.WORDS,
    de.WORDS,
    fr.WORDS,
    es.WORDS,
    it.WORDS,
    pt.WORDS,
    nl.WORDS,
    ro.WORDS,
    ru.WORDS,
    zh.WORDS,
    ja.WORDS,
    ko.WORDS,
    ar.WORDS,
    *more.WORDS.values(),
)
