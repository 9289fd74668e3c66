"""The index in PostgreSQL: a tsvector a search entry, made of our own tokens, never of the server's parser.

Vectors and queries are literals of quoted lexemes; user text can be no tsquery syntax.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from kb.models import Kind, entry_id
from kb.search.query import Query

if TYPE_CHECKING:
    from kb.search.index import Words

TABLE = "kb_search_words"
CREATE = (
    f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, words tsvector NOT NULL)",
    f"CREATE INDEX {TABLE}_gin ON {TABLE} USING gin (words)",
)
DROP = f"DROP TABLE {TABLE}"
_LAST_POSITION = 16_383  # PostgreSQL keeps no position beyond it
_MOST_POSITIONS = 250  # positions kept of one lexeme (the server's limit is 256)


class PostgresIndex:
    def add(self, words: Sequence[Words]) -> None:
        rows = [(w.id, vector_literal(w.title, w.body, w.facets)) for w in words]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {TABLE} (id, words) VALUES (%s, %s::tsvector)", rows)  # noqa: S608

    def remove(self, ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [list(ids)])  # noqa: S608

    def candidates(self, query: Query, limit: int, *, any_word: bool = False) -> list[int]:
        condition, values = _condition(query, any_word=any_word)
        # id + 0 keeps the planner from walking the primary key for a rare word
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {TABLE} WHERE {condition} ORDER BY id + 0 DESC LIMIT %s",  # noqa: S608
                [*values, limit],
            )
            return [row[0] for row in cursor.fetchall()]

    def count(self, query: Query, facet: str = "", *, any_word: bool = False) -> int:
        condition, values = _condition(query, facet, any_word=any_word)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE {condition}", values)  # noqa: S608
            return int(cursor.fetchone()[0])


def vector_literal(title: Sequence[str], body: Sequence[str], facets: Sequence[str]) -> str:
    """A tsvector literal: titles weigh A, bodies B, facets D; positions run through title and body."""
    positions: dict[str, list[str]] = {}
    for position, (token, weight) in enumerate([*((t, "A") for t in title), *((t, "B") for t in body)], start=1):
        places = positions.setdefault(token, [])
        if position <= _LAST_POSITION and len(places) < _MOST_POSITIONS:
            places.append(f"{position}{weight}")
    for facet in facets:
        positions.setdefault(facet, [])
    return " ".join(_lexeme(token) + (":" + ",".join(places) if places else "") for token, places in positions.items())


def tsquery_literal(query: Query, facet: str = "", *, any_word: bool = False) -> str:
    words = [_lexeme(word) + (":*" if word == query.typing else "") for word in query.words]
    parts = ["(" + " | ".join(words) + ")"] if any_word and words else words
    joiner = " | " if any_word else " <-> "
    parts += ["(" + joiner.join(_lexeme(word) for word in phrase) + ")" for phrase in query.phrases]
    parts += [_lexeme(token) for token in (*query.facets, *([facet] if facet else ()))]
    parts += ["!" + _lexeme(token) for token in (*query.excluded, *query.excluded_facets)]
    return " & ".join(parts)


def _condition(query: Query, facet: str = "", *, any_word: bool) -> tuple[str, list[Any]]:
    conditions, values = [], list[Any]()
    if literal := tsquery_literal(query, facet, any_word=any_word):
        conditions.append("words @@ %s::tsquery")
        values.append(literal)
    if query.after:
        conditions.append("id >= %s")
        values.append(entry_id(query.after, Kind.SESSION, 0))
    if query.before:
        conditions.append("id < %s")
        values.append(entry_id(query.before, Kind.SESSION, 0))
    return " AND ".join(conditions) or "true", values


def _lexeme(token: str) -> str:
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
