"""Importing on the pages and by token: what is shown first, what is refused, and what stays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kb.importing import Imported
from kb.models import ApiToken, Import, MaskedSecret, TaughtHeading
from kb.people.api_tokens import make_token
from sessions.models import Error, Learning, Log, NextStep, SessionLog
from tests.factories import TOLD, log
from tests.importing.conftest import text_of, wait_for
from tests.importing.test_archives import packed

Ingest = Callable[..., Imported]
BOXES = "\n## Übrige Kisten\n\n- Die blaue Kiste öffnen\n- Die rote Kiste öffnen\n"


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def dana(client: Client, transactional_db: None) -> Client:
    client.force_login(User.objects.create_superuser("dana", password="correct horse"))
    return client


def upload(client: Client, **files: bytes) -> str:
    """The address of the preview."""
    sent = [SimpleUploadedFile(name.replace("_", "."), content) for name, content in files.items()]
    answer = client.post("/import/stage/", {"logs": sent, "project": "harbor"})
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def run_of(client: Client, address: str, **sent: object) -> Import:
    answer = client.post(f"{address}import/", sent or {"all": "1"})
    return wait_for(Import.objects.get(pk=int(re.findall(r"\d+", answer["Location"])[0])))


def test_files_are_previewed_then_imported(dana: Client) -> None:
    address = upload(dana, a_md=log("2026-03-01").encode(), b_txt=log("2026-03-05").encode(), c_png=b"x")
    shown = text_of(dana.get(address))
    for words in (
        "uploads/harbor/a.md",
        "5 new, 0 changed",
        "c.png: is not a .md",
        "seen for the 2nd time",
        "Import all 2",
    ):
        assert words in shown
    assert not Log.objects.exists()
    run = run_of(dana, address)
    assert (run.state, Log.objects.count()) == ("done", 2)
    page = text_of(dana.get(f"/import/{run.pk}/"))
    assert "2 new, 0 edited, 0 already here, 1 refused" in page
    assert "Undo this import" in page
    dana.post(f"/import/{run.pk}/act/", {"action": "undo"})
    assert (wait_for(run).state, Log.objects.count()) == ("undone", 0)


def test_some_or_none_are_imported(dana: Client) -> None:
    address = upload(dana, a_md=log("2026-03-01").encode(), b_md=log("2026-03-05").encode())
    dana.get(address)
    run_of(dana, address, shown=["1", "2"], log=["2"])
    assert str(SessionLog.objects.get().date) == "2026-03-05"
    address = upload(dana, c_md=log("2026-03-09").encode())
    dana.get(address)
    assert dana.post(f"{address}discard/")["Location"] == "/import/"
    assert dana.get(address).status_code == 404
    assert Log.objects.count() == 1


def test_a_batch_is_imported_once(dana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = previewed(dana, upload(dana, a_md=log("2026-03-01").encode()))
    monkeypatch.setattr("kb.importing.runs.in_background", lambda work, pk: None)
    selected = {"shown": ["1"], "log": ["1"]}
    places = {dana.post(f"{address}import/", selected)["Location"] for _press in range(2)}
    assert places == {f"/import/{Import.objects.get().pk}/"}


def test_an_archive_and_a_paste_are_imported(dana: Client) -> None:
    run_of(dana, previewed(dana, upload(dana, logs_zip=packed({"quay/a.md": log("2026-03-01").encode()}))))
    answer = dana.post("/import/paste/", {"text": log("2026-03-02"), "name": "evening", "project": "harbor"})
    run_of(dana, previewed(dana, answer["Location"]))
    paths = {str(row) for row in Log.objects.all()}
    assert paths == {"uploads/harbor/quay/a.md", "uploads/harbor/evening.md"}


def previewed(client: Client, address: str) -> str:
    assert "Import all" in client.get(address).content.decode()
    return address


def test_a_script_fills_a_batch_in_parts(dana: Client) -> None:
    token = ""
    for day in (1, 2):
        sent = {"logs": SimpleUploadedFile("log.md", log(f"2026-03-0{day}").encode()), "paths": f"quay/{day}.md"}
        answer = dana.post(
            "/import/stage/", {**sent, **({"batch": token} if token else {})}, HTTP_ACCEPT="application/json"
        )
        token = answer.json()["batch"]
    shown = text_of(dana.get(f"/import/staged/{token}/"))
    assert "uploads/~dana/quay/1.md" in shown
    assert "uploads/~dana/quay/2.md" in shown


def test_a_folder_is_read_where_it_is_allowed(dana: Client, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "logs" / "harbor"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text(log("2026-03-01"))
    assert "may not be imported" in text_of(dana.post("/import/folder/", {"folder": str(folder)}))
    settings.IMPORT_FOLDERS = [tmp_path / "logs"]
    assert "is not a folder" in text_of(dana.post("/import/folder/", {"folder": f"{folder}/x"}))
    assert "may not be" in text_of(dana.post("/import/folder/", {"folder": f"{tmp_path}/logs/../other"}))
    run_of(dana, previewed(dana, dana.post("/import/folder/", {"folder": str(folder)})["Location"]))
    assert Log.objects.get().sessions.get().project.name == "harbor"


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("LOG_SIZE_LIMIT", 100, "more than the limit of 100. Split the log, or raise LOG_SIZE_LIMIT."),
        ("LINE_LENGTH_LIMIT", 60, "a.md, line 9: "),
    ],
)
def test_limits_are_said_with_the_file(dana: Client, settings: Settings, setting: str, value: int, said: str) -> None:
    setattr(settings, setting, value)
    assert said in text_of(dana.get(upload(dana, a_md=log("2026-03-01").encode())))


def test_an_upload_over_every_limit_is_refused_and_not_kept(dana: Client, settings: Settings) -> None:
    settings.LOG_SIZE_LIMIT = settings.ARCHIVE_SIZE_LIMIT = 1000
    shown = text_of(dana.get(upload(dana, a_md=b"x" * 500_000)))
    assert "more than the limit of 1,000" in shown


def test_an_upload_too_large_as_a_whole_is_refused_whole(dana: Client, settings: Settings) -> None:
    token = {"authorization": f"Bearer {make_token(User.objects.get(), 'nightly')}"}
    settings.UPLOAD_SIZE_LIMIT = 3000
    said = "larger than the limit of 3,000 bytes. Send the files in several uploads, or raise UPLOAD_SIZE_LIMIT."

    def files() -> dict[str, list[SimpleUploadedFile]]:
        return {"logs": [SimpleUploadedFile(f"{day}.md", log(f"2026-03-0{day}").encode() * 6) for day in (1, 2)]}

    answer = dana.post("/import/stage/", files())
    assert (answer.status_code, said in answer.content.decode()) == (413, True)
    by_script = dana.post("/import/stage/", files(), headers={"accept": "application/json"})
    by_machine = dana.post("/api/v1/import", files(), headers=token)
    for answer in (by_script, by_machine):
        assert (answer.status_code, said in answer.json()["problem"]) == (413, True)
    assert not Import.objects.exists()
    settings.UPLOAD_SIZE_LIMIT = 60_000
    assert dana.post("/import/stage/", files()).status_code == 302


def test_files_over_the_limit_are_not_kept_in_memory(settings: Settings, rf: RequestFactory) -> None:
    settings.UPLOAD_SIZE_LIMIT = 1000
    request = rf.post("/import/stage/", {"logs": SimpleUploadedFile("a.md", b"x" * 5000)})
    file = request.FILES["logs"]
    assert isinstance(file, UploadedFile)
    assert (file.size, file.read()) == (5000, b"")


def test_a_body_too_large_is_refused_with_the_figure(client: Client, token: dict[str, str], settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/api/v1/import?name=a.md", "x" * 5000, content_type="text/markdown", **token)  # type: ignore[arg-type]
    assert (answer.status_code, "1,000 bytes" in answer.json()["problem"]) == (413, True)


def test_the_page_of_an_import_asks_as_much_for_many_logs_as_for_few(dana: Client) -> None:
    counts = []
    for first, count in ((0, 3), (10, 30)):
        logs = {
            f"a{number}_md": log("2026-03-01", f"# Log {number}\n\nNo more.\n").encode()
            for number in range(first, first + count)
        }
        run = run_of(dana, upload(dana, **logs))
        with CaptureQueriesContext(connection) as queries:
            page = text_of(dana.get(f"/import/{run.pk}/"))
        assert page.count('<a class="row-title" href="/sessions/') == count
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_incomplete_import_says_what_is_left_and_what_to_do(dana: Client) -> None:
    run = run_of(dana, upload(dana, a_md=log("2026-03-01").encode(), b_md=log("2026-03-02").encode()))
    run.files.all()[0].delete()
    Import.objects.filter(pk=run.pk).update(state="incomplete")
    page = text_of(dana.get(f"/import/{run.pk}/"))
    assert "1 of 2 logs was not imported" in page
    assert "import the same logs again" in page
    assert "Undo this import" in page


def test_a_secret_of_a_log_without_a_session_has_no_link(signed_in: Client, ingest: Ingest) -> None:
    ingest(log() + "\npassword = hunter2-hunter2\n")
    assert 'href="/sessions/' in text_of(signed_in.get("/import/secrets/"))
    SessionLog.objects.all().delete()
    page = text_of(signed_in.get("/import/secrets/"))
    assert "2026-01-02.md, L" in page
    assert 'href=""' not in page


def test_a_folder_names_what_it_skipped(dana: Client, settings: Settings, tmp_path: Path) -> None:
    settings.IMPORT_FOLDERS = [tmp_path]
    for name in ("a.md", ".memo/b.md"):
        (tmp_path / "logs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "logs" / name).write_text(log("2026-03-01"))
    address = dana.post("/import/folder/", {"folder": str(tmp_path / "logs")})["Location"]
    shown = text_of(dana.get(address))
    assert "/logs/.memo (1 log)" in shown
    assert "Import all 1" in shown


@pytest.mark.parametrize("address", ["/import/stage/", "/import/paste/"])
def test_an_empty_request_is_refused(dana: Client, address: str) -> None:
    answer = dana.post(address)
    assert answer.status_code == 400
    assert '<p class="notice' in text_of(answer)


def test_somebody_elses_logs_are_not_shown(dana: Client) -> None:
    address = upload(dana, a_md=log().encode())
    dana.force_login(User.objects.create_user("lee"))
    assert dana.get(address).status_code == 404


def test_secrets_are_reviewed(signed_in: Client, ingest: Ingest, engineer: User) -> None:
    ingest(log() + "\npassword = hunter2-hunter2\n")
    page = text_of(signed_in.get("/import/secrets/"))
    assert "password = ***" in page
    secret = MaskedSecret.objects.get()
    signed_in.post(f"/import/secrets/{secret.pk}/", {"verdict": "false alarm"})
    secret.refresh_from_db()
    assert (secret.verdict, secret.by) == ("false alarm", engineer)
    assert "password = ***" not in text_of(signed_in.get("/import/secrets/"))
    ingest(log() + "\n\npassword = hunter2-hunter2\n")
    assert MaskedSecret.objects.get().verdict == "false alarm"
    assert "according to dana" in text_of(signed_in.get("/import/secrets/?verdict=false+alarm"))


def test_a_heading_is_taught_once(dana: Client, ingest: Ingest) -> None:
    ingest(log("2026-03-01") + BOXES, path="a.md")
    ingest(log("2026-03-02") + BOXES.replace("blaue", "graue"), path="b.md")
    page = text_of(dana.get("/import/coverage/"))
    assert "ubrige kisten" in page
    sent = {"heading": "Übrige Kisten", "meaning": "next steps"}
    preview = text_of(dana.post("/import/coverage/teach/", sent))
    assert "2 would be read differently" in preview
    assert "+4 next steps" in preview
    assert NextStep.objects.count() == 4
    answer = dana.post("/import/coverage/teach/", {**sent, "confirmed": "1"})
    wait_for(Import.objects.get(origin="taught"))
    assert answer["Location"].startswith("/import/")
    assert NextStep.objects.count() == 8
    ingest(log("2026-03-03") + BOXES, path="c.md")
    assert NextStep.objects.count() == 12
    dana.post(f"/import/coverage/{TaughtHeading.objects.get().pk}/undo/")
    wait_for(Import.objects.filter(origin="taught").first() or Import())
    assert NextStep.objects.count() == 6
    assert Learning.objects.count() == 0


def test_a_heading_that_is_taught_twice_is_forgotten_at_once(dana: Client, ingest: Ingest) -> None:
    ingest(log("2026-03-01") + BOXES, path="a.md")
    for meaning in ("learnings", "next steps", "next steps"):  # the last one by a double click
        dana.post("/import/coverage/teach/", {"heading": "Übrige Kisten", "meaning": meaning, "confirmed": "1"})
        wait_for(Import.objects.filter(origin="taught").first() or Import())
    assert (NextStep.objects.count(), Learning.objects.count()) == (4, 0)
    dana.post(f"/import/coverage/{TaughtHeading.objects.get(undone_at=None).pk}/undo/")
    wait_for(Import.objects.filter(origin="taught").first() or Import())
    assert (NextStep.objects.count(), Learning.objects.count()) == (2, 0)


@pytest.mark.parametrize("heading", ["Restliche Kisten", "ЯЩИКИ ОТКРЫТЬ", "開ける箱"])
def test_a_heading_is_taught_in_any_script(dana: Client, ingest: Ingest, heading: str) -> None:
    ingest(log("2026-03-01") + BOXES.replace("Übrige Kisten", heading), path="a.md")
    before = NextStep.objects.count()
    sent = {"heading": heading, "meaning": "next steps"}
    assert "1 would be read differently" in text_of(dana.post("/import/coverage/teach/", sent))
    dana.post("/import/coverage/teach/", {**sent, "confirmed": "1"})
    assert wait_for(Import.objects.get(origin="taught")).total == 1
    assert NextStep.objects.count() == before + 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"heading": "12)", "meaning": "next steps"}, "Enter the words of the heading."),
        ({"heading": "x"}, "Choose a meaning."),
        ({"heading": "x", "meaning": "nonsense"}, "“nonsense” is not a meaning."),
    ],
)
def test_nonsense_is_not_taught(signed_in: Client, sent: dict[str, str], said: str) -> None:
    page = signed_in.post("/import/coverage/teach/", {**sent, "confirmed": "1"}, follow=True)
    assert said in text_of(page)
    assert not TaughtHeading.objects.exists()


def test_coverage_without_logs_says_so(signed_in: Client) -> None:
    assert "No logs have been imported yet" in text_of(signed_in.get("/import/coverage/"))


@pytest.fixture
def token(engineer: User) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {make_token(engineer, 'nightly')}"}


def test_a_machine_imports_by_token(client: Client, token: dict[str, str]) -> None:
    address = "/api/v1/import?name=2026-03-01.md&project=harbor"
    answer = client.post(address, log("2026-03-01"), content_type="text/markdown", **token)  # type: ignore[arg-type]
    (result,) = answer.json()["logs"]
    assert (answer.status_code, result["outcome"], result["records"]["added"]) == (200, "new", 5)
    files = {"files": [SimpleUploadedFile("b.md", log("2026-03-02").encode()), SimpleUploadedFile("c.png", b"x")]}
    answer = client.post("/api/v1/import", files, **token)  # type: ignore[arg-type]
    assert [result["outcome"] for result in answer.json()["logs"]] == ["new", "refused"]
    form = {"files": SimpleUploadedFile("d.md", log("2026-03-03").encode()), "project": "pier"}
    (result,) = client.post("/api/v1/import", form, **token).json()["logs"]  # type: ignore[arg-type]
    assert SessionLog.objects.get(log__paths__path=result["path"]).project.name == "pier"
    assert Import.objects.filter(origin="api", state="done").count() == 3
    assert ApiToken.objects.get().used_at is not None


def test_a_call_with_two_logs_of_one_name_is_refused(client: Client, token: dict[str, str]) -> None:
    twice = [SimpleUploadedFile("a.md", log(f"2026-03-0{day}").encode()) for day in (1, 2)]
    answer = client.post("/api/v1/import", {"files": twice}, **token)  # type: ignore[arg-type]
    assert (answer.status_code, Log.objects.count()) == (400, 0)
    assert "a.md is there twice" in answer.json()["problem"]


def test_a_database_that_cannot_be_written_is_said(
    client: Client, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("kb.importing.runs._record", fails)
    answer = client.post("/api/v1/import?name=a.md", log("2026-03-01"), content_type="text/markdown", **token)  # type: ignore[arg-type]
    assert (answer.status_code, Import.objects.get().state) == (503, "done")


@pytest.mark.parametrize(
    ("method", "address", "known", "status"),
    [
        ("get", "/api/v1/import", True, 405),
        ("post", "/api/v1/import?name=a.md", False, 401),
        ("post", "/api/v1/import", True, 400),
        ("post", "/api/v1/import?name=a.exe", True, 422),
    ],
)
def test_a_machine_is_told_what_is_wrong(
    client: Client, token: dict[str, str], method: str, address: str, known: bool, status: int
) -> None:
    headers = token if known else {"HTTP_AUTHORIZATION": "Bearer dfx_wrong"}
    sent = {} if method == "get" else {"data": "# Log", "content_type": "text/markdown"}
    answer = getattr(client, method)(address, **sent, **headers)
    assert answer.status_code == status
    assert json.loads(answer.content)
    assert not Log.objects.exists()


def test_a_revoked_token_is_refused(client: Client, token: dict[str, str], engineer: User) -> None:
    client.force_login(engineer)
    client.post(f"/import/tokens/{ApiToken.objects.get().pk}/revoke/")
    answer = client.post("/api/v1/import?name=a.md", "# Log", content_type="text/markdown", **token)  # type: ignore[arg-type]
    assert answer.status_code == 401


def test_a_token_is_shown_once(signed_in: Client) -> None:
    made = text_of(signed_in.post("/import/tokens/", {"name": "nightly"}))
    assert re.search(r"dfx_[\w-]{40,}", made)
    assert "dfx_" not in text_of(signed_in.get("/import/tokens/")).replace("Bearer", "")
    assert Error.objects.count() == 0


@pytest.mark.parametrize("address", ["/import/", "/import/coverage/"])
@pytest.mark.parametrize(("is_on", "times"), [(True, 0), (False, 1)])
def test_the_page_says_what_reading_without_meaning_costs(
    signed_in: Client, settings: Settings, address: str, is_on: bool, times: int
) -> None:
    settings.MEANING = is_on
    assert text_of(signed_in.get(address)).count("MEANING=off") == times


def test_previews_and_taught_headings_read_by_meaning(dana: Client, by_meaning: None) -> None:
    address = upload(dana, told_md=TOLD.encode())
    assert "1 error" in text_of(dana.get(address))
    run_of(dana, address)
    assert Error.objects.get().title.startswith("Invoices went out twice")
    sent = {"heading": "What happened", "meaning": "learnings", "confirmed": "1"}
    dana.post("/import/coverage/teach/", sent)
    wait_for(Import.objects.get(origin="taught"))
    assert Learning.objects.count() == 2
