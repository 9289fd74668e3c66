"""Uploads of one name by two people: which of them are one log, and that neither overwrites the other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kb.models import Import, ImportOrigin
from kb.people.api_tokens import make_token
from sessions.models import Error, Log, LogPath, SessionLog
from tests.factories import log
from tests.importing.conftest import wait_for

CRANES = """# Session: Cranes

**Date**: 2026-03-01

## Errors

### Issue 1: The crane stops
- **Error**: `TimeoutError: crane_7 gave no answer`
- **Fix**: replaced the relay of crane seven
- **Result**: ✅ Fixed
"""
TUGS = CRANES.replace("Cranes", "Tugs").replace("crane_7", "tug_2").replace("The crane stops", "The tug drifts")
TUGS = TUGS.replace("replaced the relay of crane seven", "tightened the tow line of tug two")
LATER = CRANES.replace("# Session: Cranes", "## Session: Cranes").replace("## Errors", "### Errors")
LATER = "# Log\n\n## 2026-03-09: Buoys\n\n- Painted the northern buoy\n\n" + LATER.replace(
    "## Session: Cranes", "## 2026-03-01: Cranes"
)
NAME = "SESSION_LOG.md"
Upload = Callable[..., str]


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    return {name: User.objects.create_user(name) for name in ("dana", "lee")}


@pytest.fixture
def by_page(people: dict[str, User], client: Client) -> Upload:
    """Uploads a log over the page as a person, and imports it; the preview's text."""

    def _upload(who: str, text: str, project: str = "", choice: str = "") -> str:
        client.force_login(people[who])
        sent = {"logs": [SimpleUploadedFile(NAME, text.encode())], "project": project}
        address = client.post("/import/stage/", sent)["Location"]
        shown = client.get(address).content.decode()
        if choice:
            number = re.search(rf'value="([\d:]+)"\s*>{choice}', shown)
            assert number, shown
            client.post(f"{address}choose/", {"choice": number[1]})
            shown = client.get(address).content.decode()
        answer = client.post(f"{address}import/", {"all": "1"})
        wait_for(Import.objects.get(pk=int(re.findall(r"\d+", answer["Location"])[0])))
        return " ".join(shown.split())

    return _upload


@pytest.fixture
def by_token(people: dict[str, User], client: Client) -> Upload:
    def _upload(who: str, text: str, project: str = "") -> str:
        token = make_token(people[who], "nightly")
        address = f"/api/v1/import?name={NAME}&project={project}"
        answer = client.post(address, text, content_type="text/markdown", headers={"authorization": f"Bearer {token}"})
        return str(answer.json()["logs"][0]["outcome"])

    return _upload


@pytest.fixture(params=["by_page", "by_token"])
def upload(request: pytest.FixtureRequest, people: dict[str, User]) -> Upload:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def paths() -> set[str]:
    return set(LogPath.objects.values_list("path", flat=True))


def titles() -> set[str]:
    return set(SessionLog.objects.values_list("title", flat=True))


def test_without_a_project_they_are_two_logs(upload: Upload) -> None:
    upload("dana", CRANES)
    upload("lee", TUGS)
    assert paths() == {f"uploads/~dana/{NAME}", f"uploads/~lee/{NAME}"}
    assert Error.objects.count() == 2


HEADS = {
    "bold": "# Log\n\n**Date**: 2026-03-01\n**Project**: harbour ledger\n\n**Problems of the day**\n",
    "plain": "# Log\n\nDate: 2026-03-01\nProject: harbour ledger\n\nProblems of the day\n-------------------\n",
    "list": "# Log\n\n- **Date**: 2026-03-01\n- **Project**: harbour ledger\n\n## Problems of the day\n",
    "table": "# Log\n\n| Date | 2026-03-01 |\n|---|---|\n| Project | harbour ledger |\n| Duration | two hours |\n",
    "others": "# Log\n\n**Date**: 2026-03-01\n**Author**: the night shift\n**Branch**: quay-works\n\n## Problems\n",
    "front matter": "---\ndate: 2026-03-01\nproject: harbour ledger\nteam: night shift\n---\n\n# Log\n",
}


@pytest.mark.parametrize("head", HEADS)
def test_logs_that_share_nothing_but_their_head_are_two(by_token: Upload, head: str) -> None:
    by_token("dana", f"{HEADS[head]}\n- the crane gave no answer\n", "harbor")
    by_token("lee", f"{HEADS[head]}\n- a tug drifts\n", "harbor")
    assert paths() == {f"uploads/harbor/{NAME}", f"uploads/harbor/~lee/{NAME}"}


@pytest.mark.parametrize("project", ["", "harbor"])
def test_the_same_name_by_the_same_person_is_an_edit(upload: Upload, project: str) -> None:
    upload("dana", CRANES, project)
    upload("dana", CRANES.replace("✅ Fixed", "❌ still failing"), project)
    assert (Log.objects.count(), Error.objects.get().status) == (1, "open")


def test_two_logs_of_one_name_in_a_project_are_two(upload: Upload) -> None:
    upload("dana", CRANES, "harbor")
    upload("lee", TUGS, "harbor")
    assert paths() == {f"uploads/harbor/{NAME}", f"uploads/harbor/~lee/{NAME}"}
    upload("lee", TUGS.replace("✅ Fixed", "❌ still failing"), "harbor")
    upload("dana", CRANES + "\n", "harbor")
    assert (Log.objects.count(), Error.objects.count()) == (2, 2)


def test_a_log_that_two_people_continue_is_one(upload: Upload) -> None:
    upload("dana", CRANES, "harbor")
    upload("lee", LATER, "harbor")
    assert paths() == {f"uploads/harbor/{NAME}"}
    assert SessionLog.objects.count() == 2


def test_the_project_that_a_log_names_counts_as_one(upload: Upload) -> None:
    named = "**Date**: 2026-03-01\n**Project**: quay"
    upload("dana", CRANES.replace("**Date**: 2026-03-01", named))
    upload("lee", LATER.replace("**Date**: 2026-03-01", named))
    upload("lee", TUGS.replace("**Date**: 2026-03-01", named))
    assert f"uploads/quay/{NAME}" in paths()
    assert titles() == {"2026-03-01: Cranes", "2026-03-09: Buoys", "Session: Tugs"}


def test_logs_of_one_template_and_other_days_are_two(upload: Upload) -> None:
    upload("dana", log("2026-03-01"), "harbor")
    upload("lee", log("2026-03-05"), "harbor")
    assert (Log.objects.count(), SessionLog.objects.count()) == (2, 2)


def test_the_same_content_by_two_people_is_one_log_until_one_edits_it(upload: Upload) -> None:
    upload("dana", CRANES)
    upload("lee", CRANES)
    assert (Log.objects.count(), len(paths())) == (1, 2)
    upload("lee", TUGS)
    assert titles() == {"Session: Cranes", "Session: Tugs"}


@pytest.mark.parametrize("project", ["", "harbor"])
@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-05"])
def test_a_person_can_say_that_it_is_the_same_log(by_page: Upload, project: str, day: str) -> None:
    by_page("dana", CRANES, project)
    shown = by_page("lee", TUGS.replace("2026-03-01", day), project, choice="This is the same log")
    assert "This edits the log of the same name that dana uploaded." in shown
    assert " removed" in shown
    assert (Log.objects.count(), titles()) == (1, {"Session: Tugs"})


def test_a_person_can_say_that_it_is_another_log(by_page: Upload) -> None:
    by_page("dana", CRANES, "harbor")
    shown = by_page("lee", LATER, "harbor", choice="This is another log")
    assert "dana uploaded a log of the same name" in shown
    assert paths() == {f"uploads/harbor/{NAME}", f"uploads/harbor/~lee/{NAME}"}


def test_the_preview_says_that_somebody_else_has_such_a_log(by_page: Upload) -> None:
    by_page("dana", CRANES)
    assert "dana uploaded a log of the same name" in by_page("lee", TUGS)
    assert "of the same name" not in by_page("lee", TUGS + "\n", "elsewhere")


def test_nonsense_is_not_chosen(by_page: Upload, client: Client, people: dict[str, User]) -> None:
    by_page("dana", CRANES)
    client.force_login(people["lee"])
    address = client.post("/import/stage/", {"logs": [SimpleUploadedFile(NAME, TUGS.encode())]})["Location"]
    client.get(address)
    for choice in ("", "1", "1:9", "9:0", "x:y", "1:-1"):
        assert client.post(f"{address}choose/", {"choice": choice}).status_code == 302
    client.post(f"{address}import/", {"all": "1"})
    wait_for(Import.objects.latest("pk"))
    assert Log.objects.count() == 2


@pytest.mark.parametrize(("who", "logs"), [("dana", 1), ("lee", 2)])
def test_what_was_uploaded_before_owners_were_told_apart_is_found_again(
    upload: Upload, people: dict[str, User], who: str, logs: int
) -> None:
    from kb.importing.runs import begin, finish, import_content

    run = begin(ImportOrigin.UPLOAD, people["dana"], NAME, total=1)
    import_content(run, f"uploads/{NAME}", CRANES.encode(), "unnamed")
    finish(run)
    upload(who, TUGS)
    assert Log.objects.count() == logs
    assert ("Session: Cranes" in titles()) == (who == "lee")
