"""What people do on the pages of issues: narrow, decide with a preview, and take back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kb.importing import Imported
from kb.models import GroupingDecision, GroupingRule, Issue, IssueEvent, Occurrence, TrackedStep
from sessions.models import Error, SessionLog
from tests.factories import OPEN, log
from tests.views.test_next_steps import header_link

Ingest = Callable[..., Imported]
LEDGER = """# Session

**Date**: 2026-03-20

## Errors

- Export of the ledger writes every line twice in the night
- `psycopg2.errors.UndefinedColumn: column "total" of relation "orders" does not exist`
"""


@pytest.fixture
def logs(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-09", OPEN), path="b.md")
    ingest(LEDGER, path="c.md")


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def total_issue() -> Issue:
    return Issue.objects.get(title__startswith="Missing total")


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?state=regressed", "Missing total column", "Export of the ledger"),
        ("?state=new", "Export of the ledger", "Missing total column"),
        ("?words=ledger", "Export of the ledger", "Missing total column"),
        ("?project=nowhere", "No issue matches", "Missing total column"),
        ("?sort=title", "Missing total column", "No issue matches"),
        ("?sort=latest&page=9", "Missing total column", "No issue matches"),
    ],
)
def test_a_list_is_narrowed_by_its_address(signed_in: Client, logs: None, query: str, shown: str, hidden: str) -> None:
    html = page(signed_in, reverse("issues") + query)
    assert shown in html
    assert hidden not in html


def test_an_issue_shows_whether_its_fixes_held(signed_in: Client, logs: None) -> None:
    html = page(signed_in, reverse("issue", args=[total_issue().pk]))
    assert "came back after 8 d" in html
    assert "the same words" in html
    assert "migration did not run" in html
    assert "python manage.py migrate" not in html  # that command belongs to no fix


def test_a_merge_is_shown_first_and_can_be_undone(signed_in: Client, logs: None) -> None:
    chosen = {"issue": list(Issue.objects.values_list("pk", flat=True))}
    preview = signed_in.post(reverse("merge-issues"), chosen).content.decode()
    assert "Merge 2 issues into one?" in preview
    assert not GroupingDecision.objects.exists()
    response = signed_in.post(reverse("merge-issues"), {**chosen, "confirmed": "1"})
    assert response.status_code == 302
    assert "Undo the merge" in page(signed_in, response.headers["Location"])
    signed_in.post(reverse("undo-decision", args=[GroupingDecision.objects.get().pk]))
    assert Issue.objects.filter(merged_into=None).count() == 2


def test_a_split_is_shown_first(signed_in: Client, logs: None) -> None:
    issue = total_issue()
    error = Error.objects.filter(occurrence__issue=issue).order_by("-pk").first()
    assert error is not None
    address = reverse("split-issue", args=[issue.pk])
    assert "Split off 1 occurrence?" in signed_in.post(address, {"error": error.pk}).content.decode()
    signed_in.post(address, {"error": error.pk, "confirmed": "1"})
    error.refresh_from_db()
    assert Error.objects.get(pk=error.pk).occurrence.issue != issue


def test_a_choice_that_makes_no_sense_is_told(signed_in: Client, logs: None) -> None:
    html = signed_in.post(reverse("merge-issues"), {"issue": [total_issue().pk]}, follow=True).content.decode()
    assert "Choose at least two issues to merge." in html


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ({"action": "resolve"}, "resolved"),
        ({"action": "ignore"}, "ignored"),
        ({"action": "rename", "name": "Orders lack their total"}, "Orders lack their total"),
        ({"action": "assign", "assignee": "engineer"}, "assigned to engineer"),
        ({"action": "comment", "text": "<b>seen again</b>"}, "&lt;b&gt;seen again&lt;/b&gt;"),
        ({"action": "comment", "text": " "}, "Write something"),
    ],
)
def test_what_a_person_says_is_on_the_page(
    signed_in: Client, logs: None, django_user_model: type, form: dict[str, str], shown: str
) -> None:
    django_user_model.objects.get_or_create(username="engineer")  # type: ignore[attr-defined]
    html = signed_in.post(reverse("act-on-issue", args=[total_issue().pk]), form, follow=True).content.decode()
    assert shown in html


def test_a_rule_is_shown_on_what_is_here_before_it_is_made(signed_in: Client, logs: None) -> None:
    form = {"words": '"every line" twice', "name": "Doubled lines", "project": ""}
    assert "1 error would be" in signed_in.post(reverse("rules"), form).content.decode()
    assert not GroupingRule.objects.exists()
    signed_in.post(reverse("rules"), {**form, "confirmed": "1"})
    assert Issue.objects.get(name="Doubled lines").occurrences.count() == 1
    signed_in.post(reverse("undo-rule", args=[GroupingRule.objects.get().pk]))
    assert not Issue.objects.filter(name="Doubled lines").exists()
    assert "Give at least one word" in signed_in.post(reverse("rules"), {"words": "a", "name": "x"}).content.decode()


def test_the_header_marks_issues_on_all_their_pages(signed_in: Client, logs: None) -> None:
    issue, issues = total_issue(), {"issue": list(Issue.objects.values_list("pk", flat=True))}
    first = {"error": issue.occurrences.values_list("error", flat=True)[0]}
    pages = [
        signed_in.get(reverse("issues")),
        signed_in.get(reverse("issue", args=[issue.pk])),
        signed_in.get(reverse("rules")),
        signed_in.post(reverse("merge-issues"), issues),
        signed_in.post(reverse("split-issue", args=[issue.pk]), first),
    ]
    for response in pages:
        assert header_link(response.content.decode()) == "Issues"


def test_a_merge_is_said_once_with_its_undo(signed_in: Client, logs: None) -> None:
    response = signed_in.post(
        reverse("merge-issues"), {"issue": Issue.objects.values_list("pk", flat=True), "confirmed": 1}
    )
    merged = page(signed_in, response.headers["Location"])
    undo = reverse("undo-decision", args=[GroupingDecision.objects.get().pk])
    assert "Merged 2 issues into one." in merged
    assert f'formaction="{undo}"' in merged
    assert 'id="undo"' in merged
    assert "Merged 2 issues" not in page(signed_in, response.headers["Location"])


@pytest.fixture
def merged(signed_in: Client, logs: None) -> tuple[Issue, Issue]:
    """An issue that somebody else has merged away, and the one that has its errors now."""
    ledger = Issue.objects.get(title__startswith="Export of the ledger")
    for issue in Issue.objects.all():
        signed_in.post(reverse("act-on-issue", args=[issue.pk]), {"action": "comment", "text": "seen"})
    signed_in.post(reverse("merge-issues"), {"issue": [total_issue().pk, ledger.pk], "confirmed": "1"})
    gone = Issue.objects.exclude(merged_into=None).get()
    assert gone.merged_into is not None
    return gone, gone.merged_into


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_an_issue_that_was_merged_meanwhile_is_not_merged_again(
    signed_in: Client, merged: tuple[Issue, Issue], ingest: Ingest, confirmed: str
) -> None:
    gone, heir = merged
    ingest("# Session\n\n## Errors\n\n- KeyError: 'berth' in the crane scheduler\n", path="d.md")
    crane = Issue.objects.get(title__contains="crane scheduler")
    for chosen in ([gone.pk, heir.pk], [gone.pk, crane.pk]):
        sent = {"issue": chosen, "confirmed": confirmed}
        html = signed_in.post(reverse("merge-issues"), sent, follow=True).content.decode()
        assert "in the meantime. Nothing was changed." in html
    assert GroupingDecision.objects.count() == 1
    removed = {"issue": [heir.pk, crane.pk, 9999], "confirmed": confirmed}
    assert "Choose again." in signed_in.post(reverse("merge-issues"), removed, follow=True).content.decode()


def test_nothing_is_done_to_an_issue_that_was_merged_meanwhile(
    signed_in: Client, merged: tuple[Issue, Issue], engineer: User
) -> None:
    gone, heir = merged
    events = IssueEvent.objects.count()
    for sent in ({"action": "resolve"}, {"action": "rename", "name": "x"}, {"action": "comment", "text": "x"}):
        html = signed_in.post(reverse("act-on-issue", args=[gone.pk]), sent, follow=True).content.decode()
        assert f"was merged into “{heir}” in the meantime" in html
    gone.refresh_from_db()
    assert (gone.resolved_at, gone.name, IssueEvent.objects.count()) == (None, "", events)


def test_what_is_undone_twice_is_told(signed_in: Client, merged: tuple[Issue, Issue]) -> None:
    address = reverse("undo-decision", args=[GroupingDecision.objects.get().pk])
    assert "The merge was undone." in signed_in.post(address, follow=True).content.decode()
    response = signed_in.post(address, follow=True)
    assert "The merge had been undone already." in response.content.decode()
    assert response.redirect_chain[-1][0] in {reverse("issue", args=[issue.pk]) for issue in merged}


def test_a_decision_on_steps_is_not_undone_as_one_on_issues(signed_in: Client, logs: None) -> None:
    both = {"step": list(TrackedStep.objects.values_list("pk", flat=True)), "confirmed": "1"}
    signed_in.post(reverse("merge-next-steps"), both)
    decision = GroupingDecision.objects.get()
    assert signed_in.post(reverse("undo-decision", args=[decision.pk])).status_code == 404
    decision.refresh_from_db()
    assert decision.undone_at is None


def test_issues_need_a_sign_in(client: Client, db: None) -> None:
    for name in ("rules", "merge-issues"):
        assert client.post(reverse(name)).headers["Location"].startswith("/sign-in/")


MANY = 1_100  # SQLite refuses an expression of more than a thousand parts


def test_more_issues_than_an_expression_may_have_parts(signed_in: Client, ingest: Ingest) -> None:
    ingest(log())
    session = SessionLog.objects.get()
    lines = {"session": session, "line": 1, "first_line": 1, "last_line": 1, "mentions": []}
    errors = Error.objects.bulk_create(
        Error(key=f"many {n}", position=n + 10, title=f"Berth {n} is lost", status="open", **lines) for n in range(MANY)
    )
    issues = Issue.objects.bulk_create(Issue(title=error.title) for error in errors)
    signature = Occurrence.objects.all()[0].signature
    Occurrence.objects.bulk_create(
        Occurrence(error=error, issue=issue, signature=signature) for error, issue in zip(errors, issues, strict=True)
    )
    assert "1,100 issues" in page(signed_in, reverse("issues") + "?state=new&sort=often")
    assert signed_in.get("/search/?q=type:error+is:held").status_code == 200
    assert "Berth 7 is lost" in page(signed_in, "/handover/?project=harbor&from=2026-01-01&to=2026-12-31")
