"""Extracts metrics and environment: the key-value facts a session ends with."""

from __future__ import annotations

from sessions.parsing.reading import Reading


def extract_metrics(reading: Reading) -> dict[str, str]:
    return {}


def extract_environment(reading: Reading) -> dict[str, str]:
    return {}
