"""Russian."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="ru",
    name="Russian",
)
