"""Which statement model reads logs: the shipped one, or one that learned from this base's corrections.

Models that learned are files in the data folder. One is in use only once somebody switched to it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

FOLDER = "meaning"
_STATE = "in_use.json"


class CannotSwitch(Exception):
    """There is nothing to switch to; the message says what to do."""


def folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def in_use() -> str:
    """Returns the file name of the model in use; empty for the shipped one."""
    return str(_state()["current"])


def save(name: str, arrays: Mapping[str, Any]) -> Path:
    """Writes what was learned. It is not in use yet."""
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{name}.npz"
    np.savez_compressed(path, allow_pickle=False, **arrays)
    return path


def load(name: str) -> dict[str, Any]:
    """Returns the arrays of a model. Raises OSError or ValueError if it cannot be read."""
    with np.load(folder() / name, allow_pickle=False) as arrays:
        return {part: arrays[part] for part in arrays.files}


def switch() -> str:
    """Switches to the model that learned last. Returns its name. Raises CannotSwitch."""
    names = sorted(path.name for path in folder().glob("*.npz"))
    state = _state()
    if not names:
        raise CannotSwitch("Nothing has been learned yet. Run `manage.py learn` first.")
    if names[-1] == state["current"]:
        raise CannotSwitch(f"{names[-1]} is in use already.")
    _write({"current": names[-1], "before": [*state["before"], state["current"]]})
    return names[-1]


def back() -> str:
    """Goes back to the model that was in use before. Returns its name, empty for the shipped one."""
    state = _state()
    if not state["before"]:
        raise CannotSwitch("The shipped model is in use; there is none before it.")
    *before, current = state["before"]
    _write({"current": current, "before": before})
    return str(current)


def _state() -> dict[str, Any]:
    try:
        state = json.loads((folder() / _STATE).read_text(encoding="utf-8"))
        return {"current": str(state["current"]), "before": list(state["before"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"current": "", "before": []}


def _write(state: Mapping[str, Any]) -> None:
    """Replaces the file at once, so that no process reads half of it."""
    draft = folder() / f"{_STATE}.new"
    draft.write_text(json.dumps(state), encoding="utf-8")
    os.replace(draft, folder() / _STATE)
