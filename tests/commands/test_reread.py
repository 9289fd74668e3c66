"""`manage.py reread`: a base that was read by an older version says what is read in its logs now."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from kb.importing import Imported
from kb.models import Import, ImportState
from sessions.models import Error
from tests.factories import TOLD


@pytest.fixture
def read_by_rules(ingest: Callable[..., Imported]) -> None:
    ingest(TOLD)
    assert not Error.objects.exists()


def reread(*arguments: str) -> str:
    out = StringIO()
    call_command("reread", *arguments, stdout=out)
    return out.getvalue()


def test_stored_logs_are_read_by_meaning(read_by_rules: None, settings: Settings) -> None:
    settings.MEANING = True
    said = reread("--project", "harbor")
    assert [error.found_by for error in Error.objects.all()] == ["meaning"]
    assert "1 log read again. Records: 2 added, 0 changed, 0 removed." in said
    assert Import.objects.latest("pk").state == ImportState.DONE


def test_reading_again_the_same_way_changes_nothing(read_by_rules: None) -> None:
    assert "Records: 0 added, 0 changed, 0 removed." in reread()


def test_an_unknown_project_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="There is no project “quay”"):
        reread("--project", "quay")
