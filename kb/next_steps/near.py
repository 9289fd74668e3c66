"""Finds the wordings that are near to others: those that share keys with them, the newest first."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from kb.models import StepWording, StepWordingKey, StepWordingLink
from kb.next_steps.wording import SAME, Words, similarity
from sessions.storing.bulk import insert_rows

MOST_COMPARED = 300  # wordings that share words with a new one
_MOST_KEYS_READ = 3_000
_MANY_KEYS = 4


class Sharing:
    """The wordings that have some keys, the newest of each key, read from the database in three queries."""

    def __init__(self, keys: Iterable[str]) -> None:
        rows = StepWordingKey.objects.order_by("key", "wording")  # the order of an index
        wanted = set(keys)
        counts = rows.filter(key__in=wanted).order_by().values_list("key").annotate(count=Count("pk"))
        common = {key for key, count in counts if count > _MOST_KEYS_READ}
        newest = Window(RowNumber(), partition_by="key", order_by=F("wording").desc())
        some = rows.filter(key__in=common).annotate(turn=newest).filter(turn__lte=_MOST_KEYS_READ)
        self._by_key: dict[str, list[int]] = defaultdict(list)
        for found in (rows.filter(key__in=wanted - common), some):
            for key, wording in found.values_list("key", "wording_id"):
                self._by_key[key].append(wording)

    def counted(self, keys: Collection[str], below: int | None = None) -> Counter[int]:
        """Counts how many of the keys each wording has, the newest wordings first.

        below  counts only wordings with a lower number: those that were there before it
        """
        found = (self._by_key.get(key, []) for key in set(keys))
        earlier = (of_key if below is None else of_key[: bisect_left(of_key, below)] for of_key in found)
        rows = sorted(chain.from_iterable(of_key[-_MOST_KEYS_READ:] for of_key in earlier))
        return Counter(rows[: -_MOST_KEYS_READ - 1 : -1])


def wording_keys(project: int, stems: Iterable[str]) -> list[str]:
    """Returns stems as keys of a project's wordings."""
    return [f"{project}:{stem}"[:100] for stem in stems]


def link_wordings(new: Sequence[StepWording]) -> set[int]:
    """Stores the keys by which new wordings are found, and links to similar ones. Returns all that are linked."""
    words = {wording.pk: Words.of(wording.words) for wording in new}
    keys = {wording.pk: wording_keys(wording.project_id, words[wording.pk].keys) for wording in new}
    insert_rows(
        StepWordingKey, ("wording_id", "key"), [(pk, key) for pk, of_wording in keys.items() for key in of_wording]
    )
    sharing = Sharing(key for of_wording in keys.values() for key in of_wording)
    candidates = {pk: _candidates(sharing, pk, own, words[pk]) for pk, own in keys.items()}
    earlier = {other for others in candidates.values() for other in others} - words.keys()
    texts = StepWording.objects.filter(pk__in=earlier).values_list("pk", "words")
    links = _links(candidates, words | {pk: Words.of(text) for pk, text in texts})
    StepWordingLink.objects.bulk_create(links)
    return {pk for link in links for pk in (link.one_id, link.other_id)}


def _links(candidates: Mapping[int, Sequence[int]], words: Mapping[int, Words]) -> list[StepWordingLink]:
    links = []
    for pk, others in candidates.items():
        for other in others:
            score, shared = similarity(words[pk], words[other])
            if score >= SAME:
                links.append(StepWordingLink(one_id=other, other_id=pk, score=score, shared=shared))
    return links


def _candidates(sharing: Sharing, wording: int, keys: Collection[str], words: Words) -> list[int]:
    """Returns the newest wordings to compare: those with two of the keys, or one where one must do.

    Similar steps share two words. A step of two words is similar only to steps of up to three, which have both as keys.
    """
    least = 2 if len(keys) >= _MANY_KEYS or len(keys) == len(words.telling) == 2 else 1
    counted = sharing.counted(keys, below=wording)
    return [other for other, count in counted.items() if count >= least][:MOST_COMPARED]
