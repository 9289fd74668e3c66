"""The search index: roaring bitmaps in ordinary tables, the same on SQLite and PostgreSQL.

`index_sessions` and `remove_session` write it, in the transaction that stores a session; `with_snapshot` reads it.
"""

from kb.search.index.merging import MOST_SEGMENTS, MOST_WHILE_IMPORTING, merge_segments
from kb.search.index.postings import INDEX_VERSION, Posting, union_of
from kb.search.index.reading import Reader, Snapshot, load, with_snapshot
from kb.search.index.sessions import forget_session, index_session, index_sessions, remove_session

__all__ = [
    "INDEX_VERSION",
    "MOST_SEGMENTS",
    "MOST_WHILE_IMPORTING",
    "Posting",
    "Reader",
    "Snapshot",
    "forget_session",
    "index_session",
    "index_sessions",
    "load",
    "merge_segments",
    "remove_session",
    "union_of",
    "with_snapshot",
]
