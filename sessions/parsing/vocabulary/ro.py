"""Romanian."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="ro",
    name="Romanian",
)
