"""Rules that people make: errors that contain these words, existing and future, are one problem."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kb.linking.deciding import CannotDecide
from kb.linking.issues import relink_errors
from kb.linking.signatures import contains_all, terms_of
from kb.models import GroupingRule
from sessions.models import Error


def matching(words: str, project: str = "") -> list[Error]:
    """Returns the errors that a rule applies to. Raises CannotDecide if it has no word to search for."""
    terms = terms_of(words)
    if not terms or max(map(len, terms)) < 3:
        raise CannotDecide("Give at least one word of three letters or more that the errors contain.")
    errors: QuerySet[Error] = Error.objects.select_related("session__project", "occurrence__issue")
    if project:
        errors = errors.filter(session__project__name=project)
    return [error for error in errors if contains_all(error, terms)]


@transaction.atomic
def add_rule(words: str, name: str, project: str, by: User | None) -> GroupingRule:
    """Creates a rule and groups the errors it applies to. Raises CannotDecide without words or a name."""
    if not name.strip():
        raise CannotDecide("Give the problem a name.")
    errors = matching(words, project)
    rule = GroupingRule.objects.create(words=words.strip(), name=name.strip()[:300], project=project, by=by)
    relink_errors(errors)
    return rule


@transaction.atomic
def undo_rule(rule: GroupingRule) -> None:
    """Undoes a rule: its errors are grouped by their fingerprints and other decisions again.

    The name that the rule gave is removed; names that people gave stay.
    """
    rule.undone_at = timezone.now()
    rule.save(update_fields=["undone_at"])
    rule.named_issues.update(name="", named_by=None)
    relink_errors(matching(rule.words, rule.project))
