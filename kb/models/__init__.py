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
from kb.models.items import Closing, Item, ItemEvent, Mention, StepSide, Wording, WordingKey, WordingLink
from kb.models.rules import GroupingRule
from kb.models.search import Block, Kind, SavedSearch, SearchEntry, Segment

__all__ = [
    "Block",
    "Closing",
    "Decision",
    "DecisionSide",
    "GroupingRule",
    "Issue",
    "IssueEvent",
    "Item",
    "ItemEvent",
    "Kind",
    "Mention",
    "Occurrence",
    "SavedSearch",
    "SearchEntry",
    "Segment",
    "Signature",
    "SignatureKey",
    "SignatureLink",
    "StepSide",
    "Wording",
    "WordingKey",
    "WordingLink",
]
