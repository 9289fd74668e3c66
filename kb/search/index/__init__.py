"""The search index: what can be found of a session, the segments that hold its words, and how these are merged.

Written by `index_session` and `remove_session` in the transaction that stores a session; read by `with_snapshot`.
"""

from kb.search.index.merging import merge_segments
from kb.search.index.postings import INDEX_VERSION, Posting, joined
from kb.search.index.reading import Reader, Snapshot, with_snapshot
from kb.search.index.sessions import forget_session, index_session, remove_session

__all__ = [
    "INDEX_VERSION",
    "Posting",
    "Reader",
    "Snapshot",
    "forget_session",
    "index_session",
    "joined",
    "merge_segments",
    "remove_session",
    "with_snapshot",
]
