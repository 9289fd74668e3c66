"""Private pages are kept by no browser; static files are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from kb.importing import Imported
from tests.factories import log

PATHS = [
    f"/{pattern.pattern}" for pattern in get_resolver().url_patterns
    if isinstance(pattern, URLPattern) and "<" not in str(pattern.pattern)
]  # fmt: skip


@pytest.mark.parametrize("path", [*PATHS, "/admin/", "/nowhere/", "/sign-in/none/"])
def test_no_page_is_stored(signed_in: Client, path: str) -> None:
    kept = signed_in.get(path).headers["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


def test_no_record_or_download_is_stored(signed_in: Client, ingest: Callable[..., Imported]) -> None:
    session = ingest(log("2026-03-01")).log.sessions.get()
    for path in (f"/sessions/{session.pk}/", f"/sessions/{session.pk}/markdown/"):
        assert "no-store" in signed_in.get(path).headers["Cache-Control"]


def test_static_files_are_stored(client: Client) -> None:
    assert "max-age" in client.get("/static/css/base.css").headers["Cache-Control"]
