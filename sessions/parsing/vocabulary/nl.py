"""Dutch."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="nl",
    name="Dutch",
)
