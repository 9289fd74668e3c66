"""The page of an issue: what to do now, what was tried, and where it was met."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kb.importing import Imported
from kb.linking.reasons import SharedPart, shared_parts
from kb.models import Issue, Occurrence
from sessions.models import Error
from tests.factories import FIXED, OPEN, log

Ingest = Callable[..., Imported]
STEPS = FIXED.replace("- **Fix**: ran the migration by hand", "- **Fix**: ran `make migrate` by hand")
UNTOLD = """# Session

**Date**: {day}

## Errors

- Export of the ledger writes every line twice in the night
"""


def one_issue() -> Issue:
    """Puts all errors into one issue, whatever they say."""
    first = Occurrence.objects.earliest("pk")
    Occurrence.objects.update(issue=first.issue_id)
    return Issue.objects.get(pk=first.issue_id)


def page(client: Client) -> str:
    html = client.get(reverse("issue", args=[one_issue().pk])).content.decode()
    return re.sub(r"\s+", " ", html)


def advice(client: Client) -> str:
    found = re.search(r'<section class="advice".*?</section>', page(client))
    assert found
    return found[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_fix_that_held_is_told_in_its_own_lines(signed_in: Client, ingest: Ingest) -> None:
    ingest(log("2026-03-01", OPEN), path="a.md")
    ingest(log("2026-03-09", STEPS), path="b.md")
    shown = advice(signed_in)
    assert "<strong>Fix</strong>: ran <code>make migrate</code> by hand" in shown
    assert "has not been seen since" in shown
    assert "<b>Cause</b> migration did not run" in shown
    assert "<pre><code>make migrate</code></pre>" in shown
    assert "No fix has held" not in shown


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([FIXED, OPEN], ["No fix has held so far.", "it was left open", "came back after 1 d", "ran the migration"]),
        ([OPEN], ["No fix has held so far.", "Nothing helped.", "restarted the worker"]),
        ([UNTOLD], ["No session mentions a fix yet.", "the log does not say how it ended"]),
        (["**Status**: complete\n\n" + UNTOLD], ["It counts as fixed, but no session says how.", "or is complete"]),
    ],
)
def test_if_nothing_held_the_page_says_so_and_how_it_was_left(
    signed_in: Client, ingest: Ingest, texts: list[str], expected: list[str]
) -> None:
    for day, text in enumerate(texts, start=1):
        ingest(log(f"2026-03-{day:02}", text), path=f"{day}.md")
    shown = words(advice(signed_in))
    assert [part for part in expected if part not in shown] == []


def test_a_fix_that_left_its_log_is_told_by_its_title(signed_in: Client, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    Error.objects.update(in_log=False)
    assert "<p>ran the migration by hand</p>" in advice(signed_in)


def test_attempts_are_in_order_of_time_with_failures_marked(signed_in: Client, ingest: Ingest) -> None:
    ingest(log("2026-03-09"), path="b.md")
    ingest(log("2026-03-01", OPEN), path="a.md")
    found = re.search(r'<ol class="ladder.*?</ol>', page(signed_in))
    assert found
    rungs = found[0].split("<li")[1:]
    assert ["restarted the worker" in rungs[0], "has-failed" in rungs[0]] == [True, True]
    assert ["ran the migration" in rungs[1], "has-failed" in rungs[1], "shown above" in rungs[1]] == [True, False, True]


def test_occurrences_with_the_same_words_are_one_line_that_unfolds(signed_in: Client, ingest: Ingest) -> None:
    for day in range(1, 9):
        ingest(log(f"2026-03-{day:02}"), path=f"{day}.md")
    ingest(UNTOLD.format(day="2026-03-20"), path="other.md")
    html = page(signed_in)
    assert "and 7 more with the same words" in html
    assert html.count("with the same words") == 1
    assert html.count('name="error"') == 9


def test_the_same_problem_of_another_project_is_shown_with_its_fix(signed_in: Client, ingest: Ingest) -> None:
    ingest(log("2026-03-01", OPEN), path="a.md", project="harbor")
    ingest(log("2026-03-09"), path="b.md", project="quay")
    issue = Issue.objects.get(occurrences__error__session__project__name="harbor")
    html = signed_in.get(reverse("issue", args=[issue.pk])).content.decode()
    elsewhere = words(html.partition('<section aria-labelledby="elsewhere">')[2].partition("</section>")[0])
    assert "quay" in elsewhere
    assert "ran the migration by hand" in elsewhere
    assert "the same" in elsewhere
    assert Issue.objects.count() == 2


def test_more_occurrences_cost_no_more_queries(
    signed_in: Client, ingest: Ingest, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(1, 12):
        ingest(log(f"2026-03-{day:02}", FIXED if day % 2 else OPEN), path=f"{day}.md")
        ingest(UNTOLD.format(day=f"2026-03-{day:02}"), path=f"other-{day}.md")
    issue = one_issue()
    with django_assert_max_num_queries(35):
        assert signed_in.get(reverse("issue", args=[issue.pk])).status_code == 200


@pytest.mark.parametrize(
    ("matched", "expected"),
    [
        (
            {"objects": ["orders"], "codes": ["403"], "failure": "absent", "meaning": 0.914, "words": ["the"]},
            [("same object", "orders"), ("same code", "403"), ("same kind of failure", "absent"), ("0.91 in meaning",)],
        ),
        (
            {"objects": ["a", "b"], "exception": "KeyError"},
            [("same objects", "a", "b"), ("same exception", "KeyError")],
        ),
        ({"objects": [], "words": ["export", "twice"]}, [("same words", "export", "twice")]),
        ({}, []),
    ],
)
def test_the_reason_of_a_link_is_told_in_words(matched: dict[str, object], expected: list[tuple[str, ...]]) -> None:
    assert shared_parts(matched) == [SharedPart(words, tuple(values)) for words, *values in expected]
