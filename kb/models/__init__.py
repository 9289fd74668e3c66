"""What is known across sessions: issues, tracked steps, decisions on both, imports and the search index."""

from kb.models.corrections import Correction
from kb.models.grouping import GroupingDecision, GroupingRule, Side
from kb.models.imports import (
    LEFT,
    ApiToken,
    Import,
    ImportedFile,
    ImportOrigin,
    ImportOutcome,
    ImportState,
    MaskedSecret,
    SecretVerdict,
    TaughtHeading,
)
from kb.models.issues import (
    ErrorSide,
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
    without_priority,
)
from kb.models.relinking import Relinking
from kb.models.review import Doubt
from kb.models.search import Block, EntryKind, MergeLease, Removal, SavedSearch, SearchEntry, Segment
from kb.models.watched_folders import WatchedFolder

__all__ = [
    "LEFT",
    "ApiToken",
    "Block",
    "Correction",
    "Doubt",
    "EntryKind",
    "ErrorSide",
    "GroupingDecision",
    "GroupingRule",
    "Import",
    "ImportOrigin",
    "ImportOutcome",
    "ImportState",
    "ImportedFile",
    "Issue",
    "IssueEvent",
    "MaskedSecret",
    "MergeLease",
    "Occurrence",
    "ProposedClosure",
    "Relinking",
    "Removal",
    "SavedSearch",
    "SearchEntry",
    "SecretVerdict",
    "Segment",
    "Side",
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
    "WatchedFolder",
    "without_priority",
]
