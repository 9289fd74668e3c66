"""A wrong P0 is one key away from gone, and one more from back."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.importing import Imported, keeping
from kb.models import Correction, TrackedStep
from kb.next_steps.tracking import track_steps
from sessions.models import NextStep, SessionLog
from tests.factories import log

TWO = """# Session log

## {march}

### Next Steps

- [ ] P0: Rotate the gateway certificate

## {april}

### Next Steps

- [ ] Paint the boathouse
- [ ] P0: Rotate the gateway certificate
"""
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


def test_a_step_is_taken_away_wherever_it_is_mentioned_or_nowhere(
    signed_in: Client, ingest: Callable[..., Imported], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 4):
        ingest(TWO.format(march=f"2026-03-0{day}", april=f"2026-04-0{day}"), path=f"{day}.md")
    mentions = NextStep.objects.filter(text__contains="Rotate").order_by("pk")
    step, keys = TrackedStep.objects.get(text__contains="Rotate"), dict(mentions.values_list("pk", "key"))
    assert len(keys) == 6
    mentions.filter(pk=max(keys)).update(key="moved")  # by somebody else's import, say
    chosen = {"step": step.pk, "action": "not-a-step"}
    html = signed_in.post("/next-steps/act/", chosen, **BOARD).content.decode()  # type: ignore[arg-type]
    assert "This record is not there any more" in html
    assert (Correction.objects.count(), step.mentions.count()) == (0, 6)

    mentions.filter(pk=max(keys)).update(key=keys[max(keys)])
    linked = []

    def track_counted(sessions: Collection[SessionLog]) -> None:
        linked.append(len(sessions))
        track_steps(sessions)

    monkeypatch.setattr(keeping, "track_steps", track_counted)
    signed_in.post("/next-steps/act/", chosen, **BOARD)  # type: ignore[arg-type]
    assert not TrackedStep.objects.filter(text__contains="Rotate").exists()
    sent = {"event": " ".join(str(pk) for pk in Correction.objects.values_list("pk", flat=True))}
    signed_in.post("/next-steps/undo-not-a-step/", sent, **BOARD)  # type: ignore[arg-type]
    assert TrackedStep.objects.get(text__contains="Rotate").mentions.count() == 6
    assert linked == [6, 6]  # all at once, however many mentions there are


def test_it_is_refused_with_a_sentence(signed_in: Client, engineer: User) -> None:
    for step, refusal in (("", "Choose a step first."), ("99", "No log mentions")):
        chosen = {"action": "not-a-step", "step": step}
        html = signed_in.post("/next-steps/act/", chosen, **BOARD).content.decode()  # type: ignore[arg-type]
        assert refusal in html
