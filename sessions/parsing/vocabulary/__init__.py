"""Which words mean what, as data: one module per language, each with one `LANGUAGE`.

Adding a language is adding a module: every module of this package is found and its words are merged with the
others', because real logs mix languages within a file.
"""

from sessions.parsing.vocabulary.language import Key, Language, Role
from sessions.parsing.vocabulary.phrases import PhraseTable, fold, fold_whole, unfolded
from sessions.parsing.vocabulary.tables import LANGUAGES, phrases, table

__all__ = ["LANGUAGES", "Key", "Language", "PhraseTable", "Role", "fold", "fold_whole", "phrases", "table", "unfolded"]
