"""Spanish."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="es",
    name="Spanish",
)
