"""What is known across sessions: recurring issues, and the search index."""

from kb.models.imports import ApiToken, Import, ImportedFile, MaskedSecret, TaughtHeading
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
from kb.models.search import Block, Kind, MergeLease, Removal, SavedSearch, SearchEntry, Segment

__all__ = [
    "ApiToken",
    "Block",
    "Closing",
    "Decision",
    "DecisionSide",
    "GroupingRule",
    "Import",
    "ImportedFile",
    "Issue",
    "IssueEvent",
    "Item",
    "ItemEvent",
    "Kind",
    "MaskedSecret",
    "Mention",
    "MergeLease",
    "Occurrence",
    "Removal",
    "SavedSearch",
    "SearchEntry",
    "Segment",
    "Signature",
    "SignatureKey",
    "SignatureLink",
    "StepSide",
    "TaughtHeading",
    "Wording",
    "WordingKey",
    "WordingLink",
]
