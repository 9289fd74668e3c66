"""What became of imported logs as JSON, with the issues that each of them mentions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from kb.api.issues import Json, Site, fix_as_json, issue_address
from kb.importing import Imported, Refused
from kb.linking.issues import LinkedError, linked_errors
from kb.models import ImportOutcome
from kb.queries.met_before import Answer, answers_of


def results_as_json(
    results: Sequence[Imported | Refused], today: dt.date, site: Site, *, with_fixes: bool
) -> list[Json]:
    """Returns the outcome of each log. The best fixes of its issues are for tokens that may read."""
    errors = [_errors_of(result) for result in results]
    issues = {linked.issue.pk for of_log in errors for linked in of_log}
    answers = answers_of(issues, today) if with_fixes and issues else {}
    return [
        _refused(result) if isinstance(result, Refused) else _imported(result, of_log, answers, site, with_fixes)
        for result, of_log in zip(results, errors, strict=True)
    ]


def _errors_of(result: Imported | Refused) -> list[LinkedError]:
    if isinstance(result, Refused):
        return []
    return linked_errors(result.log) if result.outcome == ImportOutcome.UNCHANGED else list(result.errors)


def _refused(result: Refused) -> Json:
    return {"path": result.path, "outcome": "refused", "reason": result.reason}


def _imported(
    result: Imported, errors: Sequence[LinkedError], answers: Mapping[int, Answer], site: Site, with_fixes: bool
) -> Json:
    changes = result.changes
    return {
        "path": result.path,
        "outcome": result.outcome,
        "records": {
            "added": changes.added, "changed": changes.changed, "removed": changes.removed, "kept": changes.kept,
        },
        "masked": result.masked,
        "issues": [
            _issue(linked, site) | (_best_fix(answers.get(linked.issue.pk), site) if with_fixes else {})
            for linked in errors
        ],
    }  # fmt: skip


def _issue(linked: LinkedError, site: Site) -> Json:
    return {
        "id": linked.issue.pk,
        "title": str(linked.issue),
        "address": issue_address(linked.issue.pk, site),
        "sessions": linked.standing.session_count,
        "state": str(linked.standing.state),
    }


def _best_fix(answer: Answer | None, site: Site) -> Json:
    return {"best_fix": fix_as_json(answer.tried, answer.commands, site) if answer else None}
