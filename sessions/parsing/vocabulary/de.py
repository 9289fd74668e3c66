"""German."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="de",
    name="German",
)
