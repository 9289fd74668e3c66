"""Logs that wait to be looked at and taken: redacted, in files of their own, since nothing is in the database yet."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from kb.importing.compose import Prepared, prepare
from kb.importing.namesakes import Upload, choose
from sessions.sources import SourceError

_HOURS_KEPT = 24
_WAITING = "waiting.json"
_LEFT_OUT = "left-out.txt"


class UnknownBatch(Exception):
    """There is no such batch, or it is somebody else's."""


@dataclass(slots=True)
class Batch:
    """A folder of staged logs, numbered from 1.

    owner   number of the user who staged them
    source  a value of Import.Source
    origin  where they come from, in words
    """

    token: str
    owner: int
    source: str
    origin: str
    _last: int = -1

    @property
    def folder(self) -> Path:
        return _root() / self.token

    def add(self, path: str, content: bytes, project: str, upload: Upload | None = None) -> None:
        """Redacts and stages a log; one over a limit is refused."""
        try:
            prepared = prepare(path, content, project, upload)
        except SourceError as problem:
            self.refuse(path, str(problem))
        else:
            self._write(self._next(), "log", prepared.as_json())

    def refuse(self, path: str, reason: str) -> None:
        self._write(self._next(), "refused", {"path": path, "reason": reason})

    def wait_for(self, sources: Iterable[tuple[str, str]]) -> None:
        """Notes files on the server, as (path, project), that are to be staged bit by bit."""
        (self.folder / _WAITING).write_text(json.dumps(list(sources)), encoding="utf-8")

    def tell(self, left_out: str) -> None:
        """Notes what was left out of a folder, in words."""
        (self.folder / _LEFT_OUT).write_text(left_out, encoding="utf-8")

    @property
    def left_out(self) -> str:
        file = self.folder / _LEFT_OUT
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def waiting(self) -> list[tuple[str, str]]:
        file = self.folder / _WAITING
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else []

    def numbers(self, kind: str = "log") -> list[int]:
        """The numbers of what is staged: "log", "preview" of a log, or "refused"."""
        return sorted(int(file.name.split(".")[0]) for file in self.folder.glob(f"*.{kind}.json"))

    def prepared(self, number: int) -> Prepared:
        return Prepared.from_json(self._read(number, "log"))

    def choose(self, number: int, path: str) -> None:
        """Notes which log an upload is, as a person says, and forgets its preview."""
        prepared = self.prepared(number)
        if prepared.upload:
            self._write(number, "log", replace(prepared, upload=choose(prepared.upload, path)).as_json())
            self._file(number, "preview").unlink(missing_ok=True)

    def refused(self) -> list[dict[str, str]]:
        return [self._read(number, "refused") for number in self.numbers("refused")]

    def keep_preview(self, number: int, preview: dict[str, Any]) -> None:
        self._write(number, "preview", preview)

    def preview(self, number: int) -> dict[str, Any]:
        return self._read(number, "preview")

    def drop(self, number: int) -> None:
        for kind in ("log", "preview"):
            self._file(number, kind).unlink(missing_ok=True)

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
        self._file(number, kind).write_text(json.dumps(content), encoding="utf-8")

    def _read(self, number: int, kind: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._file(number, kind).read_text(encoding="utf-8"))
        return content


def _root() -> Path:
    return Path(settings.DATA_DIR) / "staged"


def new_batch(owner: int, source: str, origin: str) -> Batch:
    """An empty batch. Batches that nobody took for a day are removed."""
    _sweep()
    batch = Batch(secrets.token_hex(16), owner, source, origin[:300])
    batch.folder.mkdir(parents=True, mode=0o700)
    about = {"owner": owner, "source": source, "origin": batch.origin}
    (batch.folder / "batch.json").write_text(json.dumps(about), encoding="utf-8")
    return batch


def open_batch(token: str, owner: int) -> Batch:
    """The batch of a token. Raises UnknownBatch."""
    try:
        about = json.loads((_root() / token / "batch.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise UnknownBatch(token) from problem
    if about["owner"] != owner:
        raise UnknownBatch(token)
    return Batch(token, **about)


def _sweep() -> None:
    for folder in _root().glob("*"):
        if time.time() - folder.stat().st_mtime > _HOURS_KEPT * 3600:
            shutil.rmtree(folder, ignore_errors=True)
