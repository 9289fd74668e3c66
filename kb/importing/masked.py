"""The review queue of masked credentials, each with its rule and the masked text around it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils import timezone

from kb.models import MaskedSecret
from sessions.models import Log

_AROUND = 90  # characters shown on each side of a mask


def queue_secrets(log: Log) -> None:
    """Brings the queue in line with what is masked in a log. Verdicts on what is still there are kept."""
    lines = log.text.split("\n")
    masks: dict[tuple[str, str], int] = {}
    for finding in log.findings:
        line = lines[finding["line"] - 1]
        around = line[max(0, finding["start"] - _AROUND) : finding["end"] + _AROUND].strip()
        masks.setdefault((finding["rule"][:60], around[:240]), finding["line"])
    for secret in MaskedSecret.objects.filter(log=log):
        line_now = masks.pop((secret.rule, secret.masked), None)
        if line_now is None:
            secret.delete()
        elif line_now != secret.line:
            MaskedSecret.objects.filter(pk=secret.pk).update(line=line_now)
    MaskedSecret.objects.bulk_create(
        MaskedSecret(log=log, rule=rule, masked=masked, line=line) for (rule, masked), line in masks.items()
    )


def judge(secret: MaskedSecret, verdict: str, by: User) -> None:
    """Stores a person's verdict on a finding; an empty one withdraws it. The text stays masked in any case."""
    secret.verdict, secret.by, secret.at = verdict, by, timezone.now()
    secret.save(update_fields=["verdict", "by", "at"])
