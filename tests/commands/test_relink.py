"""`manage.py relink`: what it says, and when it stops."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command

from kb.importing import Imported
from kb.importing.relinking import stale_sessions
from kb.models import Signature
from tests.factories import log

Ingest = Callable[..., Imported]


@pytest.fixture
def stale(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-02"), path="b.md")
    Signature.objects.update(version=3)


def relink(*arguments: str) -> str:
    out = StringIO()
    call_command("relink", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("stale")
def test_it_says_what_it_did() -> None:
    assert "Linked the errors and next steps of 2 sessions again" in relink()
    assert relink("--quiet") == ""
    assert "linked already" in relink()


@pytest.mark.usefixtures("stale")
def test_it_ends_with_the_process_that_started_it(monkeypatch: pytest.MonkeyPatch) -> None:
    parents = iter([1234, 1])
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    assert "Stopped after 1 of 2 sessions." in relink("--while-child-of", "1234")
    assert len(stale_sessions()) == 1


@pytest.mark.usefixtures("stale")
def test_it_does_nothing_for_a_process_that_ended_before_it_began() -> None:
    assert "Stopped after 0 of 2 sessions." in relink("--while-child-of", str(os.getpid()))
    assert len(stale_sessions()) == 2
