"""The digest of a log that is at no path becomes null; until now it held the words "was log" and a number."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def to_null(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("session_logs", "Log").objects.filter(sha256__startswith="was log ").update(sha256=None)


def to_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for log in apps.get_model("session_logs", "Log").objects.filter(sha256=None).only("pk"):
        log.sha256 = f"was log {log.pk}"
        log.save(update_fields=["sha256"])


class Migration(migrations.Migration):
    dependencies = [("session_logs", "0003_was_at")]

    operations = [
        migrations.AlterField(
            model_name="log",
            name="sha256",
            field=models.CharField(max_length=64, null=True, unique=True),
        ),
        migrations.RunPython(to_null, to_words),
    ]
