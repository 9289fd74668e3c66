"""Views that answer htmx with a part of their page say so to caches, and give whole pages to go back to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pytest_django import Settings

from kb.importing import Imported
from kb.models import Import, ImportOrigin, Issue, TrackedStep
from sessions.models import SessionLog
from tests.factories import log

HTMX = {"HX-Request": "true"}
# name of a view in two shapes → the element that its part goes into
SHAPES = {
    "search": "results",
    "issues": "relinking",
    "next-steps": "board",
    "review": "queue",
    "staged": "staged",
    "import": "run",
}
ROWS = ["session", "issue", "next-step"]


def plain_names() -> list[str]:
    """The views of the site that need no row; the admin has none of htmx."""
    entries = get_resolver().url_patterns
    return [p.name for p in entries if isinstance(p, URLPattern) and p.name and "<" not in str(p.pattern)]


@pytest.fixture
def address(
    signed_in: Client, ingest: Callable[..., Imported], settings: Settings, tmp_path: Path
) -> Callable[[str], str]:
    """The address of a view, with the key of a row if it needs one."""
    settings.DATA_DIR = tmp_path
    ingest(log())
    staged = signed_in.post(reverse("stage-paste"), {"text": log("2026-03-02"), "name": "b"})["Location"]
    rows = {
        "session": SessionLog.objects.get().pk,
        "issue": Issue.objects.get().pk,
        "next-step": TrackedStep.objects.earliest("pk").pk,
        "import": Import.objects.create(origin=ImportOrigin.UPLOAD).pk,
        "staged": staged.rstrip("/").rsplit("/", 1)[-1],
    }
    return lambda name: (
        reverse(name, args=[rows[name]] if name in rows else []) + ("?q=total" if name == "search" else "")
    )


def is_page(response: HttpResponseBase) -> bool:
    return b"<html" in getattr(response, "content", b"")


def varies_by_htmx(response: HttpResponseBase) -> bool:
    return {"HX-Request", "HX-Target"} <= {name.strip() for name in response.get("Vary", "").split(",")}


@pytest.mark.parametrize("name", SHAPES)
def test_a_view_in_two_shapes_says_so_in_both(signed_in: Client, address: Callable[[str], str], name: str) -> None:
    where = address(name)
    part = signed_in.get(where, headers={**HTMX, "HX-Target": SHAPES[name]})
    whole = signed_in.get(where)
    assert (is_page(part), is_page(whole)) == (False, True)
    assert varies_by_htmx(part)
    assert varies_by_htmx(whole)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_htmx_gets_the_page_where_it_asks_for_the_page(
    signed_in: Client, address: Callable[[str], str], name: str, header: str
) -> None:
    assert is_page(signed_in.get(address(name), headers={**HTMX, header: "true"}))


@pytest.mark.parametrize("name", sorted({*plain_names(), *ROWS} - SHAPES.keys()))
def test_no_other_view_answers_in_two_shapes(signed_in: Client, address: Callable[[str], str], name: str) -> None:
    """A view that begins to must be named above, and vary."""
    whole = signed_in.get(address(name))
    for target in SHAPES.values():
        assert is_page(signed_in.get(address(name), headers={**HTMX, "HX-Target": target})) == is_page(whole)


def test_a_step_taken_on_the_board_varies_too(signed_in: Client, address: Callable[[str], str]) -> None:
    address("next-step")
    form = {"action": f"done:{TrackedStep.objects.earliest('pk').pk}"}
    response = signed_in.post("/next-steps/act/", form, headers={**HTMX, "HX-Target": "board"})
    assert not is_page(response)
    assert varies_by_htmx(response)
