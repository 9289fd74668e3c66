"""`manage.py issues`: issues with their places, as lines for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from kb.importing import Imported
from kb.queries import issue_places
from sessions.models import Error
from tests.factories import LEDGER, OPEN, log

Ingest = Callable[..., Imported]


@pytest.fixture
def logs(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="harbor/a.md")
    ingest(log("2026-03-09", OPEN), path="harbor/b.md")
    ingest(LEDGER, path="quay/c.md", project="quay")


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("issues", *arguments, stdout=out)
    return out.getvalue()


def as_json(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed("--json", *arguments).splitlines()]


@pytest.mark.usefixtures("logs")
def test_an_issue_is_a_line_of_json_with_all_its_places() -> None:
    (issue,) = as_json("--project", "harbor")
    assert {name: issue[name] for name in ("title", "state", "projects", "sessions")} == {
        "title": "Missing total column", "state": "regressed", "projects": ["harbor"], "sessions": 2,
    }  # fmt: skip
    first, last = issue["occurrences"]
    error = Error.objects.earliest("pk")
    assert first == {
        "path": "harbor/a.md", "line": error.line, "mentions": error.mentions, "session": error.session_id,
        "date": "2026-03-01", "status": "fixed",
    }  # fmt: skip
    assert (last["path"], last["date"], last["status"]) == ("harbor/b.md", "2026-03-09", "open")


def test_a_log_under_two_paths_is_in_two_places(ingest: Ingest) -> None:
    for path in ("harbor/a.md", "harbor/copy.md"):
        ingest(log("2026-03-01"), path=path)
    (issue,) = as_json()
    assert [place["path"] for place in issue["occurrences"]] == ["harbor/a.md", "harbor/copy.md"]
    assert issue["sessions"] == 1


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        ((), ["Missing total column", "Export of the ledger writes every line twice in the night"]),
        (("--state", "new"), ["Export of the ledger writes every line twice in the night"]),
        (("--state", "held"), []),
        (("--project", "harbor", "--state", "new"), []),
    ],
)
def test_issues_are_filtered_as_on_their_page(arguments: tuple[str, ...], titles: list[str]) -> None:
    assert [issue["title"] for issue in as_json(*arguments)] == titles


@pytest.mark.usefixtures("logs")
def test_people_get_a_short_list() -> None:
    lines = printed("--project", "harbor").splitlines()
    assert len(lines) == 3
    assert "regressed  2 sessions  harbor  Missing total column" in lines[0]
    assert "harbor/a.md:" in lines[1]
    assert "2026-03-01  fixed" in lines[1]
    assert printed("--state", "held") == "No issue matches.\n"


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--project", "pier"), "There is no project “pier”. The projects are: harbor, quay."),
        (("--state", "shut"), "There is no state “shut”. The states are: regressed, open, recurring,"),
    ],
)
def test_an_unknown_name_is_answered_with_those_there_are(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        printed(*arguments)


def test_more_issues_of_a_chunk_cost_no_more_queries(
    ingest: Ingest, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("anchor", "bollard", "capstan", "dredger", "estuary", "ferry")
    for day, name in enumerate(names, start=1):
        ingest(LEDGER.replace("ledger", name).replace("03-20", f"03-{day:02}"), path=f"{name}.md")
    with django_assert_max_num_queries(7):
        assert sum(len(issue["occurrences"]) for issue in as_json()) == len(names)
    monkeypatch.setattr(issue_places, "_ISSUES_AT_ONCE", 1)
    assert sum(len(issue["occurrences"]) for issue in as_json()) == len(names)
