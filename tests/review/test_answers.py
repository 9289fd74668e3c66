"""Answers put records right, stay when the log is imported again, and can be undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from kb.corrections.drafting import CannotCorrect
from kb.importing import Imported
from kb.models import Correction, Doubt
from kb.queries.review import open_doubts, review_queue, right_share, right_shares
from kb.review.answers import NOTHING, answer, take_back
from sessions.models import Decision, Error, NextStep
from tests.review.conftest import LOG

Doubts = dict[str, Doubt]


def titles() -> list[str]:
    return list(Error.objects.order_by("line").values_list("title", flat=True))


@pytest.mark.parametrize(
    ("name", "said", "errors", "is_right"),
    [
        ("error", "errors", ["the crane stops with KeyError"], True),
        ("error", NOTHING, [], False),
        ("map", "errors", ["the crane stops with KeyError", "the map stays grey after zooming"], False),
        ("map", NOTHING, ["the crane stops with KeyError"], True),
    ],
)
def test_an_answer_puts_it_right(
    doubts: Doubts, engineer: User, name: str, said: str, errors: list[str], is_right: bool
) -> None:
    before = titles()
    answer(doubts[name], said, engineer)
    assert titles() == errors
    assert Doubt.objects.get(pk=doubts[name].pk).is_right is is_right
    take_back([Doubt.objects.get(pk=doubts[name].pk)])
    assert titles() == before
    assert not Doubt.objects.get(pk=doubts[name].pk).answer
    assert not Correction.objects.filter(undone_at=None)


def test_something_else(doubts: Doubts, engineer: User) -> None:
    answer(doubts["tiles"], "decisions", engineer)
    assert [decision.text for decision in Decision.objects.all()] == ["Use tiles of 512 pixels"]
    assert not NextStep.objects.exists()
    answer(doubts["error"], "decisions", engineer)
    assert not Error.objects.exists()
    assert Decision.objects.count() == 2


def test_an_answer_that_is_refused_changes_nothing(doubts: Doubts, engineer: User) -> None:
    answer(doubts["tiles"], "decisions", engineer)
    doubts["error"].last_line = doubts["tiles"].line
    with pytest.raises(CannotCorrect, match="this already is a decision"):
        answer(doubts["error"], "decisions", engineer)
    assert titles() == ["the crane stops with KeyError"]
    assert Correction.objects.count() == 1
    assert doubts["error"] in open_doubts()


def test_an_answer_stays_when_the_log_is_edited(
    doubts: Doubts, engineer: User, ingest: Callable[..., Imported]
) -> None:
    answer(doubts["map"], "errors", engineer)
    answer(doubts["error"], NOTHING, engineer)
    ingest(LOG.replace("# Session: Harbour\n", "# Session: Harbour\n\nA line more.\n"))
    assert titles() == ["the map stays grey after zooming"]
    assert right_share().answered == 2


def test_nothing_is_answered_twice(doubts: Doubts, engineer: User) -> None:
    answer(doubts["map"], "errors", engineer)
    with pytest.raises(CannotCorrect, match="answered in the meantime"):
        answer(Doubt.objects.get(pk=doubts["map"].pk), NOTHING, engineer)


def test_the_queue_asks_what_is_open_nearest_first(doubts: Doubts, engineer: User) -> None:
    asked = [item.doubt.line for item in review_queue()]
    assert asked == [11, 7, 12]
    assert review_queue()[0].lines[2] == (11, "- the map stays grey after zooming", True)
    answer(doubts["map"], NOTHING, engineer)
    assert [item.doubt.line for item in review_queue()] == [7, 12]
    assert [item.doubt.line for item in review_queue("next_steps")] == [12]
    assert review_queue(project="elsewhere") == []
    Error.objects.all().delete()
    assert [doubt.line for doubt in open_doubts()] == [12]


def test_it_counts_how_often_the_reader_was_right(doubts: Doubts, engineer: User) -> None:
    answer(doubts["map"], NOTHING, engineer)
    answer(doubts["error"], NOTHING, engineer)
    answer(doubts["tiles"], NOTHING, engineer, is_taken=True)  # the second reader's answers tell nothing of people
    assert (right_share().answered, right_share().right) == (2, 1)
    shares = right_shares()
    assert [(row.name, row.answered, row.right) for row in shares["kind"]] == [("errors", 2, 1)]
    assert [(row.name, row.percent) for row in shares["project"]] == [("harbor", 50)]
    assert set(shares) == {"kind", "project", "layout"}
