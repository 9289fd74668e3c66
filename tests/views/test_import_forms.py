"""What the forms for importing accept, and what they say otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.datastructures import MultiValueDict
from pytest_django import Settings

from kb.forms.imports import FolderForm, LogChoiceForm, PasteForm, SelectionForm, UploadForm
from kb.importing import Imported
from kb.models import ApiToken, Import, ImportOrigin, MaskedSecret
from kb.people.api_tokens import make_token
from tests.factories import log
from tests.importing.conftest import text_of


def upload_form(*names: str) -> UploadForm:
    files = MultiValueDict({"logs": [SimpleUploadedFile(name, b"") for name in names]})
    return UploadForm(QueryDict(), files)


def test_the_project_of_a_paste_is_no_folder() -> None:
    shown = [str(form["project"]) for form in (UploadForm(), PasteForm())]
    assert ["the name of its folder" in field for field in shown] == [True, False]
    assert 'placeholder="unnamed"' in shown[1]


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (["a.md"], "a.md"),
        (["a.md", "b.md", "c.md"], "a.md, b.md, c.md"),
        (["a.md", "b.md", "c.md", "d.md", "e.md"], "a.md, b.md, c.md and 2 more"),
    ],
)
def test_an_upload_is_labelled_by_its_first_files(names: list[str], label: str) -> None:
    form = upload_form(*names)
    assert form.is_valid(), form.problem
    assert form.label() == label


def test_an_upload_needs_a_file() -> None:
    assert upload_form().problem == "Choose at least one file to import."


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("evening", "evening.md"),
        ("evening.txt", "evening.txt"),
        ("EVENING.MD", "EVENING.MD"),
        ("", r"pasted-\d{4}-.*\.md"),
    ],
)
def test_a_paste_has_a_file_name(name: str, file_name: str) -> None:
    form = PasteForm({"text": "# Log\r\n\r\n  - indented\r\n", "name": name})
    assert form.is_valid(), form.problem
    assert form.cleaned_data["text"] == "# Log\n\n  - indented\n"
    assert re.fullmatch(file_name, form.file_name())


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_a_paste_needs_text(text: str) -> None:
    assert PasteForm({"text": text}).problem == "Paste the text of a log first."


def test_a_folder_must_be_allowed(settings: Settings, tmp_path: Path) -> None:
    settings.IMPORT_FOLDERS = [tmp_path]
    (tmp_path / "logs").mkdir()
    form = FolderForm({"folder": f"{tmp_path}/logs"})
    assert form.is_valid()
    assert form.cleaned_data["folder"] == tmp_path / "logs"
    assert "is not a folder" in FolderForm({"folder": f"{tmp_path}/missing"}).problem
    assert "Add it to IMPORT_FOLDERS" in FolderForm({"folder": "/etc"}).problem
    assert "the home of a user who does not exist" in FolderForm({"folder": "~nosuchuser/logs"}).problem
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert "leads in a circle" in FolderForm({"folder": f"{tmp_path}/circle"}).problem
    assert "is not a folder" in FolderForm({"folder": f"{tmp_path}/{'x' * 300}"}).problem


@pytest.mark.parametrize(
    ("query", "selected"),
    [
        ("all=1&shown=1&shown=2", {1, 2, 3}),
        ("shown=1&shown=2&log=2", {2, 3}),  # the third is beyond what the page shows
        ("shown=1&shown=2&shown=3", set()),
        ("shown=x&log=-1", {1, 2, 3}),
    ],
)
def test_logs_are_selected_by_what_was_unchecked(query: str, selected: set[int]) -> None:
    assert SelectionForm(QueryDict(query)).selected([1, 2, 3]) == selected


@pytest.mark.parametrize(
    ("choice", "cleaned"), [("2:0", (2, 0)), ("", None), ("1", None), ("x:y", None), ("1:-1", None)]
)
def test_a_namesake_is_chosen_by_two_numbers(choice: str, cleaned: tuple[int, int] | None) -> None:
    form = LogChoiceForm({"choice": choice})
    assert (form.cleaned_data["choice"] if form.is_valid() else None) == cleaned


def test_what_was_typed_stays_when_it_is_refused(signed_in: Client) -> None:
    page = signed_in.post("/import/paste/", {"text": " ", "name": "evening", "project": "harbor"})
    assert page.status_code == 400
    assert 'value="evening"' in text_of(page)
    assert 'value="harbor"' in text_of(page)


def test_selecting_nothing_imports_nothing(signed_in: Client, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    address = signed_in.post("/import/paste/", {"text": log(), "name": "evening"})["Location"]
    page = signed_in.post(f"{address}import/", {"shown": "1"}, follow=True)
    assert "Select at least one log to import." in text_of(page)
    assert not Import.objects.exists()
    assert "Nothing was imported." in text_of(signed_in.post(f"{address}discard/", follow=True))


def test_an_unknown_action_changes_nothing(signed_in: Client) -> None:
    run = Import.objects.create(origin=ImportOrigin.UPLOAD)
    signed_in.post(f"/import/{run.pk}/act/", {"action": "explode"})
    run.refresh_from_db()
    assert (run.state, run.cancel_requested) == ("running", False)


def test_verdicts_are_confirmed_and_unknown_ones_refused(signed_in: Client, ingest: Callable[..., Imported]) -> None:
    ingest(log() + "\npassword = hunter2-hunter2\n")
    address = f"/import/secrets/{MaskedSecret.objects.get().pk}/"
    for verdict, said in (("real", "Marked as real credential."), ("", "Marked as to review."), ("maybe", "maybe")):
        assert said in text_of(signed_in.post(address, {"verdict": verdict}, follow=True))
    assert MaskedSecret.objects.get().verdict == ""


def test_secrets_are_filtered_by_rule(signed_in: Client, ingest: Callable[..., Imported]) -> None:
    ingest(log() + "\npassword = hunter2-hunter2\n")
    rule = MaskedSecret.objects.get().rule
    assert "password = ***" in text_of(signed_in.get("/import/secrets/", {"rule": rule, "verdict": "nonsense"}))
    assert "Nothing to review." in text_of(signed_in.get("/import/secrets/", {"rule": "another"}))


def test_tokens_need_a_purpose_and_belong_to_one_person(signed_in: Client) -> None:
    assert "Say what the token is for." in text_of(signed_in.post("/import/tokens/", {"name": ""}))
    assert not ApiToken.objects.exists()
    make_token(User.objects.create_user("lee"), "lee's job")
    assert "lee&#x27;s job" not in text_of(signed_in.get("/import/tokens/"))
    assert signed_in.post(f"/import/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
    make_token(User.objects.get(username="dana"), "nightly job")
    mine = ApiToken.objects.get(name="nightly job")
    page = signed_in.post(f"/import/tokens/{mine.pk}/revoke/", follow=True)
    assert "Revoked the token “nightly job”." in text_of(page)


def test_the_api_says_which_name_is_too_long(client: Client, engineer: User) -> None:
    headers = {"authorization": f"Bearer {make_token(engineer, 'nightly')}"}
    address = f"/api/v1/import?name={'x' * 301}"
    answer = client.post(address, "# Log", content_type="text/markdown", headers=headers)
    assert (answer.status_code, answer.json()["problem"]) == (400, "A name has at most 300 characters.")


def test_the_review_of_secrets_reads_no_texts_of_logs(signed_in: Client, ingest: Callable[..., Imported]) -> None:
    ingest(log() + "\npassword = hunter2horse\n")
    with CaptureQueriesContext(connection) as queries:
        assert "password = ***" in text_of(signed_in.get("/import/secrets/"))
    assert not [one["sql"] for one in queries if '"session_logs_log"."text"' in one["sql"]]
