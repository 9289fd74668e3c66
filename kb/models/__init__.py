"""What is known across sessions: issues, next steps, imports, grouping rules, and the search index."""

from kb.models.imports import ApiToken, Import, ImportedFile, MaskedSecret, TaughtHeading
from kb.models.issues import (
    ErrorSide,
    GroupingDecision,
    Issue,
    IssueEvent,
    Occurrence,
    Signature,
    SignatureKey,
    SignatureLink,
)
from kb.models.next_steps import (
    ProposedClosure,
    StepEvent,
    StepMention,
    StepSide,
    StepWording,
    StepWordingKey,
    StepWordingLink,
    TrackedStep,
)
from kb.models.rules import GroupingRule
from kb.models.search import Block, EntryKind, MergeLease, Removal, SavedSearch, SearchEntry, Segment

__all__ = [
    "ApiToken",
    "Block",
    "EntryKind",
    "ErrorSide",
    "GroupingDecision",
    "GroupingRule",
    "Import",
    "ImportedFile",
    "Issue",
    "IssueEvent",
    "MaskedSecret",
    "MergeLease",
    "Occurrence",
    "ProposedClosure",
    "Removal",
    "SavedSearch",
    "SearchEntry",
    "Segment",
    "Signature",
    "SignatureKey",
    "SignatureLink",
    "StepEvent",
    "StepMention",
    "StepSide",
    "StepWording",
    "StepWordingKey",
    "StepWordingLink",
    "TaughtHeading",
    "TrackedStep",
]
