"""Settings from the environment. A bad value raises an error with the variable's name and what it accepts."""

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
    raise ImproperlyConfigured(f"{name}={value!r}: use 1, true, yes or on, or 0, false, no or off.")


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


def env_text(name: str, default: str) -> str:
    """A text value. NAME_FILE may name a file that holds it, which is how containers pass secrets."""
    if path := os.environ.get(f"{name}_FILE", "").strip():
        try:
            with open(path, encoding="utf-8") as secret:
                return secret.read().strip()
        except OSError as problem:
            raise ImproperlyConfigured(
                f"{name}_FILE={path!r}: the file cannot be read ({problem.strerror})."
            ) from problem
    return os.environ.get(name, "").strip() or default
