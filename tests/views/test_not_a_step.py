"""A wrong P0 is one key away from gone, and one more from back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client

from kb.importing import Imported
from kb.models import Correction, TrackedStep
from tests.factories import log

BOARD = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "board"}


def test_a_step_that_is_none_is_gone_and_comes_back(signed_in: Client, ingest: Callable[..., Imported]) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-09"), path="b.md")
    step = TrackedStep.objects.get(text__contains="Rotate")
    chosen = {"step": step.pk, "action": "not-a-step"}
    html = signed_in.post("/next-steps/act/?sort=oldest", chosen, **BOARD).content.decode()  # type: ignore[arg-type]
    assert "Not a step: " in html
    assert "Rotate the gateway certificate" not in html
    assert not TrackedStep.objects.filter(text__contains="Rotate").exists()
    ingest(log("2026-03-09") + "\nA line more.\n", path="b.md")
    assert not TrackedStep.objects.filter(text__contains="Rotate").exists()
    keys = {"event": " ".join(str(pk) for pk in Correction.objects.values_list("pk", flat=True))}
    html = signed_in.post("/next-steps/undo-not-a-step/?sort=oldest", keys, **BOARD).content.decode()  # type: ignore[arg-type]
    assert "Undone." in html
    assert "raised in 2 sessions" in html


def test_it_is_refused_with_a_sentence(signed_in: Client, engineer: User) -> None:
    for step, refusal in (("", "Choose a step first."), ("99", "No log mentions")):
        chosen = {"action": "not-a-step", "step": step}
        html = signed_in.post("/next-steps/act/", chosen, **BOARD).content.decode()  # type: ignore[arg-type]
        assert refusal in html
