"""Fits the compression of passages to a folder of logs: passages.py CORPUS_FOLDER. See README.md."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from sessions.meaning.codes import codes_of, rows_of
from sessions.meaning.compression import Compression
from sessions.meaning.encoder import DIMENSIONS as ENCODED
from sessions.meaning.encoder import Encoder, sentence_encoder
from sessions.meaning.passage_vectors import DIMENSIONS, PASSAGES, within_session
from sessions.meaning.statements import statements_of
from sessions.parsing.pipeline import read_log
from training.compression import compression_of

Passage = tuple[str, str]  # the title of its session, its text
Halves = NDArray[np.float16]
_CELLS = 512
_BATCH = 1000  # texts that are encoded at once
_MEASURED = 4000  # vectors


def passages_in(folder: Path) -> list[Passage]:
    """Returns the distinct statements of the logs in a folder, each with the title of its session, in order."""
    passages = set()
    for file in folder.rglob("*.md"):
        read = read_log(file.relative_to(folder).as_posix(), file.read_bytes())
        for reading, record in zip(read.readings, read.record.sessions, strict=True):
            passages |= {(record.title, statement.text) for statement in statements_of(reading)}
    return sorted(passages)


def vectors_of(passages: Sequence[Passage], encoder: Encoder) -> Halves:
    """Returns a row for each passage, of length 1: its meaning within its session."""
    texts = {text for passage in passages for text in passage}
    ordered = sorted(texts, key=lambda text: (len(text), text))  # texts of one length are encoded fastest
    places = {text: at for at, text in enumerate(ordered)}
    encoded = _encoded(ordered, encoder)
    mixed = [
        within_session(_floats(encoded[[places[text] for _title, text in many]]), _floats(encoded[places[title]]))
        for title, many in groupby(passages, key=lambda passage: passage[0])
    ]
    return np.vstack([part.astype(np.float16) for part in mixed])


def _encoded(texts: Sequence[str], encoder: Encoder) -> Halves:
    vectors = np.zeros((len(texts), ENCODED), dtype=np.float16)
    for first in range(0, len(texts), _BATCH):
        vectors[first : first + _BATCH] = encoder.encode(texts[first : first + _BATCH])
    return vectors


def _floats(halves: Halves) -> NDArray[np.float32]:
    return halves.astype(np.float32)


def arrays_of(compression: Compression) -> dict[str, NDArray[np.float16]]:
    """Returns the arrays of a compression as `Compression.from_arrays` takes them."""
    names = ("components", "mean", "centres")
    return {name: getattr(compression, name).astype(np.float16) for name in names}


def measured(compression: Compression, vectors: Halves) -> tuple[float, float]:
    """Returns the share of variance that is kept, and how much the cosine of two vectors errs on average."""
    rest = _floats(vectors[:: max(len(vectors) // _MEASURED, 1)])
    small = rows_of(codes_of(compression.project(rest)))
    rest -= compression.mean
    kept = float(np.sum((rest @ compression.components) ** 2) / np.sum(rest**2))
    rest /= np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-9)
    return kept, float(np.mean(np.abs(small @ small.T - rest @ rest.T)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    options = parser.parse_args()
    started = time.monotonic()
    vectors = vectors_of(passages_in(options.corpus), sentence_encoder())
    compression = compression_of(vectors, DIMENSIONS, _CELLS, centred=True, rotated=True)
    np.savez_compressed(PASSAGES, allow_pickle=False, **arrays_of(compression))
    kept, error = measured(compression, vectors)
    print(f"{len(vectors)} passages, {kept:.1%} of their variance, cosines err by {error:.4f}", end=", ")
    print(f"{PASSAGES.stat().st_size / 1e6:.2f} MB in {PASSAGES}, {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
