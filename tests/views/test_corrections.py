"""The pages on which records are put right: of a stored session, and of a log before it is imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from kb.importing import Imported
from kb.importing.compose import import_prepared
from kb.importing.preview import preview_some
from kb.importing.runs import begin, import_content
from kb.importing.staging import Batch, new_batch
from kb.models import Correction, ImportOrigin
from sessions.models import Error, SessionLog
from tests.factories import log
from tests.importing.conftest import text_of

Ingest = Callable[..., Imported]
HTMX = {"HX-Request": "true", "HX-Target": "records"}


@pytest.fixture
def session(ingest: Ingest) -> SessionLog:
    return ingest(log()).log.sessions.get()


@pytest.fixture
def batch(engineer: User, settings: Settings, tmp_path: Path) -> Batch:
    settings.DATA_DIR = tmp_path / "data"
    staged = new_batch(engineer.pk, ImportOrigin.UPLOAD, "orders.md")
    staged.add("harbor/orders.md", log().encode(), "harbor")
    while preview_some(staged):
        pass
    return staged


def test_a_correction_brings_the_records_back_without_a_reload(signed_in: Client, session: SessionLog) -> None:
    address, key = reverse("correct", args=[session.pk]), session.error_set.get().key
    html = text_of(signed_in.post(address, {"said": f"not errors {key}"}, headers=HTMX))
    assert "Not an error: “Missing total column”" in html
    assert "<html" not in html
    undo = reverse("undo-correction", args=[session.pk])
    html = text_of(signed_in.post(undo, {"event": Correction.objects.get().pk}, headers=HTMX))
    assert "Undone" in html
    assert session.error_set.count() == 1
    assert "undone already" in text_of(signed_in.post(undo, {"event": Correction.objects.get().pk}, headers=HTMX))


def test_a_correction_is_undone_on_the_page_of_its_session(
    signed_in: Client, session: SessionLog, ingest: Ingest
) -> None:
    other = ingest(log("2026-03-02"), path="harbor/other.md").log.sessions.get()
    key = session.error_set.get().key
    signed_in.post(reverse("correct", args=[session.pk]), {"said": f"not errors {key}"})
    sent = {"event": Correction.objects.get().pk}
    html = text_of(signed_in.post(reverse("undo-correction", args=[other.pk]), sent, headers=HTMX))
    assert "is about another session" in html
    assert signed_in.post(reverse("undo-correction", args=[99_999]), sent).status_code == 404
    assert Correction.objects.get().undone_at is None


def test_without_scripts_a_correction_leads_back_to_the_session(signed_in: Client, session: SessionLog) -> None:
    address = reverse("correct", args=[session.pk])
    response = signed_in.post(address, {"named": "learnings", "first": 3, "last": 4})
    assert response.headers["Location"] == reverse("session", args=[session.pk])
    assert session.learning_set.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a record first"),
        ({"said": "not errors 00"}, "This record is not there any more"),
        ({"said": "not cats 00"}, "Choose a record first"),
        ({"named": "errors"}, "Select lines of the source first"),
        ({"named": "errors", "first": 5000}, "are not in this session"),
        ({"named": "errors", "first": 3, "read": "0" * 64}, "Somebody has just imported this log again"),
    ],
)
def test_what_makes_no_sense_is_answered_by_a_sentence(
    signed_in: Client, session: SessionLog, data: dict[str, str], sentence: str
) -> None:
    html = text_of(signed_in.post(reverse("correct", args=[session.pk]), data, headers=HTMX))
    assert sentence in html
    assert Correction.objects.count() == 0


def test_a_correction_without_its_lines_is_shown_with_what_it_said(
    signed_in: Client, session: SessionLog, ingest: Ingest
) -> None:
    key = session.error_set.get().key
    signed_in.post(reverse("correct", args=[session.pk]), {"said": f"changed errors {key}", "title": "Total is gone"})
    ingest("\n".join(line for line in log().split("\n") if "total" not in line.lower()))
    html = text_of(signed_in.get(reverse("session", args=[session.pk])))
    assert "Its lines are no longer in the log" in html
    assert "Missing total column" in html


def test_a_preview_names_its_records_and_leads_to_them(signed_in: Client, batch: Batch) -> None:
    html = text_of(signed_in.get(reverse("staged", args=[batch.token])))
    assert "error: Missing total column" in html
    html = text_of(signed_in.get(reverse("staged-records", args=[batch.token, 1])))
    assert "Not an error" in html
    assert "Nothing has been written yet" in html


def test_a_log_is_put_right_before_it_is_imported(signed_in: Client, batch: Batch, engineer: User) -> None:
    page = reverse("staged-records", args=[batch.token, 1])
    key = text_of(signed_in.get(page)).split('value="not errors ')[1].split('"')[0]
    address = reverse("correct-staged", args=[batch.token, 1, 0])
    assert "Not an error" in text_of(signed_in.post(address, {"said": f"not errors {key}"}, headers=HTMX))
    html = text_of(signed_in.post(address, {"named": "errors", "first": 1, "last": 1}, headers=HTMX))
    assert "Now an error" in html
    undo = reverse("undo-staged", args=[batch.token, 1, 0])
    assert "Undone" in text_of(signed_in.post(undo, {"event": 2}, headers=HTMX))
    assert SessionLog.objects.count() == 0
    prepared = batch.prepared(1)
    import_prepared(prepared)
    assert Error.objects.count() == 0
    correction = Correction.objects.get()
    assert (correction.by, correction.session) == (engineer, SessionLog.objects.get())


def test_what_was_put_right_counts_even_if_somebody_imported_the_log_first(signed_in: Client, batch: Batch) -> None:
    page = reverse("staged-records", args=[batch.token, 1])
    key = text_of(signed_in.get(page)).split('value="not errors ')[1].split('"')[0]
    signed_in.post(reverse("correct-staged", args=[batch.token, 1, 0]), {"said": f"not errors {key}"})
    import_content(begin(ImportOrigin.COMMAND, None, "x"), "harbor/orders.md", log().encode(), "harbor")
    assert Error.objects.count() == 1
    import_prepared(batch.prepared(1))
    assert Error.objects.count() == 0


def test_a_staged_log_of_somebody_else_is_not_found(client: Client, batch: Batch) -> None:
    client.force_login(User.objects.create_superuser("kim"))
    assert client.get(reverse("staged-records", args=[batch.token, 1])).status_code == 404


def test_the_errors_of_a_session_are_listed_once_for_all_records(signed_in: Client, ingest: Ingest) -> None:
    told = ("Crane leaks oil", "Winch motor overheats", "Gate jams in the frost", "Ledger export is empty")
    errors = "".join(f"### Issue {at}: {one}\n- **Fix**: oiled it\n\n" for at, one in enumerate(told))
    session = ingest(f"# Session: Cranes\n\n**Date**: 2026-03-01\n\n## Errors\n\n{errors}").log.sessions.get()
    html = text_of(signed_in.get(reverse("session", args=[session.pk])))
    for error in session.error_set.all():
        assert html.count(f'<option value="{error.key}">') == 2  # for records, and for lines
    one, other = session.error_set.all()[:2]
    said = f"folded errors {one.key}"
    assert f'value="{said}"' in html
    signed_in.post(reverse("correct", args=[session.pk]), {"said": said, "other": other.key})
    assert session.error_set.count() == 3
