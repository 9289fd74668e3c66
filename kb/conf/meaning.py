"""What reads logs by meaning, besides rules: loaded once a process, when the first log is read."""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings

from kb.conf.learned import in_use, load

if TYPE_CHECKING:
    from sessions.meaning.encoder import Encoder
    from sessions.meaning.judge import Model
    from sessions.meaning.revise import Reviser

NOTICE = (
    "Logs are read by rules alone (MEANING=off). Problems that are told without a word such as “error” or “failed” are "
    "missed, and so are fixes, next steps and decisions that no heading announces."
)

_loading = Lock()
_loaded: dict[str, Reviser] = {}
_log = logging.getLogger(__name__)


def reviser() -> Reviser | None:
    """Returns what revises sessions by meaning, or None if MEANING is off."""
    if not settings.MEANING:
        return None
    name = in_use()
    with _loading:  # two threads must not load a model each
        if name not in _loaded:
            reviser = _load(name)
            _loaded.clear()
            _loaded[name] = reviser
        return _loaded[name]


def encoder() -> Encoder | None:
    """Returns what turns texts into vectors, or None if MEANING is off."""
    if not settings.MEANING:
        return None
    from sessions.meaning.encoder import sentence_encoder  # numpy and the weights are slow to load

    return sentence_encoder()


def notice() -> str:
    """Returns what reading by rules alone costs if MEANING is off, else an empty string."""
    return "" if settings.MEANING else NOTICE


def _load(name: str) -> Reviser:
    # Imported here, so that a command that reads no log does not wait for them.
    from sessions.meaning.encoder import sentence_encoder
    from sessions.meaning.revise import Reviser

    return Reviser(_model(name), sentence_encoder())


def _model(name: str) -> Model:
    """Returns the shipped model, or the one of this base if it was switched on and fits."""
    from sessions.meaning.judge import learned_model, shipped_model

    if not name:
        return shipped_model()
    try:
        return learned_model(load(name))
    except (OSError, ValueError, KeyError) as problem:
        _log.warning("%s cannot be used (%s), so the shipped model reads. Run `manage.py learn` again.", name, problem)
        return shipped_model()
