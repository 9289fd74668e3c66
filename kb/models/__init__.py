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
from kb.models.search import Kind, SearchEntry, entry_id

__all__ = [
    "Decision",
    "DecisionSide",
    "GroupingRule",
    "Issue",
    "IssueEvent",
    "Kind",
    "Occurrence",
    "SearchEntry",
    "Signature",
    "SignatureKey",
    "SignatureLink",
    "entry_id",
]
