"""The full-text index of the database in use. SQLite and PostgreSQL answer the same three questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from django.db import connection

from kb.search.query import Query

if TYPE_CHECKING:
    from kb.search.index import Words


class Backend(Protocol):
    """What search needs of a full-text index. Ids are those of `SearchEntry`, newest session first."""

    def add(self, words: Sequence[Words]) -> None: ...

    def remove(self, ids: Sequence[int]) -> None: ...

    def candidates(self, query: Query, limit: int, *, any_word: bool = False) -> list[int]:
        """The newest entries that hold all words of the query (or any, where asked so)."""
        ...

    def count(self, query: Query, facet: str = "", *, any_word: bool = False) -> int:
        """How many entries the query finds, within a facet if one is given."""
        ...


def backend() -> Backend:
    if connection.vendor == "postgresql":
        from kb.search.postgres import PostgresIndex

        return PostgresIndex()
    from kb.search.sqlite import SqliteIndex

    return SqliteIndex()
