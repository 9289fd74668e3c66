"""Learning: too little is refused, what was learned is used only when told, and one goes back in one command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from kb.conf import learned
from kb.conf.meaning import reviser
from kb.importing import Imported
from kb.models import Doubt
from kb.review.answers import NOTHING
from sessions.meaning.judge import shipped_model, weights_digest

LOG = """# Session {n}: {place}

**Date**: 2026-03-{n:02}

## Notes

- {place} boom hangs low after rain
- {place} boom was raised again by the second winch
- Paint {place} railings blue
- {place} was quiet
"""
PLACES = ("Northern quay", "Old lock", "Ferry stage", "Slipway", "Dry dock", "Boat shed", "Fuel jetty")


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "meaning"


@pytest.fixture
def answered(by_meaning: None, ingest: Callable[..., Imported], engineer: User) -> None:
    """People said of seven logs that booms that hang are errors, and paint is nothing of the kind."""
    for n, place in enumerate(PLACES, start=1):
        imported = ingest(LOG.format(n=n, place=place), path=f"harbor/{n}.md")
        session = imported.log.sessions.get()
        for line, kind, told in ((7, "errors", True), (8, "fixes", True), (9, "errors", False), (10, "fixes", False)):
            Doubt.objects.filter(session=session, kind=kind, line=line).delete()
            Doubt.objects.create(
                session=session, kind=kind, key=f"{kind}{line}", text="as said", line=line, first_line=line,
                last_line=line, certainty=0.3, threshold=0.3, distance=0, answer="yes" if told else "no",
                said=kind if told else NOTHING, is_right=not told, by=engineer,
            )  # fmt: skip


def test_too_little_is_refused(by_meaning: None, db: None) -> None:
    with pytest.raises(CommandError, match="at least 20"):
        call_command("learn")


def test_rules_alone_learn_nothing(db: None) -> None:
    with pytest.raises(CommandError, match="no model to train"):
        call_command("learn")


def test_learns_switches_and_goes_back(answered: None, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="Nothing has been learned"):
        call_command("learn", "--switch")
    call_command("learn")
    said = capsys.readouterr().out
    assert "of   14 right" in said
    assert "It is not in use" in said
    assert learned.in_use() == ""
    call_command("learn", "--switch")
    assert learned.in_use().endswith(".npz")
    assert reviser() is not None
    with pytest.raises(CommandError, match="in use already"):
        call_command("learn", "--switch")
    call_command("learn", "--back")
    assert learned.in_use() == ""
    with pytest.raises(CommandError, match="none before it"):
        call_command("learn", "--back")


def test_weights_of_another_version_are_left_alone(
    by_meaning: None, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    classifier = shipped_model().classifier
    arrays = {f"classifier.{name}": getattr(classifier, name) for name in classifier.__slots__}
    learned.save("statements-1", {**arrays, "base": "another"})
    learned.switch()
    assert reviser() is not None
    assert "learned from the weights of another version" in caplog.text
    caplog.clear()
    learned.save("statements-2", {**arrays, "base": weights_digest()})
    learned.switch()
    assert reviser() is not None
    assert not caplog.text
    (folder / "in_use.json").write_text("nonsense")
    assert learned.in_use() == ""
    assert np.array_equal(learned.load("statements-2.npz")["classifier.offsets"], classifier.offsets)
