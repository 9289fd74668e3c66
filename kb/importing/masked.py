"""The review queue of masked credentials, each with its rule and the masked text around it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.utils import timezone

from kb.models import MaskedSecret
from sessions.models import Log

_AROUND = 90  # characters shown on each side of a mask


def queue_secrets(logs: Sequence[Log]) -> None:
    """Brings the queue in line with what is masked in logs. Verdicts on what is still there are kept."""
    masks = {(log.pk, *where): line for log in logs for where, line in _masks(log).items()}
    for secret in MaskedSecret.objects.filter(log__in=logs):
        line_now = masks.pop((secret.log_id, secret.rule, secret.masked), None)
        if line_now is None:
            secret.delete()
        elif line_now != secret.line:
            MaskedSecret.objects.filter(pk=secret.pk).update(line=line_now)
    MaskedSecret.objects.bulk_create(
        MaskedSecret(log_id=log, rule=rule, masked=masked, line=line) for (log, rule, masked), line in masks.items()
    )


def _masks(log: Log) -> dict[tuple[str, str], int]:
    """Returns the line of each mask, by its rule and the masked text around it."""
    lines = log.text.split("\n") if log.findings else []
    masks: dict[tuple[str, str], int] = {}
    for finding in log.findings:
        line = lines[finding["line"] - 1]
        around = line[max(0, finding["start"] - _AROUND) : finding["end"] + _AROUND].strip()
        masks.setdefault((finding["rule"][:60], around[:240]), finding["line"])
    return masks


def judge(secret: MaskedSecret, verdict: str, by: User) -> None:
    """Stores a person's verdict on a finding; an empty one withdraws it. The text stays masked in any case."""
    secret.verdict, secret.by, secret.at = verdict, by, timezone.now()
    secret.save(update_fields=["verdict", "by", "at"])
