"""Puts steps to the items they are, and keeps items and what people did with them when logs change."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from kb.grouping.assignment import recompute_groups
from kb.grouping.description import Grouping
from kb.grouping.placement import place
from kb.models import StepMention, StepSide, StepWording, StepWordingKey, StepWordingLink, TrackedStep
from kb.next_steps.wording import SAME, Words, alike, normalised
from sessions.models import NextStep, SessionLog

_MOST_COMPARED = 300  # wordings that share words with a new one
_MOST_KEYS_READ = 3_000
_MANY_KEYS = 4


@dataclass(frozen=True)
class StepGrouping(Grouping[NextStep]):
    """Next steps are grouped into items by their wordings."""

    def start_groups(self, records: Sequence[NextStep]) -> list[int]:
        items = TrackedStep.objects.bulk_create(
            TrackedStep(project_id=step.session.project_id, text=step.text) for step in records
        )
        return [item.pk for item in items]

    def start_beside(self, group: int) -> int:
        left = TrackedStep.objects.get(pk=group)
        return TrackedStep.objects.create(project_id=left.project_id, text=left.text).pk

    def revive(self, groups: Collection[int], taken: Collection[int], records: Collection[int]) -> int | None:
        """The oldest that was merged comes back, with its history."""
        merged = TrackedStep.objects.filter(merged_into__in=groups).exclude(pk__in=taken)
        return merged.order_by("pk").values_list("pk", flat=True).first()

    def settle(self, group: int, records: Collection[int]) -> None:
        """An item that came back is no longer merged. `refresh` does the rest."""
        TrackedStep.objects.filter(pk=group, merged_into__isnull=False).update(merged_into=None)

    def retire(self, heirs: Mapping[int, int]) -> None:
        """An item without mentions is deleted, unless it has a history: then it is merged into its heir."""
        for number, heir in heirs.items():
            if TrackedStep.objects.filter(pk=number, events__isnull=False).exists():
                TrackedStep.objects.filter(pk=number).update(merged_into=heir)
            else:
                TrackedStep.objects.filter(merged_into=number).update(merged_into=heir)
                TrackedStep.objects.filter(pk=number).delete()


TRACKED_STEPS = StepGrouping(
    members=StepMention, links=StepWordingLink, sides=StepSide, record="step", group="item", identity="wording"
)


def link_steps(session: SessionLog) -> None:
    """Assigns each step of a session to its item, new or existing."""
    steps = list(session.nextstep_set.select_related("session"))
    if not steps:
        return
    members = TRACKED_STEPS.members_of(step.pk for step in steps)
    wordings, unmatched = _wordings_of(steps)
    abandoned = [] if len(members) == len(steps) else _abandoned(session)
    moved = place(TRACKED_STEPS, steps, members, wordings, unmatched, lambda step: _same_as(step, abandoned))
    changed = recompute_groups(TRACKED_STEPS, moved)
    current = TRACKED_STEPS.members_of(step.pk for step in steps)
    refresh(changed | {member.group for member in (*members.values(), *current.values())})


def items_of_path(path: str) -> list[int]:
    """The items that the log under a path raises now, before it is imported again."""
    raised = StepMention.objects.filter(step__session__log__paths__path=path)
    return list(raised.values_list("item_id", flat=True).distinct())


def tidy_items(items: Sequence[int]) -> None:
    """Brings items in line after mentions went, and removes those that are no longer raised and nobody dealt with."""
    TrackedStep.objects.filter(pk__in=items, mentions=None, events=None, merged=None).delete()
    refresh(items)


def _wordings_of(steps: Sequence[NextStep]) -> tuple[dict[int, int], set[int]]:
    """Returns the wording of each step, and the new wordings that are similar to no other."""
    project = steps[0].session.project_id
    digests = {step.pk: _digest(normalised(step.text) or f"step {step.pk}") for step in steps}
    known = {one.digest: one for one in StepWording.objects.filter(project=project, digest__in=digests.values())}
    texts = {digests[step.pk]: step.text for step in steps if digests[step.pk] not in known}
    new = (StepWording(project_id=project, digest=digest, words=text) for digest, text in texts.items())
    fresh = StepWording.objects.bulk_create(new)
    linked = _link(project, fresh) if fresh else set()
    known |= {one.digest: one for one in fresh}
    return {pk: known[digest].pk for pk, digest in digests.items()}, {one.pk for one in fresh} - linked


def _digest(words: str) -> str:
    return hashlib.blake2b(words.encode(errors="replace"), digest_size=16).hexdigest()


def _link(project: int, fresh: Sequence[StepWording]) -> set[int]:
    """Keeps the keys by which new wordings are found, and a link to each of the project that is alike; the linked."""
    words = {one.pk: Words.of(one.words) for one in fresh}
    keys = {pk: [f"{project}:{stem}"[:100] for stem in mine.keys] for pk, mine in words.items()}
    StepWordingKey.objects.bulk_create(
        StepWordingKey(wording_id=pk, key=key) for pk, mine in keys.items() for key in mine
    )
    likely = {pk: [other for other in _near(mine, words[pk]) if other < pk] for pk, mine in keys.items()}
    wanted = {other for others in likely.values() for other in others} - words.keys()
    known = StepWording.objects.filter(pk__in=wanted).values_list("pk", "words")
    words |= {pk: Words.of(text) for pk, text in known}
    links = []
    for pk in keys:
        for other in likely[pk]:
            score, shared = alike(words[pk], words[other])
            if score >= SAME:
                links.append(StepWordingLink(one_id=other, other_id=pk, score=score, shared=shared))
    StepWordingLink.objects.bulk_create(links)
    return {pk for link in links for pk in (link.one_id, link.other_id)}


def _near(keys: Collection[str], words: Words) -> list[int]:
    """The newest wordings that share a key, or two where they must: steps that are alike share two words.

    To a step of two words only one of three at most is alike, which has both of them for keys.
    """
    found = StepWordingKey.objects.filter(key__in=keys).order_by("-wording").values_list("wording", flat=True)
    shared = Counter(found[:_MOST_KEYS_READ])
    least = 2 if len(keys) >= _MANY_KEYS or len(keys) == len(words.telling) == 2 else 1
    return [wording for wording, count in shared.items() if count >= least][:_MOST_COMPARED]


def _abandoned(session: SessionLog) -> list[TrackedStep]:
    """Returns the items of the project that have a history and that no log raises now."""
    # Without a last mention: the index finds those few, where looking for missing mentions walks through all items.
    return list(TrackedStep.objects.filter(latest=None, project=session.project_id, mentions=None, merged_into=None))


def _same_as(step: NextStep, items: Sequence[TrackedStep]) -> int | None:
    """Returns the first of the items that says the same as a step."""
    words = Words.of(step.text) if items else None
    for item in items:
        if normalised(item.text) == normalised(step.text) or (words and alike(Words.of(item.text), words)[0] >= SAME):
            return item.pk
    return None


def refresh(items: Iterable[int]) -> None:
    """Brings the facts of items in line with their mentions."""
    mentions = Prefetch("mentions", StepMention.objects.select_related("step__session"))
    found = TrackedStep.objects.filter(pk__in=set(items)).prefetch_related(mentions)
    changed = []
    for item in found:
        _set_facts(item, sorted(item.mentions.all(), key=mention_order))
        changed.append(item)
    facts = ["text", "latest", "raised_on", "latest_on", "latest_seen_at", "sessions"]
    TrackedStep.objects.bulk_update(changed, facts, batch_size=200)


def _set_facts(item: TrackedStep, mentions: list[StepMention]) -> None:
    last = mentions[-1] if mentions else None
    item.latest = last.step if last else None
    item.text = last.step.text if last else item.text
    item.latest_on = last.step.session.date if last else item.latest_on
    item.latest_seen_at = last.seen_at if last else item.latest_seen_at
    item.raised_on = next(
        (m.step.session.date for m in mentions if m.step.session.date), item.raised_on if not last else None
    )
    item.sessions = len({mention.step.session_id for mention in mentions})


def mention_order(mention: StepMention) -> tuple[int, int, int]:
    """Sorts mentions by day; undated sessions count as the earliest."""
    session = mention.step.session
    return (session.date.toordinal() if session.date else 0, session.pk, mention.step.position)
