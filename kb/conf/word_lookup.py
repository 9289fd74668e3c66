"""The lookup `icontains`, for which upper and lower case are the same in every script, as they are on PostgreSQL.

SQLite knows the two cases of ASCII letters only, so Python compares where others are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import CharField, TextField
from django.db.models.lookups import IContains

_FUNCTION = "casefolded"


class ContainsInAnyCase(IContains):
    """Whether a text contains a word, in whatever case."""

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Sequence[Any]]:
        if str(self.rhs).isascii():  # several times as fast
            return self.as_sql(compiler, connection)
        text, params = self.process_lhs(compiler, connection)
        return f"instr({_FUNCTION}({text}), %s) > 0", [*params, str(self.rhs).casefold()]


def register() -> None:
    """Puts the lookup in the place of Django's own, and gives each connection to SQLite its function."""
    for field in (CharField, TextField):
        field.register_lookup(ContainsInAnyCase)
    connection_created.connect(_add_function, dispatch_uid=_FUNCTION)


def _add_function(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(_FUNCTION, 1, _casefolded, deterministic=True)


def _casefolded(text: str | None) -> str | None:
    return text.casefold() if text is not None else None
