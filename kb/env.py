"""Settings from the environment; a bad value raises with the variable's name and what it accepts."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: say 1, true, yes or on, or 0, false, no or off.")


def env_int(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isdecimal() and int(value) >= least:
        return int(value)
    raise ImproperlyConfigured(f"{name}={value!r}: give a whole number of at least {least}.")


def env_list(name: str) -> list[str]:
    """Comma-separated values."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
