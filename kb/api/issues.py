"""An issue and its best fix as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.text import Truncator

from kb.linking.recurrence import FixVerdict, TriedFix
from kb.models import Issue
from kb.queries.met_before import Answer
from kb.templatetags.badges import in_days
from kb.templatetags.lines import record_url
from sessions.models import Command

Json = dict[str, object]
Site = Callable[[str], str]
"""Makes the address of a page from its path."""

_LONGEST_TITLE, _LONGEST_CAUSE, _LONGEST_COMMAND = 300, 600, 2000  # characters
# Verdict → words with how many days, on the same day, and without a day.
_VERDICTS = {
    FixVerdict.HELD: ("held for {} so far", "held since today", "held so far"),
    FixVerdict.PARTIAL: ("helped in part",) * 3,
    FixVerdict.UNKNOWN: ("was tried, without word whether it helped",) * 3,
    FixVerdict.CAME_BACK: ("held for {}, then the problem came back", "came back the same day", "came back later"),
    FixVerdict.FAILED: ("was tried and did not help",) * 3,
}


def issue_address(issue: int, site: Site) -> str:
    return site(reverse("issue", args=[issue]))


def issue_as_json(answer: Answer, site: Site) -> Json:
    """Returns an issue with its state and how often it was met, without its fix."""
    return {
        **named(answer.issue, site),
        "state": str(answer.standing.state),
        "days": answer.standing.days,
        "sessions": answer.standing.session_count,
        "projects": list(answer.projects),
    }


def named(issue: Issue, site: Site) -> Json:
    """Returns what identifies an issue."""
    return {"id": issue.pk, "title": short_title(str(issue)), "address": issue_address(issue.pk, site)}


def fix_as_json(tried: TriedFix | None, commands: Sequence[Command], site: Site) -> Json | None:
    """Returns the best fix of an issue with what became of it, or None if nothing was tried."""
    if tried is None:
        return None
    session = tried.error.session
    return {
        "title": short_title(tried.fix.title),
        "verdict": str(tried.verdict),
        "in_words": verdict_in_words(tried),
        "days": tried.days,
        "session": session.title,
        "project": session.project.name,
        "date": session.date,
        "address": site(record_url(tried.fix)),
        "cause": Truncator(tried.error.root_cause).chars(_LONGEST_CAUSE),
        "commands": [Truncator(command.text).chars(_LONGEST_COMMAND) for command in commands],
    }


def verdict_in_words(tried: TriedFix) -> str:
    """Returns what became of a fix as a clause about it."""
    return in_days(tried.days, *_VERDICTS[tried.verdict])


def short_title(text: str) -> str:
    return Truncator(text).chars(_LONGEST_TITLE)
