"""Japanese."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="ja",
    name="Japanese",
)
