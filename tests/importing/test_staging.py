"""What is staged is there as a whole or not at all, whenever somebody reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb.importing.staging import Batch
from tests.factories import log

Stage = Callable[..., Batch]

CHANGES: dict[str, Callable[[Batch], None]] = {
    "a preview": lambda batch: batch.save_preview(1, {"outcome": "updated"}),
    "a new preview": lambda batch: batch.save_preview(2, {"outcome": "new"}),
    "a log": lambda batch: batch.correct(1, [{"kind": "errors"}]),
    "the queue": lambda batch: batch.queue([("/logs/b.md", "harbor"), ("/logs/c.md", "harbor")]),
    "what was skipped": lambda batch: batch.note_skipped("Skipped 2 folders."),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_what_is_being_written_is_not_seen(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, change: Callable[[Batch], None]
) -> None:
    batch = stage({"a.md": log()})
    batch.save_preview(1, {"outcome": "new"})
    batch.queue([("/logs/b.md", "harbor")])
    batch.note_skipped("Skipped 1 folder.")
    before = seen(batch)
    write = Path.write_text

    def write_half(file: Path, text: str, **options: str) -> int:
        write(file, text[: len(text) // 2], **options)
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_text", write_half)
    with pytest.raises(OSError, match="No space"):
        change(batch)
    assert seen(batch) == before


def seen(batch: Batch) -> list[object]:
    previews = [batch.preview(number) for number in batch.numbers("preview")]
    return [previews, batch.prepared(1), batch.queued(), batch.skipped]
