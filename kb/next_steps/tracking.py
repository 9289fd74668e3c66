"""Assigns next steps to tracked steps, and keeps tracked steps and their history when logs change."""

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
from kb.next_steps.wording import SAME, Words, normalised, similarity
from sessions.models import NextStep, SessionLog

MOST_COMPARED = 300  # wordings that share words with a new one
MOST_KEYS_READ = 3_000
_MANY_KEYS = 4


@dataclass(frozen=True)
class StepGrouping(Grouping[NextStep]):
    """Next steps are grouped into tracked steps by their wordings."""

    def start_groups(self, records: Sequence[NextStep]) -> list[int]:
        created = TrackedStep.objects.bulk_create(
            TrackedStep(project_id=step.session.project_id, text=step.text) for step in records
        )
        return [tracked_step.pk for tracked_step in created]

    def start_beside(self, group: int) -> int:
        left = TrackedStep.objects.get(pk=group)
        return TrackedStep.objects.create(project_id=left.project_id, text=left.text).pk

    def revive(self, groups: Collection[int], taken: Collection[int], records: Collection[int]) -> int | None:
        """The oldest that was merged comes back, with its history."""
        merged = TrackedStep.objects.filter(merged_into__in=groups).exclude(pk__in=taken)
        return merged.order_by("pk").values_list("pk", flat=True).first()

    def settle(self, group: int, records: Collection[int]) -> None:
        """A step that came back is no longer merged. `refresh` does the rest."""
        TrackedStep.objects.filter(pk=group, merged_into__isnull=False).update(merged_into=None)

    def retire(self, heirs: Mapping[int, int]) -> None:
        """A step without mentions is deleted, unless it has a history: then it is merged into its heir."""
        for number, heir in heirs.items():
            if TrackedStep.objects.filter(pk=number, events__isnull=False).exists():
                TrackedStep.objects.filter(pk=number).update(merged_into=heir)
            else:
                TrackedStep.objects.filter(merged_into=number).update(merged_into=heir)
                TrackedStep.objects.filter(pk=number).delete()


TRACKED_STEPS = StepGrouping(
    members=StepMention, links=StepWordingLink, sides=StepSide, record="step", group="tracked_step", identity="wording"
)


def track_steps(session: SessionLog) -> None:
    """Assigns each step of a session to its tracked step, new or existing."""
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


def tracked_steps_of_path(path: str) -> list[int]:
    """Returns the tracked steps that the log under a path raises now, before it is imported again."""
    raised = StepMention.objects.filter(step__session__log__paths__path=path)
    return list(raised.values_list("tracked_step_id", flat=True).distinct())


def remove_unraised_steps(tracked_steps: Sequence[int]) -> None:
    """Removes those of the steps that no log raises any more and nobody worked on, and refreshes the others."""
    TrackedStep.objects.filter(pk__in=tracked_steps, mentions=None, events=None, merged=None).delete()
    refresh(tracked_steps)


def _wordings_of(steps: Sequence[NextStep]) -> tuple[dict[int, int], set[int]]:
    """Returns the wording of each step, and the new wordings that are similar to no other."""
    project = steps[0].session.project_id
    digests = {step.pk: _digest(normalised(step.text) or f"step {step.pk}") for step in steps}
    rows = StepWording.objects.filter(project=project, digest__in=digests.values())
    wordings = dict(rows.values_list("digest", "pk"))
    texts = {digests[step.pk]: step.text for step in steps if digests[step.pk] not in wordings}
    new = StepWording.objects.bulk_create(
        StepWording(project_id=project, digest=digest, words=text) for digest, text in texts.items()
    )
    linked = _link(project, new) if new else set()
    wordings |= {wording.digest: wording.pk for wording in new}
    return {pk: wordings[digest] for pk, digest in digests.items()}, {wording.pk for wording in new} - linked


def _digest(words: str) -> str:
    return hashlib.blake2b(words.encode(errors="replace"), digest_size=16).hexdigest()


def _link(project: int, new: Sequence[StepWording]) -> set[int]:
    """Stores the keys by which new wordings are found, and links to similar ones. Returns all that are linked."""
    words = {wording.pk: Words.of(wording.words) for wording in new}
    keys = {pk: wording_keys(project, of_wording.keys) for pk, of_wording in words.items()}
    StepWordingKey.objects.bulk_create(
        StepWordingKey(wording_id=pk, key=key) for pk, of_wording in keys.items() for key in of_wording
    )
    candidates = {pk: [other for other in _candidates(own, words[pk]) if other < pk] for pk, own in keys.items()}
    earlier = {other for others in candidates.values() for other in others} - words.keys()
    texts = StepWording.objects.filter(pk__in=earlier).values_list("pk", "words")
    words |= {pk: Words.of(text) for pk, text in texts}
    links = []
    for pk, others in candidates.items():
        for other in others:
            score, shared = similarity(words[pk], words[other])
            if score >= SAME:
                links.append(StepWordingLink(one_id=other, other_id=pk, score=score, shared=shared))
    StepWordingLink.objects.bulk_create(links)
    return {pk for link in links for pk in (link.one_id, link.other_id)}


def wording_keys(project: int, stems: Iterable[str]) -> list[str]:
    """Returns stems as keys of a project's wordings."""
    return [f"{project}:{stem}"[:100] for stem in stems]


def count_shared_keys(keys: Collection[str]) -> Counter[int]:
    """Counts how many of the keys each wording has, the newest wordings first."""
    rows = StepWordingKey.objects.filter(key__in=keys).order_by("-wording").values_list("wording", flat=True)
    return Counter(rows[:MOST_KEYS_READ])


def _candidates(keys: Collection[str], words: Words) -> list[int]:
    """Returns the newest wordings to compare: those with two of the keys, or one where one must do.

    Similar steps share two words. A step of two words is similar only to steps of up to three, which have both as keys.
    """
    least = 2 if len(keys) >= _MANY_KEYS or len(keys) == len(words.telling) == 2 else 1
    return [wording for wording, count in count_shared_keys(keys).items() if count >= least][:MOST_COMPARED]


def _abandoned(session: SessionLog) -> list[TrackedStep]:
    """Returns the project's tracked steps that have a history and that no log raises now."""
    # `latest` is what makes this quick: its index finds those few, while missing mentions need a scan of all steps.
    return list(TrackedStep.objects.filter(latest=None, project=session.project_id, mentions=None, merged_into=None))


def _same_as(step: NextStep, tracked_steps: Sequence[TrackedStep]) -> int | None:
    """Returns the first of the tracked steps that says the same as a step."""
    if not tracked_steps:
        return None
    words, text = Words.of(step.text), normalised(step.text)
    for candidate in tracked_steps:
        if normalised(candidate.text) == text or similarity(Words.of(candidate.text), words)[0] >= SAME:
            return candidate.pk
    return None


def refresh(tracked_steps: Iterable[int]) -> None:
    """Updates what tracked steps keep of their mentions."""
    mentions = Prefetch("mentions", StepMention.objects.select_related("step__session"))
    rows = list(TrackedStep.objects.filter(pk__in=set(tracked_steps)).prefetch_related(mentions))
    for tracked_step in rows:
        _summarise(tracked_step, sorted(tracked_step.mentions.all(), key=mention_order))
    fields = ["text", "latest", "raised_on", "latest_on", "latest_seen_at", "session_count"]
    TrackedStep.objects.bulk_update(rows, fields, batch_size=200)


def _summarise(tracked_step: TrackedStep, mentions: Sequence[StepMention]) -> None:
    """Sets the fields that depend on mentions. A step without any keeps what it last had, except `latest`."""
    tracked_step.session_count = len({mention.step.session_id for mention in mentions})
    tracked_step.latest = mentions[-1].step if mentions else None
    if not mentions:
        return
    last = mentions[-1]
    tracked_step.text = last.step.text
    tracked_step.latest_on = last.step.session.date
    tracked_step.latest_seen_at = last.seen_at
    tracked_step.raised_on = next((m.step.session.date for m in mentions if m.step.session.date), None)


def mention_order(mention: StepMention) -> tuple[int, int, int]:
    """Sorts mentions by day. Undated sessions count as the earliest."""
    session = mention.step.session
    return (session.date.toordinal() if session.date else 0, session.pk, mention.step.position)
