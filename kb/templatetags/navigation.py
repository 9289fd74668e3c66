"""The links of the header, and their icons."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@dataclass(frozen=True, slots=True)
class Destination:
    """A link of the header.

    name   the name of its address
    key    the key that leads there after `g`
    below  the names of other addresses that belong to it
    """

    name: str
    label: str
    icon: str
    key: str
    below: frozenset[str] = frozenset()


DESTINATIONS = (
    Destination("search", "Search", "search", "/"),
    Destination("sessions", "Sessions", "sessions", "s", frozenset({"session"})),
    Destination(
        "issues", "Issues", "issues", "i", frozenset({"issue", "rules", "merge-issues", "split-issue", "relinking"})
    ),
    Destination(
        "next-steps",
        "Next steps",
        "next-steps",
        "n",
        frozenset({"next-step", "handover", "merge-next-steps", "split-next-step"}),
    ),
    Destination("commands", "Commands", "commands", "c"),
    Destination("files", "Files", "files", "f"),
    Destination("learnings", "Learnings", "learnings", "l"),
    Destination("review", "Review", "review", "r"),
    Destination(
        "imports",
        "Import",
        "import",
        "m",
        frozenset({"staged", "staged-records", "import", "secrets", "coverage", "teach", "tokens"}),
    ),
)


@register.inclusion_tag("includes/_navigation.html", takes_context=True)
def navigation(context: RequestContext) -> dict[str, object]:
    """The links of the header; the one that leads to the page, or to a list it belongs to, is marked."""
    match = context["request"].resolver_match
    name = match.url_name if match else ""
    current = next((link for link in DESTINATIONS if name == link.name or name in link.below), None)
    return {"links": DESTINATIONS, "current": current}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decoration: the word beside it says what it means."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name)
