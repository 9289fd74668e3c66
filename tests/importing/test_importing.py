"""Importing: all or nothing, once, in place, and without secrets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection

from kb.importing import Imported, keeping
from kb.linking.deciding import comment
from kb.linking.issues import LinkedError, link_sessions
from kb.models import Issue, SearchEntry
from kb.search.results.find import search
from sessions.models import Command, Error, Log, LogPath, NextStep, Project, SessionLog
from tests.factories import log

Ingest = Callable[..., Imported]


def test_a_log_becomes_records(ingest: Ingest) -> None:
    assert ingest(log()).outcome == "new"
    error = Error.objects.get()
    assert (error.title, error.status) == ("Missing total column", "fixed")
    assert [attempt.fix.title for attempt in error.attempts.all()] == ["ran the migration by hand"]
    assert SessionLog.objects.get().project.name == "harbor"


def test_the_same_content_changes_nothing(ingest: Ingest) -> None:
    ingest(log())
    before = (Log.objects.get().updated_at, list(SearchEntry.objects.values_list("id", flat=True)))
    assert ingest(log()).outcome == "unchanged"
    assert (Log.objects.get().updated_at, list(SearchEntry.objects.values_list("id", flat=True))) == before


def test_the_same_content_under_another_path_is_one_log(ingest: Ingest) -> None:
    ingest(log())
    assert ingest(log(), path="copy/2026-01-02.md").outcome == "unchanged"
    assert [path.path for path in Log.objects.get().paths.all()] == ["harbor/2026-01-02.md", "copy/2026-01-02.md"]


def test_an_edited_log_keeps_its_rows(ingest: Ingest) -> None:
    ingest(log())
    error, step = Error.objects.get(), NextStep.objects.get(text__contains="certificate")
    edited = log().replace("## Errors", "Some words before.\n\n## Errors").replace("[ ] P0", "[x] P0")
    result = ingest(edited.replace("Missing total column", "Missing total columns"))
    assert result.outcome == "updated"
    assert Error.objects.get().pk == error.pk
    assert Error.objects.get().line == error.line + 2
    assert NextStep.objects.get(pk=step.pk).done


def test_what_vanished_from_its_log_is_deleted(ingest: Ingest) -> None:
    ingest(log())
    result = ingest(log().replace("- [ ] Write a test (P2)\n", ""))
    assert result.changes.removed == 1
    assert NextStep.objects.count() == 1
    assert not SearchEntry.objects.filter(title__contains="Write a test").exists()


def test_a_copy_that_is_edited_becomes_its_own_log(ingest: Ingest) -> None:
    ingest(log())
    ingest(log(), path="copy/2026-01-02.md")
    assert ingest(log().replace("Orders", "Parcels"), path="copy/2026-01-02.md").outcome == "new"
    assert sorted(str(row) for row in Log.objects.all()) == ["copy/2026-01-02.md", "harbor/2026-01-02.md"]


def test_a_file_that_turns_into_another_log_moves_its_path(ingest: Ingest) -> None:
    ingest(log(day="2026-03-01"), path="a.md")
    ingest(log(day="2026-03-02"), path="b.md")
    ingest(log(day="2026-03-02"), path="a.md")
    assert Log.objects.count() == 1
    assert set(LogPath.objects.values_list("path", flat=True)) == {"a.md", "b.md"}


def test_no_secret_is_in_any_table(ingest: Ingest) -> None:
    secret = "Kestrel" + "88zz"
    ingest(log() + f"\n- **User**: dana (password: {secret})\n\n```bash\nexport DB_PASSWORD={secret}\n```\n")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert not any(secret in str(row) for row in cursor.fetchall()), table
    assert len(Log.objects.get().findings) == 2


def test_a_text_that_is_not_a_log_is_a_session_without_records(ingest: Ingest) -> None:
    ingest("just some words\x00 and no more")
    session = SessionLog.objects.get()
    assert not session.error_set.exists()
    assert session.log.coverage["lines"] == 1


def test_commands_keep_their_purpose(ingest: Ingest) -> None:
    ingest(log())
    assert Command.objects.get().text == "python manage.py migrate orders --no-input"


def test_a_deleted_log_leaves_nothing_to_find(ingest: Ingest) -> None:
    ingest(log())
    Log.objects.get().delete()
    assert search("total").total == 0


def test_a_vanished_error_that_a_person_acted_on_is_kept(ingest: Ingest, engineer: User) -> None:
    ingest(log("2026-03-01"))
    comment(Issue.objects.get(), "the vendor knows", engineer)
    edited = ingest("# Session: Orders\n\n**Date**: 2026-03-01\n\n## Next Steps\n\n- [ ] Buy stamps\n")
    assert (edited.changes.kept, Error.objects.get().in_log) == (1, False)
    assert [event.text for event in Issue.objects.get().events.all()] == ["the vendor knows"]
    ingest(log("2026-03-01") + "\n")
    assert Error.objects.get().in_log


def test_a_vanished_session_is_kept_for_such_an_error(ingest: Ingest, engineer: User) -> None:
    ingest(log("2026-03-01"))
    comment(Issue.objects.get(), "the vendor knows", engineer)
    ingest("# Session: quite another\n\n**Date**: 2025-12-24\n\nNothing of the former.\n")
    gone = SessionLog.objects.get(in_log=False)
    assert (gone.title, gone.error_set.count(), gone.command_set.count()) == ("Session: Orders", 1, 0)
    assert search("python manage.py migrate orders").total == 0
    again = ingest("# Session: quite another\n\n**Date**: 2025-12-24\n\nNothing of the former, still.\n")
    assert (again.changes.removed, again.changes.kept) == (0, 0)


def test_a_log_in_conflict_with_another_import_is_written_again(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def meeting(sessions: list[SessionLog], *made: object) -> list[LinkedError]:
        tries.append(SessionLog.objects.count())
        if len(tries) == 1:
            Project.objects.create(name="harbor")  # what another import made at the same moment
        return link_sessions(sessions)

    monkeypatch.setattr(keeping, "link_sessions", meeting)
    assert ingest(log()).outcome == "new"
    assert tries == [1, 1]
