"""What the compression of passages is fitted to, and that the same logs give the same file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sessions.meaning.encoder import DIMENSIONS as ENCODED
from sessions.meaning.encoder import Encoder
from sessions.meaning.passage_vectors import DIMENSIONS, within_session
from training import passages
from training.passages import passages_in, vectors_of

FERRY = """# Ferry bookings

## Problems

- Nobody can pay with a card
- Nobody can pay with a card

| When | What |
|---|---|
| 14:02 | it fails |
"""
CRANE = """# Harbour crane

The crane stops in the wind.

- Nobody can pay with a card
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two logs in folders of their own, and a file that is none."""
    for name, log in (("ferry/2026-03-01.md", FERRY), ("crane/2026-03-02.md", CRANE), ("crane/notes.csv", "a,b\n")):
        file = tmp_path / "logs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(log, encoding="utf-8")
    return tmp_path / "logs"


def test_every_statement_counts_once_in_a_session_of_one_title(folder: Path) -> None:
    assert passages_in(folder) == [
        ("Ferry bookings", "14:02 | it fails"),
        ("Ferry bookings", "Ferry bookings"),
        ("Ferry bookings", "Nobody can pay with a card"),
        ("Ferry bookings", "Problems"),
        ("Harbour crane", "Harbour crane"),
        ("Harbour crane", "Nobody can pay with a card"),
        ("Harbour crane", "The crane stops in the wind."),
    ]


def test_each_passage_is_a_vector_within_its_session(folder: Path, encoder: Encoder) -> None:
    found = passages_in(folder)
    vectors = vectors_of(found, encoder)
    assert vectors.shape == (len(found), ENCODED)
    for vector, (title, text) in zip(vectors, found, strict=True):
        alone = within_session(encoder.encode([text]), encoder.encode([title])[0])[0]
        assert np.allclose(vector.astype(np.float32), alone, atol=2e-3)


def test_the_same_logs_give_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = []
    monkeypatch.setattr("sys.argv", ["passages.py", str(folder)])
    for name in ("first.npz", "second.npz"):
        monkeypatch.setattr(passages, "PASSAGES", tmp_path / name)
        assert passages.main() == 0
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert "7 passages" in capsys.readouterr().out
    with np.load(tmp_path / "first.npz", allow_pickle=False) as arrays:
        assert {name: (arrays[name].shape, arrays[name].dtype) for name in arrays.files} == {
            "components": ((ENCODED, DIMENSIONS), np.float16),
            "mean": ((ENCODED,), np.float16),
            "centres": ((7, DIMENSIONS), np.float16),
        }
