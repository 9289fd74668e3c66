"""The database that DATABASE_URL names: SQLite for one engineer, or PostgreSQL for a team."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError, IntegrityError

# WAL lets readers go on while one writes; IMMEDIATE takes the write lock at the start of a transaction, since a
# deferred one that reads first fails at once under contention, whatever the busy timeout.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; "
        "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
    ),
}

_CONFLICTS = ("40001", "40P01")  # PostgreSQL's codes of a serialisation failure and of a deadlock


def is_conflict(problem: DatabaseError) -> bool:
    """Whether another transaction was in the way, so that this one may succeed if it is run again."""
    return isinstance(problem, IntegrityError) or getattr(problem.__cause__, "pgcode", None) in _CONFLICTS


def database_from_url(url: str) -> dict[str, Any]:
    """Returns the entry of DATABASES for "sqlite:///path" or "postgres://user:password@host:port/name?option=value".

    Raises ImproperlyConfigured for any other form.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": dict(_SQLITE_OPTIONS),
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ImproperlyConfigured(
        "DATABASE_URL must begin with sqlite:/// or postgres://, as in postgres://user:password@host:5432/name."
    )
