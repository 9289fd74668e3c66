"""Portuguese."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="pt",
    name="Portuguese",
)
