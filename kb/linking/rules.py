"""Grouping by hand: "errors that hold these words are this problem", applied to what is here and what comes."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kb.linking.deciding import CannotDecide
from kb.linking.issues import relink_errors
from kb.linking.signatures import holds, terms_of
from kb.models import GroupingRule
from sessions.models import Error


def matching(words: str, project: str = "") -> list[Error]:
    """The errors that a rule takes in. Raises CannotDecide when it holds no word to look for."""
    terms = terms_of(words)
    if not terms or max(map(len, terms)) < 3:
        raise CannotDecide("Name a word of three letters or more that the errors hold.")
    errors: QuerySet[Error] = Error.objects.select_related("session__project", "occurrence__issue")
    if project:
        errors = errors.filter(session__project__name=project)
    return [error for error in errors if holds(error, terms)]


@transaction.atomic
def add_rule(words: str, name: str, project: str, by: User | None) -> GroupingRule:
    """Makes a rule and groups what it takes in. Raises CannotDecide without words or a name."""
    if not name.strip():
        raise CannotDecide("Say what the problem is called.")
    errors = matching(words, project)
    rule = GroupingRule.objects.create(words=words.strip(), name=name.strip()[:300], project=project, by=by)
    relink_errors(errors)
    return rule


@transaction.atomic
def undo_rule(rule: GroupingRule) -> None:
    """Takes a rule back; its errors go where their fingerprints and other decisions put them.

    The name that the rule gave goes with it; names that people gave stay.
    """
    rule.undone_at = timezone.now()
    rule.save(update_fields=["undone_at"])
    rule.named_issues.update(name="", named_by=None)
    relink_errors(matching(rule.words, rule.project))
