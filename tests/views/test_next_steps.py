"""What people do on the board and on an item's page, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import strip_tags

from kb.importing import Imported
from kb.importing.undoing import remove_log
from kb.models import Issue, StepEvent, TrackedStep
from kb.queries.board import STATES
from sessions.models import Log
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
    html = page(signed_in, "/next-steps/?priority=P0")
    for words in ("P0", "raised in 2 sessions", "days open", "last mentioned", "silently dropped", "Source lines"):
        assert words in html


@pytest.mark.parametrize(
    ("address", "badges"),
    [
        ("/next-steps/?state=all", 1),
        ("/next-steps/?sort=oldest", 1),
        ("/next-steps/", 0),
        ("/next-steps/?state=dropped", 0),
        ("/handover/?project=harbor&from=2026-03-01&to=2026-03-31", 1),
    ],
)
def test_a_row_leaves_out_what_the_list_says_already(signed_in: Client, logs: None, address: str, badges: int) -> None:
    html = page(signed_in, address)
    assert "Rotate the gateway certificate" in html
    assert html.count("</span> silently dropped</span>") == badges


def test_done_steps_are_marked_where_others_are_not(signed_in: Client, logs: None) -> None:
    signed_in.post("/next-steps/act/", {"action": f"done:{rotate().pk}"})
    marked = {state: page(signed_in, f"/next-steps/?state={state}").count("</span> done</span>") for state in STATES}
    assert marked == {**dict.fromkeys(STATES, 0), "all": 1}


def test_a_mention_and_a_record_do_not_repeat_the_priority_beside_them(signed_in: Client, logs: None) -> None:
    step = rotate()
    assert step.latest is not None
    for address in (f"/next-steps/{step.pk}/", f"/sessions/{step.latest.session_id}/?view=raw"):
        titles = re.findall(r'class="row-title[^>]*>\s*([^<]*Rotate[^<]*?)\s*</a>', page(signed_in, address))
        assert set(titles) == {"Rotate the gateway certificate"}, address
    assert step.text == "P0: Rotate the gateway certificate"


def test_the_board_is_narrowed_by_its_address(signed_in: Client, logs: None) -> None:
    assert "Write a test" not in page(signed_in, "/next-steps/?priority=P0")
    assert "No step matches" in page(signed_in, "/next-steps/?words=nothing-like-it")
    assert "Write a test" in page(signed_in, "/next-steps/?sort=nonsense&state=nonsense&group=nonsense&page=x")


def test_htmx_gets_the_board_alone_and_a_clean_address(signed_in: Client, logs: None) -> None:
    response = signed_in.get("/next-steps/?priority=P2&person=&words=", **BOARD)  # type: ignore[arg-type]
    assert "<html" not in response.content.decode()
    assert response["HX-Push-Url"] == "/next-steps/?priority=P2"


def test_one_or_many_are_done_and_undone_in_place(signed_in: Client, logs: None) -> None:
    many = {"step": list(TrackedStep.objects.values_list("pk", flat=True)), "action": "done"}
    html = signed_in.post("/next-steps/act/?sort=oldest", many, **BOARD).content.decode()  # type: ignore[arg-type]
    assert "Marked done: 2 steps" in html
    assert "Nothing left to do" in html
    events = {"event": list(StepEvent.objects.values_list("pk", flat=True))}
    html = signed_in.post("/next-steps/undo/?sort=oldest", events, **BOARD).content.decode()  # type: ignore[arg-type]
    assert html.count('class="row is-item"') == 2


def test_without_scripts_a_message_says_what_was_done(signed_in: Client, logs: None) -> None:
    response = signed_in.post("/next-steps/act/?priority=P0", {"action": f"done:{rotate().pk}"})
    assert response["Location"] == "/next-steps/?priority=P0"
    assert "Marked done: Rotate the gateway certificate" in page(signed_in, response["Location"])
    assert "Marked done" not in page(signed_in, response["Location"])


def test_an_address_puts_no_words_on_a_page(signed_in: Client, logs: None) -> None:
    for address in ("/next-steps/", f"/next-steps/{rotate().pk}/", "/issues/", f"/issues/{Issue.objects.get().pk}/"):
        assert "call this number" not in page(signed_in, f"{address}?problem=call+this+number&done=1-9")


def test_many_events_are_undone_by_the_button_of_their_message(signed_in: Client, logs: None) -> None:
    both = {"step": list(TrackedStep.objects.values_list("pk", flat=True)), "action": "done"}
    html = signed_in.post("/next-steps/act/", both, **BOARD).content.decode()  # type: ignore[arg-type]
    keys = " ".join(str(pk) for pk in StepEvent.objects.order_by("pk").values_list("pk", flat=True))
    assert f'value="{keys}"' in html
    html = signed_in.post("/next-steps/undo/", {"event": keys}, **BOARD).content.decode()  # type: ignore[arg-type]
    assert "Undone." in html
    assert not StepEvent.objects.filter(undone_at=None).exists()
    html = signed_in.post("/next-steps/undo/", {"event": keys}, **BOARD).content.decode()  # type: ignore[arg-type]
    assert "This had been undone already." in html


def header_link(html: str) -> str:
    """The link of the header that is marked as the page."""
    (link,) = re.findall(r'<nav aria-label="Pages">.*?aria-current="page"[^>]*>(.*?)</a>', html, re.DOTALL)
    return strip_tags(link).strip()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"action": "snoozed", "until": "2020-01-01"}, "not in the future"),
        ({"action": "commented", "comment": ""}, "Write something"),
        ({"action": "nonsense"}, "Choose what to do"),
        ({"action": "merged"}, "Choose what to do"),
        ({"action": "done", "step": ""}, "Choose a step first"),
        ({"action": "done:x"}, "Choose a step first"),
    ],
)
def test_what_cannot_be_done_is_said(signed_in: Client, logs: None, fields: dict[str, str], said: str) -> None:
    sent = {"step": rotate().pk, **fields}
    assert said in signed_in.post("/next-steps/act/", sent, follow=True).content.decode()
    assert said in signed_in.post("/next-steps/act/", sent, **BOARD).content.decode()  # type: ignore[arg-type]
    assert not StepEvent.objects.exists()


def test_an_item_tells_its_story(signed_in: Client, logs: None, engineer: User) -> None:
    address = f"/next-steps/{rotate().pk}/"
    sent = {"step": rotate().pk, "next": address}
    signed_in.post(
        "/next-steps/act/", {**sent, "action": "commented", "comment": "waits for <b>the vendor</b>"}, follow=True
    )
    response = signed_in.post("/next-steps/act/", {**sent, "action": "priority", "priority": "P1"})
    assert response["Location"].startswith(address)
    html = page(signed_in, response["Location"])
    for words in ("Why here: the same words", "waits for &lt;b&gt;the vendor", "set its priority", "(P1)", "dana"):
        assert words in html
    assert html.count("Undo</button>") == 3  # two in the history, one in the message


def test_strange_addresses_are_not_followed(signed_in: Client, logs: None) -> None:
    sent = {"step": rotate().pk, "action": "done", "next": "https://example.com/"}
    assert signed_in.post("/next-steps/act/", sent)["Location"].startswith("/next-steps/")


def test_a_merge_and_a_split_are_shown_first(signed_in: Client, logs: None) -> None:
    both = {"step": list(TrackedStep.objects.values_list("pk", flat=True))}
    assert "Merge 2 steps into one?" in signed_in.post("/next-steps/merge/", both).content.decode()
    assert TrackedStep.objects.filter(merged_into=None).count() == 2
    merged = signed_in.post("/next-steps/merge/", {**both, "confirmed": "1"}, follow=True).content.decode()
    assert "merged by dana" in merged
    item = TrackedStep.objects.get(merged_into=None)
    some = {"mention": list(item.mentions.filter(step__text__contains="test").values_list("step_id", flat=True))}
    preview = signed_in.post(f"/next-steps/{item.pk}/split/", some).content.decode()
    assert "Split off 2 mentions?" in preview
    signed_in.post(f"/next-steps/{item.pk}/split/", {**some, "confirmed": "1"})
    assert TrackedStep.objects.filter(merged_into=None).count() == 2
    refused = signed_in.post(f"/next-steps/{rotate().pk}/split/", {}, follow=True).content.decode()
    assert "Choose some of the mentions" in refused


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_a_step_that_no_log_raises_any_more_is_not_merged(signed_in: Client, ingest: Ingest, confirmed: str) -> None:
    ingest(log("2026-03-01"), path="a.md")
    gone = list(TrackedStep.objects.order_by("pk").values_list("pk", flat=True))
    signed_in.post("/next-steps/act/", {"action": "commented", "comment": "waits", "step": gone})
    remove_log(Log.objects.get())
    ingest("# Session\n\n## Next Steps\n\n- [ ] Paint the boathouse\n", path="b.md")
    live = TrackedStep.objects.get(text__contains="boathouse").pk
    for chosen in (gone, [gone[0], live]):
        sent = {"step": chosen, "confirmed": confirmed}
        html = signed_in.post("/next-steps/merge/", sent, follow=True).content.decode()
        assert "No log raises “Rotate the gateway certificate” any more" in html
    assert not TrackedStep.objects.exclude(merged_into=None).exists()


def test_a_step_that_was_merged_meanwhile_is_not_merged_again(signed_in: Client, logs: None) -> None:
    steps = list(TrackedStep.objects.values_list("pk", flat=True))
    sent = {"step": [*steps, 9999], "confirmed": "1"}
    assert (
        "merged or removed in the meantime" in signed_in.post("/next-steps/merge/", sent, follow=True).content.decode()
    )
    assert not StepEvent.objects.exists()


def test_a_merged_item_leads_to_the_one_it_became(signed_in: Client, logs: None) -> None:
    signed_in.post("/next-steps/act/", {"action": f"done:{rotate().pk}"})
    signed_in.post("/next-steps/act/", {"action": f"done:{TrackedStep.objects.get(text__contains='test').pk}"})
    both = {"step": list(TrackedStep.objects.values_list("pk", flat=True)), "confirmed": "1"}
    signed_in.post("/next-steps/merge/", both)
    gone = TrackedStep.objects.exclude(merged_into=None).get()
    assert "was merged into" in page(signed_in, f"/next-steps/{gone.pk}/")
    assert signed_in.get("/next-steps/99999/").status_code == 404


def test_a_proposal_is_shown_beside_its_step_and_answered(signed_in: Client, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(f"# Session\n\n**Date**: 2026-03-09\n\n{COMMIT}", path="b.md")
    html = page(signed_in, "/next-steps/?state=proposed")
    assert html.index("To do") < html.index("ops: rotate the gateway certificate")
    closing = rotate().proposed_closures.get()
    assert "of 1 proposal" not in html
    signed_in.post("/next-steps/act/", {"action": f"decline:{closing.pk}"})
    assert "0 of 1 proposal answered so far" in page(signed_in)
    assert "Rotate" in page(signed_in)


def test_the_header_marks_next_steps_on_all_their_pages(signed_in: Client, logs: None) -> None:
    steps = {"step": list(TrackedStep.objects.values_list("pk", flat=True))}
    mentions = {"mention": [rotate().mentions.latest("pk").step_id]}
    pages = [
        signed_in.get("/next-steps/"),
        signed_in.get(f"/next-steps/{rotate().pk}/"),
        signed_in.get("/handover/"),
        signed_in.post("/next-steps/merge/", steps),
        signed_in.post(f"/next-steps/{rotate().pk}/split/", mentions),
    ]
    for response in pages:
        assert header_link(response.content.decode()) == "Next steps"


def test_reading_needs_signing_in(client: Client, logs: None) -> None:
    for address in ("/next-steps/", "/handover/", "/handover.md"):
        assert client.get(address).status_code == 302
