"""Which words mean what, as data: one module per language, each with one `LANGUAGE`.

To add a language, add a module. Every module of this package is discovered, and the words of all languages are merged,
because real logs mix languages within a file.
"""

from sessions.parsing.vocabulary.expressions import any_of, by_script, whole
from sessions.parsing.vocabulary.language import Denial, Domain, Failure, Key, Language, Role
from sessions.parsing.vocabulary.phrases import PhraseMatch, PhraseTable, fold, fold_whole, is_unspaced, unfolded
from sessions.parsing.vocabulary.tables import LANGUAGES, folded_words, phrases, table, words

__all__ = [
    "LANGUAGES",
    "Denial",
    "Domain",
    "Failure",
    "Key",
    "Language",
    "PhraseMatch",
    "PhraseTable",
    "Role",
    "any_of",
    "by_script",
    "fold",
    "fold_whole",
    "folded_words",
    "is_unspaced",
    "phrases",
    "table",
    "unfolded",
    "whole",
    "words",
]
