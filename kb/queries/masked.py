"""What the review page of masked credentials asks."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from kb.models import MaskedSecret, SecretVerdict

TO_REVIEW = ""  # the verdict of secrets that have none yet


def masked_secrets(verdict: str, rule: str = "") -> QuerySet[MaskedSecret]:
    """Returns the secrets with a verdict, of one rule or of all."""
    secrets = MaskedSecret.objects.select_related("log", "by").defer("log__text", "log__findings")
    secrets = secrets.prefetch_related("log__paths", "log__sessions")
    return secrets.filter(verdict=verdict, rule=rule) if rule else secrets.filter(verdict=verdict)


def secret_rules() -> list[str]:
    return list(MaskedSecret.objects.order_by("rule").values_list("rule", flat=True).distinct())


def verdict_counts() -> list[tuple[str, str, int]]:
    """Returns (verdict, label, number of secrets) of each verdict, those to review first."""
    counts = dict(MaskedSecret.objects.order_by().values_list("verdict").annotate(count=Count("pk")))
    labels = [(TO_REVIEW, "to review"), *((verdict.value, str(verdict.label)) for verdict in SecretVerdict)]
    return [(verdict, label, counts.get(verdict, 0)) for verdict, label in labels]
