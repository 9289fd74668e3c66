"""What is known across sessions: recurring issues, and the search index."""

from kb.models.issues import Issue, Occurrence
from kb.models.search import Kind, SearchEntry, entry_id

__all__ = ["Issue", "Kind", "Occurrence", "SearchEntry", "entry_id"]
