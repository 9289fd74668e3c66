"""The second reader, against a server that speaks the protocol well and badly."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from sessions.meaning.second_reader import NoOpinionError, Opinion, SecondReader, opinions_in
from tests.second_reader import StandIn, completion

Label = Callable[..., dict[str, Any]]


def label(number: object = 1, name: object = "error", certainty: object = 0.9) -> dict[str, object]:
    return {"number": number, "label": name, "certainty": certainty}


def test_numbers_come_back_with_labels(stand_in: StandIn) -> None:
    stand_in.body = completion([label(), label(2, "nothing", 1)])
    reader = SecondReader(stand_in.url, "small-model", "a-key")
    assert reader.ask("[1] it broke [2] fine", [1, 2]) == [Opinion(1, "errors", 0.9), Opinion(2, "nothing", 1.0)]
    (asked,) = stand_in.asked
    assert stand_in.headers[0]["Authorization"] == "Bearer a-key"
    assert asked["model"] == "small-model"
    assert asked["messages"][1]["content"] == "[1] it broke [2] fine"
    schema = asked["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["properties"]["labels"]["items"]["properties"]["number"]["enum"] == [1, 2]


def test_the_address_may_be_that_of_the_completions(stand_in: StandIn) -> None:
    stand_in.body = completion([label()])
    assert SecondReader(f"{stand_in.url}/chat/completions").ask("[1]", [1])
    assert "Authorization" not in stand_in.headers[0]
    assert "model" not in stand_in.asked[0]


@pytest.mark.parametrize(
    "labels",
    [
        [label(7)],  # was not asked for
        [label("1")], [label(True)], [label(1.0)], [label(None)],
        [label(name="invention")], [label(name=3)], [label(name=["error"])],
        [label(certainty=1.2)], [label(certainty="high")], [label(certainty=float("nan"))], [label(certainty=None)],
        [label(), label(name="fix")],  # contradicts itself
        ["1 error"], [None], [],
    ],
)  # fmt: skip
def test_what_was_not_asked_for_is_left_out(labels: list[object]) -> None:
    assert list(opinions_in(completion(labels), [1])) == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no JSON", b"[]", b"{}", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": "I think 1 is an error."}}]}',
        b'{"choices": [{"message": {"content": "{\\"labels\\": {\\"1\\": \\"error\\"}}"}}]}',
        b'{"choices": [{"message": {"refusal": "I would rather not.", "content": null}}]}',
        b"[" * 100_000, b"\xff\xfe",
    ],
)  # fmt: skip
def test_nonsense_and_refusals_are_no_opinion(stand_in: StandIn, body: bytes) -> None:
    stand_in.body = body
    with pytest.raises(NoOpinionError):
        SecondReader(stand_in.url).ask("[1]", [1])


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503, 302])
def test_an_error_is_no_opinion(stand_in: StandIn, status: int) -> None:
    stand_in.status, stand_in.body = status, completion([label()])
    with pytest.raises(NoOpinionError, match=str(status)):
        SecondReader(stand_in.url).ask("[1]", [1])


@pytest.mark.parametrize("way", ["waits", "drips"])
def test_a_slow_answer_is_no_opinion(stand_in: StandIn, way: str) -> None:
    stand_in.way, stand_in.body = way, completion([label()]) + b" " * 200
    started = time.monotonic()
    with pytest.raises(NoOpinionError, match="too long"):
        SecondReader(stand_in.url, seconds=0.3).ask("[1]", [1])
    assert time.monotonic() - started < 5


def test_an_endless_answer_is_no_opinion(stand_in: StandIn) -> None:
    stand_in.body = b" " * 2_000_000
    with pytest.raises(NoOpinionError, match="too long"):
        SecondReader(stand_in.url).ask("[1]", [1])


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://", "nonsense", "ftp://127.0.0.1/x"])
def test_nobody_there_is_no_opinion(url: str) -> None:
    with pytest.raises(NoOpinionError):
        SecondReader(url, seconds=1).ask("[1]", [1])


def test_the_source_is_the_model_or_the_host() -> None:
    assert SecondReader("http://localhost:8080/v1", "small-model").source == "small-model"
    assert SecondReader("http://localhost:8080/v1").source == "localhost:8080"


def test_labels_are_json() -> None:
    assert json.loads(json.loads(completion([label()]))["choices"][0]["message"]["content"])["labels"] == [label()]
