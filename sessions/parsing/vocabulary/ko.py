"""Korean."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="ko",
    name="Korean",
)
