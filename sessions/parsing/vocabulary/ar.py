"""Arabic."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="ar",
    name="Arabic",
)
