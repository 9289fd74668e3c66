"""The review page: one press an answer, with and without scripts, and a sentence where that makes no sense."""

from __future__ import annotations

import pytest
from django.test import Client

from kb.models import Doubt
from sessions.models import Decision, Error
from tests.review.conftest import doubts

__all__ = ["doubts"]
QUEUE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "queue"}
Doubts = dict[str, Doubt]


def test_nothing_in_doubt(signed_in: Client) -> None:
    html = signed_in.get("/review/").content.decode()
    assert "Nothing is in doubt." in html
    assert "Nothing has been answered yet." in html


def test_an_answer_and_its_undo_in_place(signed_in: Client, doubts: Doubts) -> None:
    html = signed_in.get("/review/").content.decode()
    assert html.count('class="row is-doubt"') == 3
    assert "Is this an error?" in html
    asked = {"answer": f"yes:{doubts['map'].pk}"}
    html = signed_in.post("/review/answer/", asked, **QUEUE).content.decode()  # type: ignore[arg-type]
    assert "<html" not in html
    assert "1 answered" in html
    assert "is an error" in html
    assert html.count('class="row is-doubt"') == 2
    assert Error.objects.count() == 2
    html = signed_in.post("/review/undo/", {"event": doubts["map"].pk}, **QUEUE).content.decode()  # type: ignore[arg-type]
    assert "Undone." in html
    assert Error.objects.count() == 1


def test_without_scripts_it_goes_back_to_the_page(signed_in: Client, doubts: Doubts) -> None:
    response = signed_in.post("/review/answer/?kind=next_steps", {"answer": f"decisions:{doubts['tiles'].pk}"})
    assert response["Location"] == "/review/?kind=next_steps"
    assert "is a decision" in signed_in.get("/review/").content.decode()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [("", "Choose an answer"), ("maybe:1", "Choose an answer"), ("yes:", "Choose an answer"),
     ("yes:999999", "no longer in question")],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(signed_in: Client, answer: str, refusal: str) -> None:
    html = signed_in.post("/review/answer/", {"answer": answer}, **QUEUE).content.decode()  # type: ignore[arg-type]
    assert refusal in html


def test_two_people_answer_the_same(signed_in: Client, doubts: Doubts) -> None:
    for _ in range(2):
        asked = {"answer": f"no:{doubts['error'].pk}"}
        html = signed_in.post("/review/answer/", asked, **QUEUE).content.decode()  # type: ignore[arg-type]
    assert "was answered in the meantime" in html


def test_the_coverage_page_says_how_often_it_was_right(signed_in: Client, doubts: Doubts) -> None:
    assert "Nobody has answered any yet" in signed_in.get("/import/coverage/").content.decode()
    signed_in.post("/review/answer/", {"answer": f"no:{doubts['map'].pk}"})
    html = signed_in.get("/import/coverage/").content.decode()
    assert "1 answered, 1 right (100" in html
