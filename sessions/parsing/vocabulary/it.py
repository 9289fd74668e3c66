"""Italian."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="it",
    name="Italian",
)
