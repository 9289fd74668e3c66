"""Whether two errors are one problem: names keep them apart, what changes at each occurrence never does."""

from __future__ import annotations

import uuid
from functools import cache

import pytest

from kb.linking.fingerprints import VECTORS, Fingerprint, Stated, fingerprint
from kb.linking.model import LONGER, NEARNESS, shipped_model
from kb.linking.similarity import NEAR, SAME, likeness, likenesses, traits_of
from sessions.meaning.encoder import sentence_encoder


@cache
def made(text: str) -> Fingerprint:
    title, _bar, message = text.partition(" | ")
    return fingerprint(Stated(title, message), sentence_encoder())


def are_one(one: str, other: str) -> bool:
    mine, theirs = made(one), made(other)
    if mine.is_telling and mine.digest == theirs.digest:
        return True
    assert likeness(mine, theirs) == likeness(theirs, mine), "the order of a pair makes no difference"
    return likeness(mine, theirs).is_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'total' at 10:22:31", "KeyError: 'total' at 23:01:02"),
        (f"ferry quotes time out for {uuid.UUID(int=17)}", f"ferry quotes time out for {uuid.UUID(int=2**90)}"),
        ("cannot write /tmp/run-12/cache.json at line 3", "cannot write /tmp/run-99/cache.json at line 44"),
        ("Order 4711 cannot be shipped: address missing", "Order 88123 cannot be shipped: address missing"),
        ("connect ECONNREFUSED 10.0.0.4:6379 (harbour-cache)", "connect ECONNREFUSED 10.0.7.9:6380 (harbour-cache)"),
        ("cannot resolve left-align@4.1.0 from the registry", "cannot resolve left-align@4.2.3 from the registry"),
        ("Harbour charts not loading", "Harbour Charts Not Loading"),
        ('psycopg2.errors.UndefinedTable: relation "moorings" does not exist', "moorings table missing"),
        ("Variable 'berth' not found", "La variable 'berth' est introuvable"),
        ("the tide CLI is not available in the sandbox", "tide CLI not available, used the HTTP API instead"),
        ("bundle build breaks at the icon step", "the bundle build breaks again at the icon step"),
        (
            "The nightly tide export stops half way because the worker runs out of memory when a harbour has more than "
            "a year of readings",
            "The tide export worker runs out of memory again half way through the night, as soon as a harbour has a "
            "year of readings or more",
        ),
    ],
)  # fmt: skip
def test_one_problem(one: str, other: str) -> None:
    assert are_one(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('relation "moorings" does not exist', 'relation "parcels" does not exist'),
        ("500 on /api/moorings", "500 on /api/parcels"),
        ("403 on /api/moorings", "401 on /api/moorings"),
        ("ECONNREFUSED when connecting to redis", "ECONNREFUSED when connecting to postgres"),
        ("'dict' object has no attribute 'save'", "'Mooring' object has no attribute 'save'"),
        ("import of tides.csv fails at the first row", "import of berths.csv fails at the first row"),
        ("port 5432 is already in use by another server", "disk of the server is full, port unreachable"),
        ("redis timed out", "redis refuses connections"),
        ("AssertionError in tests/test_tides.py:17", "AssertionError in tests/test_berths.py:17"),
        ("cannot resolve left-align@4.1.0", "cannot resolve right-align@4.1.0"),
        ("TypeScript error in TideTable", "TypeScript error in BerthPicker"),
        ("The export page shows last year's prices", "The login page stays blank after the update"),
    ],
)
def test_different_problems(one: str, other: str) -> None:
    assert not are_one(one, other)


def test_what_matched_is_said_in_words() -> None:
    how = likeness(made("500 on /api/moorings"), made("/api/moorings crashes with 500 since the update"))
    assert (how.matched["objects"], how.matched["codes"]) == (["api/moorings"], ["500"])
    assert isinstance(how.matched["meaning"], float)


def test_words_decide_alone_without_meaning() -> None:
    one, other = (fingerprint(Stated(text)) for text in ("moorings table missing", "the moorings table is missing"))
    assert one.vectors is None
    assert likeness(one, other).is_same


@pytest.mark.parametrize("title", ["Error 1", "Bug", "Problem #3", "Error: 12:30"])
def test_what_says_too_little_is_like_nothing(title: str) -> None:
    assert not made(title).is_telling


def test_what_a_code_keeps_apart_is_near_and_not_compared_when_only_the_same_is_asked_for() -> None:
    own = made("403 on /api/moorings")
    others = [made("401 on /api/moorings"), made("the moorings route answers 403"), made("403 on /api/moorings/")]
    every = likenesses(own, others)
    assert NEAR <= every[0].score < SAME
    only_same = likenesses(own, others, least=SAME)
    assert (only_same[0].score, [how.is_same for how in only_same]) == (0.0, [how.is_same for how in every])


def test_the_model_finds_the_traits_that_it_decides_by() -> None:
    model = shipped_model()
    one, other = made("redis timed out"), made("the tide CLI is not available in the sandbox")
    traits = traits_of(one, other, model.lexicon.usage)
    assert traits[LONGER] == max(len(one.keys), len(other.keys))
    assert 0 < traits[NEARNESS] < 1
    without = traits_of(
        one, fingerprint(Stated("the tide CLI is not available in the sandbox"), None), model.lexicon.usage
    )
    assert without[NEARNESS] == -1
    assert model.pairs.long.shape == (2, len(traits) + 1)
    assert not model.pairs.long[1, :VECTORS].any()
