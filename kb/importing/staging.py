"""Logs that wait to be previewed and imported: redacted, in files, since they are not in the database yet."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import Truncator

from kb.importing.namesakes import Upload, choose
from kb.importing.prepared import Prepared, prepare
from sessions.sources import SourceError

_HOURS_KEPT = 24
_ABOUT = "batch.json"
_QUEUE = "queue.json"
_SKIPPED = "skipped.txt"
_BEGUN = "begun"


class UnknownBatch(Exception):
    """There is no such batch, or it belongs to somebody else."""


@dataclass(slots=True)
class Batch:
    """A folder of staged logs, numbered from 1.

    owner   the primary key of the user who staged them
    origin  a value of ImportOrigin
    label   the folder, or the names of the first files
    """

    token: str
    owner: int
    origin: str
    label: str
    _last: int = -1

    @property
    def folder(self) -> Path:
        return _root() / self.token

    def add(self, path: str, content: bytes, project: str, upload: Upload | None = None) -> None:
        """Redacts and stages a log, or refuses it if it is over a limit."""
        try:
            prepared = prepare(path, content, project, upload)
        except SourceError as error:
            self.refuse(path, str(error))
        else:
            self._write(self._next(), "log", prepared.as_json())

    def refuse(self, path: str, reason: str) -> None:
        self._write(self._next(), "refused", {"path": path, "reason": reason})

    def queue(self, sources: Iterable[tuple[str, str]]) -> None:
        """Replaces the queue of files on the server, as (path, project), that are yet to be staged."""
        _replace(self.folder / _QUEUE, json.dumps(list(sources)))

    def queued(self) -> list[tuple[str, str]]:
        file = self.folder / _QUEUE
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else []

    def note_skipped(self, message: str) -> None:
        _replace(self.folder / _SKIPPED, message)

    @property
    def skipped(self) -> str:
        """Says which folders were skipped; empty if none were."""
        file = self.folder / _SKIPPED
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def numbers(self, kind: str = "log") -> list[int]:
        """Returns the numbers of the staged logs, or of the "preview" or "refused" files."""
        return sorted(int(file.name.split(".")[0]) for file in self.folder.glob(f"*.{kind}.json"))

    def prepared(self, number: int) -> Prepared:
        return Prepared.from_json(self._read(number, "log"))

    def choose(self, number: int, path: str) -> None:
        """Stores which log a person says an upload is, and deletes its outdated preview."""
        prepared = self.prepared(number)
        if prepared.upload:
            self._write(number, "log", replace(prepared, upload=choose(prepared.upload, path)).as_json())
            self._file(number, "preview").unlink(missing_ok=True)

    def correct(self, number: int, corrections: list[dict[str, Any]]) -> None:
        """Stores what was put right in a log before it is imported, and deletes its outdated preview."""
        self._write(number, "log", replace(self.prepared(number), corrections=corrections).as_json())
        self._file(number, "preview").unlink(missing_ok=True)

    def refused(self) -> list[dict[str, str]]:
        return [self._read(number, "refused") for number in self.numbers("refused")]

    def save_preview(self, number: int, preview: dict[str, Any]) -> None:
        self._write(number, "preview", preview)

    def preview(self, number: int) -> dict[str, Any]:
        return self._read(number, "preview")

    def drop(self, number: int) -> None:
        for kind in ("log", "preview"):
            self._file(number, kind).unlink(missing_ok=True)

    def claim(self) -> bool:
        """Returns whether nobody has begun to import the batch yet. Whoever asks first may."""
        try:
            (self.folder / _BEGUN).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _next(self) -> int:
        if self._last < 0:
            self._last = max([*self.numbers(), *self.numbers("refused")], default=0)
        self._last += 1
        return self._last

    def _file(self, number: int, kind: str) -> Path:
        return self.folder / f"{number:06}.{kind}.json"

    def _write(self, number: int, kind: str, content: dict[str, Any]) -> None:
        _replace(self._file(number, kind), json.dumps(content))

    def _read(self, number: int, kind: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._file(number, kind).read_text(encoding="utf-8"))
        return content


def new_batch(owner: int, origin: str, label: str) -> Batch:
    """Creates an empty batch, and deletes batches older than a day."""
    _sweep()
    batch = Batch(secrets.token_hex(16), owner, origin, Truncator(label).chars(300))
    batch.folder.mkdir(parents=True, mode=0o700)
    about = {"owner": owner, "origin": origin, "label": batch.label}
    _replace(batch.folder / _ABOUT, json.dumps(about))
    return batch


def open_batch(token: str, owner: int) -> Batch:
    """Returns the batch of a token. Raises UnknownBatch."""
    try:
        about = json.loads((_root() / token / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnknownBatch(token) from error
    if about["owner"] != owner:
        raise UnknownBatch(token)
    return Batch(token, **about)


def _replace(file: Path, text: str) -> None:
    """Replaces a file at once, so that nobody reads half of it. Several may write it at the same time."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, file)


def _root() -> Path:
    return Path(settings.DATA_DIR) / "staged"


def _sweep() -> None:
    for folder in _root().glob("*"):
        if time.time() - folder.stat().st_mtime > _HOURS_KEPT * 3600:
            shutil.rmtree(folder, ignore_errors=True)
