"""Assigns next steps to tracked steps, and keeps tracked steps and their history when logs change."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from kb.grouping.assignment import recompute_groups
from kb.grouping.description import Grouping
from kb.grouping.placement import place
from kb.models import StepEvent, StepMention, StepSide, StepWording, StepWordingLink, TrackedStep
from kb.next_steps.near import link_wordings
from kb.next_steps.wording import SAME, Words, normalised, similarity
from sessions.models import NextStep, SessionLog
from sessions.storing.bulk import insert_all, update_all

_SUMMARY = ("text", "latest_id", "raised_on", "latest_on", "latest_seen_at", "session_count")


# The columns of a mention that tell what a tracked step keeps of it.
_MENTION = ("step_id", "step__text", "step__session_id", "step__session__date", "step__position", "seen_at")


class _Mention(NamedTuple):
    step: int
    text: str
    session: int
    day: dt.date | None
    position: int
    seen_at: dt.datetime


@dataclass(frozen=True)
class StepGrouping(Grouping[NextStep]):
    """Next steps are grouped into tracked steps by their wordings."""

    def start_groups(self, records: Sequence[NextStep]) -> list[int]:
        created = insert_all(
            TrackedStep, (TrackedStep(project_id=step.session.project_id, text=step.text) for step in records)
        )
        return [tracked_step.pk for tracked_step in created]

    def start_beside(self, group: int) -> int:
        left = TrackedStep.objects.get(pk=group)
        return TrackedStep.objects.create(project_id=left.project_id, text=left.text).pk

    def revive(self, groups: Collection[int], taken: Collection[int], records: Collection[int]) -> int | None:
        """The oldest that was merged comes back, with its history."""
        merged = TrackedStep.objects.filter(merged_into__in=groups).exclude(pk__in=taken)
        return merged.order_by("pk").values_list("pk", flat=True).first()

    def settle(self, groups: Mapping[int, Collection[int]]) -> None:
        """A step that came back is no longer merged. `refresh` does the rest."""
        TrackedStep.objects.filter(pk__in=list(groups), merged_into__isnull=False).update(merged_into=None)

    def retire(self, heirs: Mapping[int, int]) -> None:
        """A step without mentions is deleted, unless it has a history: then it is merged into its heir."""
        if not heirs:
            return
        worked_on = set(StepEvent.objects.filter(tracked_step__in=heirs).values_list("tracked_step_id", flat=True))
        for number in worked_on:
            TrackedStep.objects.filter(pk=number).update(merged_into=heirs[number])
        unused = heirs.keys() - worked_on
        merged = TrackedStep.objects.filter(merged_into__in=unused).values_list("pk", "merged_into_id")
        for number, former in list(merged):
            TrackedStep.objects.filter(pk=number).update(merged_into=heirs[former])
        TrackedStep.objects.filter(pk__in=unused).delete()


TRACKED_STEPS = StepGrouping(
    members=StepMention, links=StepWordingLink, sides=StepSide, record="step", group="tracked_step", identity="wording"
)


def track_steps(sessions: Collection[SessionLog]) -> None:
    """Assigns each step of sessions to its tracked step, new or existing, with a number of queries that is the same
    for all."""
    rows = NextStep.objects.filter(session__in=sessions).select_related("session")
    steps = list(rows.order_by("session_id", "position"))
    if not steps:
        return
    members = TRACKED_STEPS.members_of(step.pk for step in steps)
    wordings, unmatched = _wordings_of(steps)
    abandoned = _abandoned({step.session.project_id for step in steps if step.pk not in members})
    adopt = partial(_same_as, abandoned)
    moved = place(TRACKED_STEPS, steps, members, wordings, unmatched, adopt)
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
    said = {step.pk: (step.session.project_id, _digest(normalised(step.text) or f"step {step.pk}")) for step in steps}
    rows = StepWording.objects.filter(
        project__in={project for project, _ in said.values()}, digest__in={digest for _, digest in said.values()}
    )
    wordings = {(project, digest): pk for project, digest, pk in rows.values_list("project_id", "digest", "pk")}
    texts = {said[step.pk]: step.text for step in steps if said[step.pk] not in wordings}
    new = insert_all(
        StepWording,
        (StepWording(project_id=project, digest=digest, words=text) for (project, digest), text in texts.items()),
    )
    linked = link_wordings(new) if new else set()
    wordings |= {(wording.project_id, wording.digest): wording.pk for wording in new}
    return {pk: wordings[one] for pk, one in said.items()}, {wording.pk for wording in new} - linked


def _digest(words: str) -> str:
    return hashlib.blake2b(words.encode(errors="replace"), digest_size=16).hexdigest()


def _abandoned(projects: Collection[int]) -> list[TrackedStep]:
    """Returns the tracked steps of projects that have a history and that no log raises now."""
    # The index of `latest` finds those few. SQLite would take that of `merged_into`, which is NULL for nearly all.
    rows = TrackedStep.objects.filter(latest=None, project__in=projects, mentions=None)
    return [step for step in rows if step.merged_into_id is None]


def _same_as(tracked_steps: Sequence[TrackedStep], step: NextStep) -> int | None:
    """Returns the first of the tracked steps of a step's project that says the same."""
    near = [candidate for candidate in tracked_steps if candidate.project_id == step.session.project_id]
    if not near:
        return None
    words, text = Words.of(step.text), normalised(step.text)
    for candidate in near:
        if normalised(candidate.text) == text or similarity(Words.of(candidate.text), words)[0] >= SAME:
            return candidate.pk
    return None


def refresh(tracked_steps: Iterable[int]) -> None:
    """Updates what tracked steps keep of their mentions."""
    rows = list(TrackedStep.objects.select_for_update().filter(pk__in=set(tracked_steps)).order_by("pk"))
    mentions: dict[int, list[_Mention]] = defaultdict(list)
    found = StepMention.objects.filter(tracked_step__in=rows).values_list("tracked_step_id", *_MENTION)
    for tracked_step, *values in found:
        mentions[tracked_step].append(_Mention(*values))
    changed = [row for row in rows if _summarise(row, sorted(mentions[row.pk], key=_in_order))]
    update_all(TrackedStep, changed, [name.removesuffix("_id") for name in _SUMMARY])


def _summarise(tracked_step: TrackedStep, mentions: Sequence[_Mention]) -> bool:
    """Sets the fields that depend on mentions, and returns whether that changed any.

    A step without mentions keeps what it last had, except `latest`.
    """
    before = [getattr(tracked_step, name) for name in _SUMMARY]
    tracked_step.session_count = len({mention.session for mention in mentions})
    tracked_step.latest_id = mentions[-1].step if mentions else None
    if mentions:
        last = mentions[-1]
        tracked_step.text = last.text
        tracked_step.latest_on = last.day
        tracked_step.latest_seen_at = last.seen_at
        tracked_step.raised_on = next((mention.day for mention in mentions if mention.day), None)
    return before != [getattr(tracked_step, name) for name in _SUMMARY]


def _in_order(mention: _Mention) -> tuple[int, int, int]:
    return _order(mention.day, mention.session, mention.position)


def mention_order(mention: StepMention) -> tuple[int, int, int]:
    """Sorts mentions by day. Undated sessions count as the earliest."""
    return _order(mention.step.session.date, mention.step.session_id, mention.step.position)


def _order(day: dt.date | None, session: int, position: int) -> tuple[int, int, int]:
    return (day.toordinal() if day else 0, session, position)
