"""French."""

from sessions.parsing.vocabulary.language import Language

LANGUAGE = Language(
    code="fr",
    name="French",
)
