"""Stores logs without linking or indexing them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import pytest

from sessions.models import Record
from sessions.parsing.pipeline import Revise, read_text
from sessions.storing.store import LogText, Stored, store_log

Store = Callable[..., Stored]


def nothing(_model: type[Record], _rows: Sequence[int]) -> set[int]:
    """Nobody has acted on any record."""
    return set()


def everything(_model: type[Record], rows: Sequence[int]) -> set[int]:
    return set(rows)


@pytest.fixture
def store(db: None) -> Store:
    """Stores a log: store(text, path="a.md", touched=nothing, revise=None)."""

    def _store(
        text: str, path: str = "a.md", touched: Callable[..., set[int]] = nothing, revise: Revise | None = None
    ) -> Stored:
        record = read_text(path, text, hashlib.sha256(text.encode()).hexdigest(), "utf-8", {}, revise).record
        return store_log(record, LogText(text, len(text)), "harbor", touched)

    return _store
