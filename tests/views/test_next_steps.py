"""What people do on the board and on an item's page, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.importing import Imported
from kb.models import StepEvent, TrackedStep
from tests.factories import log

Ingest = Callable[..., Imported]
BOARD = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "board"}
COMMIT = "## Commits\n\n- `1f3c9a2` ops: rotate the gateway certificate\n"


@pytest.fixture
def logs(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-09"), path="b.md")


def rotate() -> TrackedStep:
    return TrackedStep.objects.get(text__contains="Rotate")


def page(client: Client, address: str = "/next-steps/") -> str:
    return client.get(address).content.decode()


def test_a_row_tells_how_it_stands(signed_in: Client, logs: None) -> None:
    found = page(signed_in, "/next-steps/?priority=P0")
    for words in ("P0", "raised in 2 sessions", "days open", "last mentioned", "silently dropped", "Source lines"):
        assert words in found


def test_the_board_is_narrowed_by_its_address(signed_in: Client, logs: None) -> None:
    assert "Write a test" not in page(signed_in, "/next-steps/?priority=P0")
    assert "No item fits" in page(signed_in, "/next-steps/?words=nothing-like-it")
    assert "Write a test" in page(signed_in, "/next-steps/?sort=nonsense&state=nonsense&group=nonsense&page=x")


def test_htmx_gets_the_board_alone_and_a_clean_address(signed_in: Client, logs: None) -> None:
    answer = signed_in.get("/next-steps/?priority=P2&person=&words=", **BOARD)  # type: ignore[arg-type]
    assert "<html" not in answer.content.decode()
    assert answer["HX-Push-Url"] == "/next-steps/?priority=P2"


def test_one_or_many_are_done_and_undone_in_place(signed_in: Client, logs: None) -> None:
    many = {"item": list(TrackedStep.objects.values_list("pk", flat=True)), "action": "done"}
    found = signed_in.post("/next-steps/act/?sort=oldest", many, **BOARD).content.decode()  # type: ignore[arg-type]
    assert "Marked it done (2 items)" in found
    assert "Nothing is left to do" in found
    events = {"event": list(StepEvent.objects.values_list("pk", flat=True))}
    found = signed_in.post("/next-steps/undo/?sort=oldest", events, **BOARD).content.decode()  # type: ignore[arg-type]
    assert found.count('class="row is-item"') == 2


def test_without_scripts_the_notice_is_in_the_address(signed_in: Client, logs: None) -> None:
    answer = signed_in.post("/next-steps/act/?priority=P0", {"action": f"done:{rotate().pk}"})
    assert answer["Location"].startswith("/next-steps/?priority=P0&done=")
    assert "Marked it done: Rotate the gateway certificate" in page(signed_in, answer["Location"])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"action": "snoozed", "until": "2020-01-01"}, "not in the future"),
        ({"action": "commented", "comment": ""}, "Write something"),
        ({"action": "nonsense"}, "Choose what to do"),
        ({"action": "merged"}, "Choose what to do"),
        ({"action": "done", "item": ""}, "Choose a step"),
        ({"action": "done:x"}, "Choose a step"),
    ],
)
def test_what_cannot_be_done_is_said(signed_in: Client, logs: None, fields: dict[str, str], said: str) -> None:
    sent = {"item": rotate().pk, **fields}
    assert said in signed_in.post("/next-steps/act/", sent, follow=True).content.decode()
    assert said in signed_in.post("/next-steps/act/", sent, **BOARD).content.decode()  # type: ignore[arg-type]
    assert not StepEvent.objects.exists()


def test_an_item_tells_its_story(signed_in: Client, logs: None, engineer: User) -> None:
    address = f"/next-steps/{rotate().pk}/"
    sent = {"item": rotate().pk, "next": address}
    signed_in.post("/next-steps/act/", {**sent, "action": "commented", "comment": "waits for <b>the vendor</b>"})
    answer = signed_in.post("/next-steps/act/", {**sent, "action": "priority", "priority": "P1"})
    assert answer["Location"].startswith(address)
    found = page(signed_in, answer["Location"])
    for words in ("Here because: the same words", "waits for &lt;b&gt;the vendor", "set its priority", "(P1)", "dana"):
        assert words in found
    assert found.count("Undo</button>") == 3  # two in the history, one in the notice


def test_strange_addresses_are_not_followed(signed_in: Client, logs: None) -> None:
    sent = {"item": rotate().pk, "action": "done", "next": "https://example.com/"}
    assert signed_in.post("/next-steps/act/", sent)["Location"].startswith("/next-steps/")


def test_a_merge_and_a_split_are_shown_first(signed_in: Client, logs: None) -> None:
    both = {"item": list(TrackedStep.objects.values_list("pk", flat=True))}
    assert "Merge 2 items into one?" in signed_in.post("/next-steps/merge/", both).content.decode()
    assert TrackedStep.objects.filter(merged_into=None).count() == 2
    merged = signed_in.post("/next-steps/merge/", {**both, "confirmed": "1"}, follow=True).content.decode()
    assert "merged by dana" in merged
    item = TrackedStep.objects.get(merged_into=None)
    some = {"step": list(item.mentions.filter(step__text__contains="test").values_list("step_id", flat=True))}
    preview = signed_in.post(f"/next-steps/{item.pk}/split/", some).content.decode()
    assert "Split 2 of the mentions off?" in preview
    signed_in.post(f"/next-steps/{item.pk}/split/", {**some, "confirmed": "1"})
    assert TrackedStep.objects.filter(merged_into=None).count() == 2
    refused = signed_in.post(f"/next-steps/{rotate().pk}/split/", {}, follow=True).content.decode()
    assert "Choose some of the mentions" in refused


def test_a_merged_item_leads_to_the_one_it_became(signed_in: Client, logs: None) -> None:
    signed_in.post("/next-steps/act/", {"action": f"done:{rotate().pk}"})
    signed_in.post("/next-steps/act/", {"action": f"done:{TrackedStep.objects.get(text__contains='test').pk}"})
    both = {"item": list(TrackedStep.objects.values_list("pk", flat=True)), "confirmed": "1"}
    signed_in.post("/next-steps/merge/", both)
    gone = TrackedStep.objects.exclude(merged_into=None).get()
    assert "is part of" in page(signed_in, f"/next-steps/{gone.pk}/")
    assert signed_in.get("/next-steps/99999/").status_code == 404


def test_a_proposal_is_shown_beside_its_step_and_answered(signed_in: Client, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(f"# Session\n\n**Date**: 2026-03-09\n\n{COMMIT}", path="b.md")
    found = page(signed_in, "/next-steps/?state=proposed")
    assert found.index("To do") < found.index("ops: rotate the gateway certificate")
    closing = rotate().proposed_closures.get()
    assert "of 1 proposals" not in found
    signed_in.post("/next-steps/act/", {"action": f"decline:{closing.pk}"})
    assert "0 of 1 proposals answered so far were right" in page(signed_in)
    assert "Rotate" in page(signed_in)


def test_reading_needs_signing_in(client: Client, logs: None) -> None:
    for address in ("/next-steps/", "/handover/", "/handover.md"):
        assert client.get(address).status_code == 302
