"""The index in SQLite: an FTS5 table whose rowid is the entry's id, holding tokens joined by spaces.

"ORDER BY rowid DESC LIMIT n" is lazy, so the newest matches of the commonest word cost no more than those of a rare
one. User text reaches MATCH only as quoted strings.
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
# Tokens are cut by the analyser: here only a space divides, whatever ASCII mark a token holds.
_MARKS = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum() and chr(code) not in "'\"")
CREATE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(title, body, facets, "
    f"tokenize=\"ascii tokenchars '{_MARKS}'\", prefix='2 3 4 5')"
)
DROP = f"DROP TABLE {TABLE}"


class SqliteIndex:
    def add(self, words: Sequence[Words]) -> None:
        rows = [(w.id, " ".join(w.title), " ".join(w.body), " ".join(w.facets)) for w in words]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, title, body, facets) VALUES (%s, %s, %s, %s)", rows)  # noqa: S608

    def remove(self, ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(key,) for key in ids])  # noqa: S608

    def candidates(self, query: Query, limit: int, *, any_word: bool = False) -> list[int]:
        condition, values = _condition(query, any_word=any_word)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {TABLE} WHERE {condition} ORDER BY rowid DESC LIMIT %s",  # noqa: S608
                [*values, limit],
            )
            return [row[0] for row in cursor.fetchall()]

    def count(self, query: Query, facet: str = "", *, any_word: bool = False) -> int:
        condition, values = _condition(query, facet, any_word=any_word)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE {condition}", values)  # noqa: S608
            return int(cursor.fetchone()[0])


def _condition(query: Query, facet: str = "", *, any_word: bool) -> tuple[str, list[Any]]:
    conditions, values = [], list[Any]()
    if match := match_expression(query, facet, any_word=any_word):
        conditions.append(f"{TABLE} MATCH %s")
        values.append(match)
    if query.after:
        conditions.append("rowid >= %s")
        values.append(entry_id(query.after, Kind.SESSION, 0))
    if query.before:
        conditions.append("rowid < %s")
        values.append(entry_id(query.before, Kind.SESSION, 0))
    return " AND ".join(conditions) or "1", values


def match_expression(query: Query, facet: str = "", *, any_word: bool = False) -> str:
    """The query as FTS5 MATCH syntax, every user token a quoted string."""
    words = [_quoted(word) + ("*" if word == query.typing else "") for word in query.words]
    wanted = [" OR ".join(words)] if any_word and words else words
    parts = [f"({part})" for part in wanted]
    parts += [_quoted(" ".join(phrase)) if not any_word else _any(phrase) for phrase in query.phrases]
    parts += [_quoted(token) for token in (*query.facets, *([facet] if facet else ()))]
    if not parts:
        return ""
    expression = " AND ".join(parts)
    unwanted = [_quoted(token) for token in (*query.excluded, *query.excluded_facets)]
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted else expression


def _any(words: Sequence[str]) -> str:
    return "(" + " OR ".join(_quoted(word) for word in words) + ")"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
