"""The admin shows what is known and writes none of it; users are made there, and logs go with all they brought."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.importing import Imported
from kb.linking import deciding, rules
from kb.models import Issue, SearchEntry, TrackedStep
from kb.search.results.find import search
from sessions.models import Error, Log, SessionLog
from tests.factories import OPEN, log

Ingest = Callable[..., Imported]
KNOWN = [model for model in admin.site._registry if model._meta.app_label in ("kb", "session_logs")]
known = pytest.mark.parametrize("model", KNOWN, ids=lambda model: model._meta.label_lower)


@pytest.fixture
def logs(ingest: Ingest, engineer: User) -> None:
    """Rows in every table that the admin shows, or nearly."""
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-09", OPEN), path="b.md")
    deciding.comment(Issue.objects.get(), "seen again", engineer)
    rules.add_rule("gateway timeout", "Gateway", "", engineer)


def address(model: type[Model], page: str, *numbers: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=numbers)


def test_browsers_that_ask_for_an_icon_get_the_one_of_the_site(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].startswith("/static/icon")


@known
def test_rows_are_looked_up_and_not_written(signed_in: Client, logs: None, model: type[Model]) -> None:
    assert signed_in.get(address(model, "changelist")).status_code == 200
    assert signed_in.get(address(model, "add")).status_code == 403
    row = model._default_manager.first()
    if row is None:
        return
    shown = signed_in.get(address(model, "change", row.pk))
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.content.decode()
    assert signed_in.post(address(model, "change", row.pk), {"title": "corrected"}).status_code == 403
    if model is not Log:
        assert signed_in.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        signed_in.post(
            address(model, "changelist"), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        )
    assert model._default_manager.filter(pk=row.pk).exists()


def test_users_are_made_changed_and_removed(signed_in: Client, logs: None) -> None:
    form = {"username": "lee", "usable_password": "true", "password1": "pier-9-lantern", "password2": "pier-9-lantern"}
    signed_in.post(reverse("admin:auth_user_add"), form)
    lee = User.objects.get(username="lee")
    assert "lee" in signed_in.get(reverse("admin:auth_user_changelist")).content.decode()
    deciding.comment(Issue.objects.get(), "mine", lee)
    signed_in.post(reverse("admin:auth_user_delete", args=[lee.pk]), {"post": "yes"})
    assert not User.objects.filter(username="lee").exists()
    assert Issue.objects.get().events.count() == 2  # what was said stays


@pytest.mark.parametrize("how", ["one", "chosen"])
def test_a_log_goes_with_all_that_hangs_on_it(signed_in: Client, ingest: Ingest, how: str) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-01"), path="copy-of-a.md")
    ingest(log("2026-03-09", OPEN.replace("total", "currency")), path="b.md")
    gone = Log.objects.get(paths__path="a.md")
    page = address(Log, "delete", gone.pk) if how == "one" else address(Log, "changelist")
    chosen = {"action": "delete_selected", "_selected_action": [gone.pk]} if how == "chosen" else {}
    asked = signed_in.get(page) if how == "one" else signed_in.post(page, chosen)
    assert "a.md" in asked.content.decode()
    assert Log.objects.count() == 2
    assert signed_in.post(page, {**chosen, "post": "yes"}, follow=True).status_code == 200
    assert [str(left) for left in Log.objects.all()] == ["b.md"]
    assert search("total").total == 0
    assert set(SearchEntry.objects.values_list("session", flat=True)) == {SessionLog.objects.get().pk}
    assert "total" not in " ".join(Issue.objects.values_list("title", flat=True))
    assert not TrackedStep.objects.filter(mentions=None).exists()
    for shown in ("/", "/issues/", "/next-steps/", "/search/?q=currency", "/handover/?project=harbor"):
        assert signed_in.get(shown).status_code == 200


def test_errors_that_somebody_dealt_with_outlive_their_log(signed_in: Client, ingest: Ingest, engineer: User) -> None:
    ingest(log("2026-03-01"), path="a.md")
    deciding.comment(Issue.objects.get(), "keep an eye on it", engineer)
    page = address(Log, "delete", Log.objects.get().pk)
    told = signed_in.post(page, {"post": "yes"}, follow=True).content.decode()
    assert "removed, except for errors that somebody has acted on" in told
    assert Error.objects.get().occurrence.issue.events.count() == 1
    assert search("total").total == 0
    assert signed_in.post(page, {"post": "yes"}).status_code == 403


def test_the_list_of_logs_reads_no_texts_and_costs_the_same_for_more(signed_in: Client, ingest: Ingest) -> None:
    counts = []
    for first in (1, 11):
        for day in range(first, first + 9):
            ingest(log(f"2026-03-{day:02}"), path=f"{day}.md")
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(address(Log, "changelist")).status_code == 200
        counts.append(len(queries))
        assert not [one["sql"] for one in queries if '"session_logs_log"."text"' in one["sql"]]
    assert counts[0] == counts[1]
