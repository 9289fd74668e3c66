"""Words for what is in doubt."""

from __future__ import annotations

from django import template

from kb.models import Doubt

register = template.Library()

_NAMES = {
    "errors": "an error", "fixes": "a fix", "next_steps": "a next step", "decisions": "a decision",
    "learnings": "a learning", "commands": "a command", "nothing": "nothing of the kind",
}  # fmt: skip


@register.filter
def kind_name(kind: str) -> str:
    return _NAMES.get(kind, kind)


@register.filter
def question(doubt: Doubt) -> str:
    """What is asked about a record, or about a statement that was not taken for one."""
    return f"Is this {kind_name(doubt.kind)}?"
