"""`manage.py met`: whether an error was met before, in words and as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from kb.importing import Imported
from kb.models import Issue
from tests.factories import OPEN, log
from tests.views.test_api_calls import bearing
from tests.views.test_met_api import TRACE, WITH_COMMAND

Ingest = Callable[..., Imported]
ASKED = 'column "total" of relation "orders" does not exist'


@pytest.fixture
def logs(ingest: Ingest) -> None:
    ingest(log("2026-03-01", WITH_COMMAND))
    ingest(log("2026-03-09", OPEN), path="harbor/2026-03-09.md")


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("met", *arguments, stdout=out)
    return out.getvalue()


def on_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.usefixtures("logs")
def test_an_error_is_told_with_its_fix() -> None:
    said = printed(ASKED)
    issue = Issue.objects.get()
    assert "Missing total column" in said
    assert f"/issues/{issue.pk}/" in said
    assert "regressed: met in 2 sessions, came back after 8 days" in said
    assert "Best fix, which held for 8 days, then the problem came back" in said
    assert "ran the migration by hand" in said
    assert said.count("make migrate") == 1  # in the lines of the fix, and so not once more
    assert "Cause: migration did not run" in said


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_trace_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    on_stdin(monkeypatch, TRACE.encode(encoding))
    assert "Missing total column" in printed()


@pytest.mark.usefixtures("logs")
def test_json_is_what_the_api_answers(client: Client, engineer: User) -> None:
    answer = client.post("/api/v1/met", ASKED, content_type="text/plain", headers=bearing(engineer)).json()
    told = json.loads(printed(ASKED, "--json"))
    assert json.loads(json.dumps(told).replace("http://127.0.0.1:8000/", "http://testserver/")) == answer


@pytest.mark.usefixtures("logs")
def test_what_was_not_met_is_said() -> None:
    assert "Not met before" in printed("KeyError: crane_id in berth planning")
    assert json.loads(printed("KeyError: crane_id in berth planning", "--json"))["issues"] == []


def test_an_issue_without_a_fix_says_so(ingest: Ingest) -> None:
    ingest("# Day\n\n**Date**: 2026-03-01\n\n## Errors\n\n- KeyError: crane_id in berth planning\n")
    assert "No session mentions a fix yet." in printed("KeyError: crane_id in berth planning")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "said"), [("", "Give the error"), (" \n", "Give the error"), ("x" * 200_001, "200,000 characters")]
)
def test_without_an_error_there_is_nothing_to_say(monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("met", text)
    on_stdin(monkeypatch, text.encode())
    with pytest.raises(CommandError, match=said):
        call_command("met")
