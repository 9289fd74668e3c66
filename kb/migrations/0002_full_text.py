"""The full-text index, in the way of the database in use."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from kb.search import postgres, sqlite


def create(apps: Any, schema_editor: Any) -> None:
    statements = postgres.CREATE if schema_editor.connection.vendor == "postgresql" else (sqlite.CREATE,)
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(postgres.DROP if schema_editor.connection.vendor == "postgresql" else sqlite.DROP)


class Migration(migrations.Migration):
    dependencies = [("kb", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
