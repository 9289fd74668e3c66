"""What reads logs by meaning, besides rules: loaded once a process, when the first log is read."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from sessions.meaning.encoder import Encoder
    from sessions.meaning.revise import Reviser

NOTICE = (
    "Logs are read by rules alone (MEANING=off). Problems that are told without a word such as “error” or “failed” are "
    "missed, and so are fixes, next steps and decisions that no heading announces."
)

_loading = Lock()
_loaded: list[Reviser] = []


def reviser() -> Reviser | None:
    """Returns what revises sessions by meaning, or None if MEANING is off."""
    if not settings.MEANING:
        return None
    with _loading:  # two threads must not load 150 MB each
        if not _loaded:
            _loaded.append(_load())
    return _loaded[0]


def encoder() -> Encoder | None:
    """Returns what turns texts into vectors, or None if MEANING is off."""
    if not settings.MEANING:
        return None
    from sessions.meaning.encoder import sentence_encoder  # numpy and the weights are slow to load

    return sentence_encoder()


def notice() -> str:
    """Returns what reading by rules alone costs if MEANING is off, else an empty string."""
    return "" if settings.MEANING else NOTICE


def _load() -> Reviser:
    # Imported here, so that a command that reads no log does not wait for them.
    from sessions.meaning.encoder import sentence_encoder
    from sessions.meaning.judge import shipped_model
    from sessions.meaning.revise import Reviser

    return Reviser(shipped_model(), sentence_encoder())
