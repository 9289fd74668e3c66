"""Queries that every search asks, compiled once: Django takes longer to compile one than a database to run it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

_MOST_SIZES = 128  # beyond, the numbers of keys that are compiled for are its multiples


class CompiledQuery:
    """The rows of a query for some keys, converted as Django converts them.

    It is compiled for 1, 2, 4, … keys; the last key fills the places that are left, which changes no set of keys.
    """

    def __init__(self, query: Callable[[Sequence[int]], QuerySet[Any, Any]]) -> None:
        """Takes a function that returns the query, a `values_list`, for keys, which occur once, in `…__in=keys`."""
        self._query = query
        self._compiled: dict[tuple[str, int], tuple[SQLCompiler, str, tuple[Any, ...], int]] = {}

    def rows(self, keys: Sequence[int] = ()) -> list[tuple[Any, ...]]:
        size = _size_for(len(keys))
        compiled = self._compiled.get((connection.vendor, size))
        if compiled is None:
            try:
                compiled = self._compiled[connection.vendor, size] = self._compile(size)
            except EmptyResultSet:
                return []
        compiler, sql, parameters, at = compiled
        filled = (*keys, *(keys[-1] for _ in range(len(keys), size)))
        with connection.cursor() as cursor:
            cursor.execute(sql, (*parameters[:at], *filled, *parameters[at + size :]))
            return [tuple(row) for row in compiler.results_iter([cursor.fetchall()])]

    def _compile(self, size: int) -> tuple[SQLCompiler, str, tuple[Any, ...], int]:
        """Returns the compiler, which converts rows, the statement, its parameters, and where the keys are in them."""
        keys = [-1 - number for number in range(size)]  # no row has such a key
        compiler = self._query(keys).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        return compiler, sql, tuple(parameters), parameters.index(keys[0]) if keys else 0


def _size_for(count: int) -> int:
    """Returns the number of places that a list of keys is given."""
    return 1 << (count - 1).bit_length() if 0 < count <= _MOST_SIZES else -(-count // _MOST_SIZES) * _MOST_SIZES
