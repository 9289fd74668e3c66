"""The second reader's labels join the queue as suggestions; whatever goes wrong leaves the reading as it was."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from kb.models import Doubt
from kb.queries.review import review_queue
from kb.review import second_opinions
from kb.review.second_opinions import ask_about, excerpt_of, logs_to_ask_about
from sessions.models import Decision, Error, NextStep
from tests.second_reader import StandIn, completion

Doubts = dict[str, Doubt]


@pytest.fixture(autouse=True)
def reader(settings: Settings, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    settings.SECOND_READER_URL, settings.SECOND_READER_MODEL = stand_in.url, "small-model"
    settings.SECOND_READER_SECONDS = 1
    monkeypatch.setattr(second_opinions, "_paused_until", 0.0)
    stand_in.body = completion(
        [
            {"number": 1, "label": "error", "certainty": 0.8},
            {"number": 2, "label": "error", "certainty": 0.95},
            {"number": 3, "label": "decision", "certainty": 0.6},
        ]
    )
    return stand_in


def ask(doubts: Doubts) -> int:
    return ask_about(doubts["map"].session.log)


def test_labels_are_suggestions_with_their_source(doubts: Doubts, reader: StandIn) -> None:
    assert ask(doubts) == 3
    said = {doubt.line: (doubt.suggestion, doubt.suggested_by) for doubt in Doubt.objects.all()}
    assert said == {
        7: ("errors", "small-model"), 11: ("errors", "small-model"), 12: ("decisions", "small-model")
    }  # fmt: skip
    assert Error.objects.count() == 1
    assert not Decision.objects.exists()
    assert review_queue()[0].doubt.line == 11
    assert ask(doubts) == 0  # nothing is asked twice
    assert len(reader.asked) == 1
    assert logs_to_ask_about() == []


def test_above_a_certainty_they_are_taken(doubts: Doubts, settings: Settings) -> None:
    settings.SECOND_READER_TAKEN_FROM = 90
    ask(doubts)
    assert list(Error.objects.order_by("line").values_list("line", flat=True)) == [7, 11]
    assert Doubt.objects.get(line=11).is_taken
    assert not Doubt.objects.get(line=12).answer


def test_only_doubtful_lines_go_out_and_redacted(doubts: Doubts, reader: StandIn) -> None:
    ask(doubts)
    sent = reader.asked[0]["messages"][1]["content"]
    assert "[2] line 11: the map stays grey after zooming" in sent
    assert "## What else" in sent
    text = "# Harbour\n\n" + "far away\n" * 30 + "password=hunter2-and-more\nthe map stays grey\n"
    excerpt = excerpt_of(text, [Doubt(line=34, text="the map stays grey")])
    assert "hunter2" not in excerpt
    assert excerpt.count("far away") == 2


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("body", [b"", b"nonsense", completion([{"number": 99, "label": "error", "certainty": 1}])])
def test_nonsense_changes_nothing(doubts: Doubts, reader: StandIn, status: int, body: bytes) -> None:
    reader.status, reader.body = status, body
    before = list(Error.objects.values()), list(NextStep.objects.values())
    assert ask(doubts) == 0
    assert (list(Error.objects.values()), list(NextStep.objects.values())) == before
    assert not Doubt.objects.exclude(suggestion="")


def test_after_a_failure_it_is_left_alone_for_a_while(doubts: Doubts, reader: StandIn) -> None:
    reader.status = 503
    ask(doubts)
    ask(doubts)
    assert len(reader.asked) == 1
    reader.status = 200
    assert ask_about(doubts["map"].session.log, again=True) == 3


def test_without_one_nobody_is_asked(doubts: Doubts, reader: StandIn, settings: Settings) -> None:
    settings.SECOND_READER_URL = ""
    assert ask(doubts) == 0
    assert reader.asked == []
