"""Multiplies a knowledge base by SQL alone: what was imported is there many times, as other sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PROJECTS = "session_logs_project"
PROJECTS_EVERY = 10  # copies that belong to the same projects
# The text that has to differ from copy to copy, by table.
RENAMED = {
    "session_logs_log": "sha256",
    "session_logs_logpath": "path",
    PROJECTS: "name",
    "kb_signature": "digest",
    "kb_stepwording": "digest",
}
NAMES_PROJECT = "kb_stepwordingkey", "key"  # begins with the number of its project
# The history of imports, and the search index, whose segments cannot be copied by SQL.
LEFT = {"kb_import", "kb_importedfile", "kb_segment", "kb_block", "kb_removal", "kb_mergelease", "kb_searchentry"}
Columns = dict[str, str]


def multiply(times: int) -> None:
    """Copies each session with its records, issues and next steps `times` times, of a SQLite base that has no copies.

    A tenth as many times there are new projects, so that projects grow as well.
    """
    from django.db import connection, transaction

    spans = _spans()
    for copy in range(1, times + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns in _tables():
                if table == PROJECTS and copy % PROJECTS_EVERY:
                    continue
                values = ", ".join(_value(table, name, of, copy, spans) for name, of in columns.items())
                names = ", ".join(f'"{name}"' for name in columns)
                first = f'"{next(iter(columns))}" <= {spans[table]}'
                cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" WHERE {first}')  # noqa: S608


def _tables() -> Iterator[tuple[str, Columns]]:
    """Yields the tables to copy with their columns, the primary key first, and the table that each refers to or ""."""
    from django.apps import apps

    for app in ("session_logs", "kb"):
        for model in apps.get_app_config(app).get_models():
            table = model._meta.db_table
            if table not in LEFT:
                fields = sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key)
                yield table, {str(field.column): _refers_to(field) for field in fields}


def _refers_to(field: Any) -> str:
    owner = field.related_model or (field.model if field.primary_key else None)
    return str(owner._meta.db_table) if owner else ""


def _spans() -> dict[str, int]:
    """Returns the highest primary key of each table."""
    from django.db import connection

    with connection.cursor() as cursor:
        spans = {}
        for table, columns in _tables():
            cursor.execute(f'SELECT coalesce(max("{next(iter(columns))}"), 0) FROM "{table}"')  # noqa: S608
            spans[table] = int(cursor.fetchone()[0])
    return spans


def _value(table: str, column: str, of: str, copy: int, spans: dict[str, int]) -> str:
    turns = copy // PROJECTS_EVERY if of == PROJECTS else copy
    if of in spans:
        return f'"{column}" + {turns * spans[of]}'
    if (table, column) == NAMES_PROJECT:
        return f"(CAST(key AS INTEGER) + {copy // PROJECTS_EVERY * spans[PROJECTS]}) || substr(key, instr(key, ':'))"
    return f"\"{column}\" || '~{copy}'" if RENAMED.get(table) == column else f'"{column}"'
