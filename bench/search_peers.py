"""What search is compared with. Each takes the same (id, text) pairs and returns the best ids for a query."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

_WORD = re.compile(r"\w+")


class Peer(Protocol):
    name: str

    def best(self, query: str, limit: int) -> list[int]: ...


class Fts5:
    """SQLite FTS5 with its default tokenizer and BM25, matching all words or any."""

    def __init__(self, documents: Iterable[tuple[int, str]], joiner: str, path: str = ":memory:") -> None:
        self.name = f"FTS5 BM25 {joiner}"
        self._joiner = joiner
        self.database = sqlite3.connect(path)
        self.database.execute("CREATE VIRTUAL TABLE texts USING fts5(text, content='', prefix='2 3 4')")
        self.database.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", documents)

    def best(self, query: str, limit: int, *, typing: bool = False) -> list[int]:
        words = [f'"{word}"' for word in _WORD.findall(query)]
        if not words:
            return []
        expression = f" {self._joiner} ".join(words) + ("*" if typing else "")
        rows = self.database.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (expression, limit)
        )
        return [row[0] for row in rows]


class Bm25s:
    name = "bm25s"

    def __init__(self, documents: Sequence[tuple[int, str]]) -> None:
        import bm25s

        self._module = bm25s
        self._ids = [key for key, _ in documents]
        self._index = bm25s.BM25()
        self._index.index(bm25s.tokenize([text for _, text in documents], show_progress=False), show_progress=False)

    def best(self, query: str, limit: int) -> list[int]:
        tokens = self._module.tokenize(query, show_progress=False)
        places, scores = self._index.retrieve(tokens, k=min(limit, len(self._ids)), show_progress=False)
        return [self._ids[at] for at, score in zip(places[0], scores[0], strict=True) if score > 0]


class Tantivy:
    name = "tantivy"

    def __init__(self, documents: Iterable[tuple[int, str]], path: str | None = None) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True)
        schema.add_text_field("text")
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema, path=path)
        writer = self._index.writer(200_000_000, 1)
        for key, text in documents:
            writer.add_document(tantivy.Document(id=key, text=text))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def best(self, query: str, limit: int) -> list[int]:
        words = " ".join(_WORD.findall(query))
        return self._best(self._index.parse_query(words, ["text"], conjunction_by_default=False), limit)

    def best_typing(self, query: str, limit: int) -> list[int]:
        """Matches all words, the last one as a prefix."""
        import tantivy

        *whole, last = [word.lower() for word in _WORD.findall(query)]
        must = [tantivy.Query.term_query(self._schema, "text", word) for word in whole]
        must.append(tantivy.Query.regex_query(self._schema, "text", f"{last}.*"))
        return self._best(tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in must]), limit)

    def _best(self, query: Any, limit: int) -> list[int]:
        return [self._searcher.doc(address)["id"][0] for _, address in self._searcher.search(query, limit).hits]


class WordOverlap:
    """What ripgrep could do: texts by how many of the words they contain, the newest first."""

    name = "ripgrep by word overlap"

    def __init__(self, documents: Sequence[tuple[int, str]]) -> None:
        self._texts = [(key, text.lower()) for key, text in documents]

    def best(self, query: str, limit: int) -> list[int]:
        words = [word.lower() for word in query.split()]
        counts = ((sum(word in text for word in words), key) for key, text in self._texts)
        return [key for count, key in sorted(counts, reverse=True)[:limit] if count]
