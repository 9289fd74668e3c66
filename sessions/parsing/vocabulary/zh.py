"""Chinese."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="zh",
    name="Chinese",
)
