"""Corrections: words that match nothing, and the words that may have been meant."""

from __future__ import annotations

import pytest

from kb.search.index.reading import snapshot
from kb.search.index.writing import remove_entries
from kb.search.results.corrections import begun, corrected, in_pieces
from kb.search.results.matching import Term
from tests.search.conftest import Build, Draft

DRAFTS = (
    Draft("Column missing", "psycopg2.errors.UndefinedColumn"),
    Draft("Connection refused", "port 5432, exit 0x80070005, TS2345"),
    Draft("Columns renamed", "see ledger/closing.py"),
    Draft("Colour lost", "the column of colours"),
)


def alternatives(build_index: Build, word: str) -> tuple[str, ...]:
    return corrected([Term(word)], build_index(*DRAFTS))[0].alternatives


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("colunm", "column"),  # swapped
        ("colmn", "column"),  # left out
        ("collumn", "column"),  # added
        ("colamn", "column"),  # replaced
        ("olumn", "column"),  # the first letter left out
        ("xolumn", "column"),  # the first letter replaced
        ("ocnnection", "connection"),  # the first letters swapped
        ("cxlumn", "column"),  # the second letter replaced
        ("cxolumn", "column"),  # a letter after the first
        ("clumn", "column"),  # the second letter left out
        ("conectoin", "connection"),  # a long word, two steps
    ],
)
def test_a_typo_is_corrected(build_index: Build, word: str, meant: str) -> None:
    assert alternatives(build_index, word) == (word, meant)


@pytest.mark.parametrize(
    "word",
    [
        "column",  # is there
        "clmun",  # a short word, two steps
        "col",  # too short
        "5433",
        "ts2346",
        "0x80070006",
        "ledger/closing.ty",
        "дата",
        "quagga",
    ],
)
def test_what_is_not_a_typo_of_a_word_is_left_alone(build_index: Build, word: str) -> None:
    assert alternatives(build_index, word) == ()


@pytest.mark.parametrize(
    ("word", "is_completed"),
    [
        ("colum", True),
        ("psycop", True),
        ("column", False),
        ("colzz", False),
        ("colo", False),
        ("col", False),
        ("quagga", False),
    ],
)
def test_a_word_that_is_not_there_may_be_the_beginning_of_others(
    build_index: Build, word: str, is_completed: bool
) -> None:
    assert begun([Term(word)], build_index(*DRAFTS)) == (Term(word, is_prefix=is_completed),)


def test_of_equally_near_words_the_most_common_is_first(build_index: Build) -> None:
    readers = build_index(Draft("pump"), Draft("bump"), Draft("bump"), Draft("lump"), Draft("sumps"))
    assert corrected([Term("tump")], readers)[0].alternatives == ("tump", "bump", "lump", "pump")


def test_other_first_letters_are_tried_though_something_begins_alike(build_index: Build) -> None:
    readers = build_index(Draft("migration"), Draft("migration"), Draft("nitrations"))
    assert corrected([Term("nigration")], readers)[0].alternatives == ("nigration", "migration")


def test_of_words_with_other_first_letters_the_nearest_counts(build_index: Build) -> None:
    readers = build_index(Draft("xx connection"), Draft("reconnexion"))
    assert corrected([Term("eonnection")], readers)[0].alternatives == ("eonnection", "connection")


def test_a_rare_word_is_corrected_only_if_asked_to(build_index: Build) -> None:
    readers = build_index(*DRAFTS)
    assert corrected([Term("colour")], readers) == (Term("colour"),)
    assert corrected([Term("colour")], readers, max_frequency=1)[0].alternatives == ("colour", "colours")


def test_words_of_removed_entries_are_not_suggested(build_index: Build) -> None:
    build_index(*DRAFTS)
    remove_entries([2])
    assert corrected([Term("conection")], snapshot().readers)[0].alternatives == ()


def test_a_correction_is_not_corrected_again(build_index: Build) -> None:
    term = Term("colunm", alternatives=("colunm", "column"))
    assert corrected([term], build_index(*DRAFTS)) == (term,)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("billing.errors.undefinedcolumn", ["errors.undefinedcolumn"]),
        ("ledger/opening.py", ["ledger", "py"]),
        ("column_total", ["column"]),
        ("zebra_quagga", ["zebra_quagga"]),  # no part matches
        ("column", ["column"]),  # matches as a whole
    ],
)
def test_an_unknown_identifier_is_replaced_by_its_largest_known_parts(
    build_index: Build, word: str, pieces: list[str]
) -> None:
    assert [term.word for term in in_pieces([Term(word)], build_index(*DRAFTS))] == pieces
