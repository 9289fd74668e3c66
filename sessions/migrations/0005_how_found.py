"""Errors, fixes, next steps and decisions know how they were found; until now, rules alone found them."""

from __future__ import annotations

from django.db import migrations, models

_FOUND_BY = [("rules", "by rules"), ("meaning", "by meaning")]


class Migration(migrations.Migration):
    dependencies = [("session_logs", "0004_log_without_content")]

    operations = [
        operation
        for model in ("decision", "error", "fix", "nextstep")
        for operation in (
            migrations.AddField(
                model_name=model,
                name="certainty",
                field=models.FloatField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name=model,
                name="found_by",
                field=models.CharField(choices=_FOUND_BY, default="rules", max_length=10),
            ),
        )
    ]
