"""Of the many signatures that share a key with an error, the nearest are compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.linking import candidates
from kb.linking.candidates import Candidates, Wanted, similar
from kb.linking.fingerprints import VECTORS, VERSION, Fingerprint, Stated, fingerprint, fingerprints
from kb.linking.model import COMPRESSED
from kb.linking.similarity import MOST_BY_WORDS, MOST_COMPARED, keys_of, nearest
from kb.models import Signature, SignatureKey
from sessions.models import Project

BERTHS = [
    f"{side}{letter}quay"
    for side in ("north", "south", "east", "west", "inner", "outer")
    for letter in "abcdefghijklmnopqrstuvwxyz"
]
OWN = fingerprint(Stated("the tidewatch import of the zephyrbuoy table fails"))
SAME = fingerprint(Stated("import of the zephyrbuoy table by tidewatch fails"))
OTHERS = fingerprints([Stated(f"the tidewatch import of the {berth} table fails") for berth in BERTHS], None)


def towards(part: float) -> NDArray[np.int8]:
    """Returns vectors whose cosine with the first axis is about `part`."""
    vectors = np.zeros((VECTORS, COMPRESSED), dtype=np.int8)
    vectors[:, 0], vectors[:, 1] = round(127 * part), round(127 * (1 - part**2) ** 0.5)
    return vectors


def store(project: Project, errors: Sequence[Fingerprint], version: int = VERSION) -> list[int]:
    rows = Signature.objects.bulk_create(
        Signature(
            version=version,
            digest=one.digest,
            parts=one.as_parts(),
            project=project,
            vectors=b"" if one.vectors is None else one.vectors.tobytes(),
        )
        for one in errors
    )
    SignatureKey.objects.bulk_create(
        SignatureKey(signature=row, key=key, project=project)
        for row, one in zip(rows, errors, strict=True)
        for key in keys_of(one)
    )
    return [row.pk for row in rows]


def found(own: Fingerprint, project: Project, itself: int | None = None) -> dict[int, Fingerprint]:
    keys = keys_of(own)
    return Candidates(keys, {project.pk}).of(own, keys, project.pk, itself)


@pytest.fixture
def harbor(db: None) -> Project:
    return Project.objects.create(name="harbor")


def test_those_that_share_rarer_words_are_nearer() -> None:
    shared = [["w:the"], ["w:the", "w:zephyrbuo"], ["w:zephyrbuo", "t:a title"]]
    assert nearest(OWN, shared, [b""] * 3) == [2, 1, 0]


def test_of_those_that_share_the_same_words_the_nearest_in_meaning_come_first() -> None:
    vectors = [towards(part).tobytes() for part in (0.2, 0.9, 0.5)]
    assert nearest(replace(OWN, vectors=towards(1.0)), [["w:tidewatch"]] * 3, vectors) == [1, 2, 0]


def test_one_without_vectors_is_judged_by_its_words() -> None:
    vectors = [b"", towards(0.6).tobytes(), b""]
    shared = [["w:tidewatch"], ["w:tidewatch"], ["w:tidewatch", "w:zephyrbuo", "t:a title"]]
    assert nearest(replace(OWN, vectors=towards(1.0)), shared, vectors) == [1, 2, 0]


def test_no_more_are_compared_than_the_nearest() -> None:
    vectors = [towards(at / 100).tobytes() for at in range(100)]
    places = nearest(replace(OWN, vectors=towards(1.0)), [["w:tidewatch"]] * 100, vectors)
    assert places == list(range(99, 99 - MOST_COMPARED, -1))


@pytest.mark.parametrize("is_first", [True, False])
def test_the_same_problem_is_found_among_many_that_resemble_it(harbor: Project, is_first: bool) -> None:
    errors = [SAME, *OTHERS] if is_first else [*OTHERS, SAME]
    numbers = store(harbor, errors)
    candidates = found(OWN, harbor)
    assert len(candidates) == MOST_BY_WORDS
    assert list(similar(OWN, candidates)) == [numbers[errors.index(SAME)]]


def test_those_near_in_meaning_are_kept_of_many_with_the_same_words(harbor: Project) -> None:
    far = len(OTHERS) - MOST_COMPARED // 2
    parts = [0.9 if at >= far else 0.1 for at in range(len(OTHERS))]
    numbers = store(harbor, [replace(one, vectors=towards(part)) for one, part in zip(OTHERS, parts, strict=True)])
    candidates = found(replace(OWN, vectors=towards(1.0)), harbor)
    assert (len(candidates), set(numbers[far:]) - set(candidates)) == (MOST_COMPARED, set())


def test_an_error_is_no_candidate_of_its_own(harbor: Project) -> None:
    itself, *others = store(harbor, [OWN, *OTHERS[:9]])
    assert list(found(OWN, harbor, itself)) == others


def test_an_older_version_and_another_project_have_no_candidates(harbor: Project) -> None:
    store(harbor, OTHERS, VERSION - 1)
    store(Project.objects.create(name="ferry"), [SAME])
    assert found(OWN, harbor) == {}


def test_a_key_that_too_many_have_finds_nothing_in_their_project_alone(
    harbor: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_MOST_SHARING", 5)
    ferry = Project.objects.create(name="ferry")
    store(harbor, OTHERS[:6])
    numbers = store(ferry, OTHERS[6:11])
    keys = keys_of(OWN)
    several = Candidates(keys, {harbor.pk, ferry.pk})
    assert list(several.of(OWN, keys, harbor.pk)) == []
    assert list(several.of(OWN, keys, ferry.pk)) == numbers


def test_those_that_are_new_do_not_make_a_key_too_common_for_each_other(
    harbor: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_MOST_SHARING", 5)
    numbers = store(harbor, [*OTHERS[:8], OWN])
    keys = keys_of(OWN)
    wanted = [Wanted(OWN, keys, harbor.pk, number, is_new=True) for number in numbers[4:]]
    found = Candidates(keys, {harbor.pk}, since=numbers[4]).of_each(wanted)
    assert [list(one) for one in found] == [numbers[:4], numbers[:5], [], [], []]
