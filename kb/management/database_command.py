"""The base of the commands that use the database: they say in a sentence why it cannot be used, and what to do."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

_NOT_SET_UP = "The database is not set up: run manage.py migrate."


class DatabaseCommand(BaseCommand):
    """A command that uses the database. `what_next` is what to do once it can be used after it failed."""

    what_next = "Once it can be used, run the command again."

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Runs the command. Raises CommandError if the database cannot be used."""
        try:
            return super().execute(*args, **options)
        except DatabaseError as problem:
            if _lacks_migrations():
                raise CommandError(_NOT_SET_UP) from problem
            if not isinstance(problem, OperationalError):
                raise
            why = str(problem).strip()
            raise CommandError(f"The database cannot be used ({why}). {self.what_next}") from problem


def _lacks_migrations() -> bool:
    with suppress(DatabaseError):
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return False
