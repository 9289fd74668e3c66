"""What is known across sessions: recurring issues, and the search index."""

from kb.models.issues import (
    Decision,
    DecisionSide,
    Issue,
    IssueEvent,
    Occurrence,
    Signature,
    SignatureKey,
    SignatureLink,
)
from kb.models.rules import GroupingRule
from kb.models.search import Block, Kind, SavedSearch, SearchEntry, Segment

__all__ = [
    "Block",
    "Decision",
    "DecisionSide",
    "GroupingRule",
    "Issue",
    "IssueEvent",
    "Kind",
    "Occurrence",
    "SavedSearch",
    "SearchEntry",
    "Segment",
    "Signature",
    "SignatureKey",
    "SignatureLink",
]
