"""Puts steps to the items they are, and keeps items and what people did with them when logs change."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db.models import Prefetch, Q

from kb.grouping.groups import Facts, group
from kb.models import GroupingDecision, StepMention, StepSide, StepWording, StepWordingKey, StepWordingLink, TrackedStep
from kb.next_steps.wording import SAME, Words, alike, normalised
from sessions.models import NextStep, SessionLog

_MOST_COMPARED = 300  # wordings that share words with a new one
_MOST_KEYS_READ = 3_000
_MANY_KEYS = 4


def link_steps(session: SessionLog) -> None:
    """Links each step of a session to its item, new or known."""
    steps = list(session.nextstep_set.select_related("mention", "session"))
    if not steps:
        return
    left = {step.mention.item_id for step in steps if hasattr(step, "mention")}
    wordings, alone = _wordings_of(steps)
    homeless = [] if len(left) == len(steps) else _homeless(session)
    first = {wordings[step.pk].pk: step for step in reversed(steps) if not hasattr(step, "mention")}
    fresh = [
        step
        for step in steps
        if first.get(wordings[step.pk].pk) is step and wordings[step.pk].pk in alone and not _fitting(step, homeless)
    ]
    items = _make_items(fresh, wordings)
    settled = {step.pk for step in fresh}
    rest = [step for step in steps if step.pk not in settled]
    moved = {step.pk for step in rest if _word(step, wordings[step.pk], homeless)}
    changed = regroup(moved) if moved else set()
    known = set(StepMention.objects.filter(step__in=rest).values_list("item_id", flat=True)) if rest else set()
    refresh(changed | left | known | items)


def _make_items(steps: Sequence[NextStep], wordings: Mapping[int, StepWording]) -> set[int]:
    """An item of its own for each step that nothing here is like."""
    made = TrackedStep.objects.bulk_create(
        TrackedStep(project_id=step.session.project_id, text=step.text) for step in steps
    )
    pairs = zip(steps, made, strict=True)
    StepMention.objects.bulk_create(
        StepMention(step=step, item=item, wording=wordings[step.pk]) for step, item in pairs
    )
    return {item.pk for item in made}


def items_of_path(path: str) -> list[int]:
    """The items that the log under a path raises now, before it is imported again."""
    raised = StepMention.objects.filter(step__session__log__paths__path=path)
    return list(raised.values_list("item_id", flat=True).distinct())


def tidy_items(items: Sequence[int]) -> None:
    """Brings items in line after mentions went, and removes those that are no longer raised and nobody dealt with."""
    TrackedStep.objects.filter(pk__in=items, mentions=None, events=None, merged=None).delete()
    refresh(items)


def _word(step: NextStep, wording: StepWording, homeless: Sequence[TrackedStep]) -> bool:
    """Gives a step its wording and a first item; true when its group has to be thought over."""
    known: StepMention | None = getattr(step, "mention", None)
    if known is not None and known.wording_id == wording.pk:
        return False
    kin = StepMention.objects.filter(wording=wording).exclude(step=step).order_by("pk").first()
    item = kin.item_id if kin else known.item_id if known else _home_of(step, homeless).pk
    if known is None:
        StepMention.objects.create(step=step, item_id=item, wording=wording)
    else:
        StepMention.objects.filter(pk=known.pk).update(item_id=item, wording=wording)
    if known is not None or kin is None:
        return True
    return GroupingDecision.objects.filter(undone_at=None, step_sides__step__mention__item=item).exists()


def _wordings_of(steps: Sequence[NextStep]) -> tuple[dict[int, StepWording], set[int]]:
    """The wording of each step, by the step's number, and the numbers of new ones that nothing here is like."""
    project = steps[0].session.project_id
    digests = {step.pk: _digest(normalised(step.text) or f"step {step.pk}") for step in steps}
    known = {one.digest: one for one in StepWording.objects.filter(project=project, digest__in=digests.values())}
    texts = {digests[step.pk]: step.text for step in steps if digests[step.pk] not in known}
    new = (StepWording(project_id=project, digest=digest, words=text) for digest, text in texts.items())
    fresh = StepWording.objects.bulk_create(new)
    linked = _link(project, fresh) if fresh else set()
    known |= {one.digest: one for one in fresh}
    return {pk: known[digest] for pk, digest in digests.items()}, {one.pk for one in fresh} - linked


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


def _homeless(session: SessionLog) -> list[TrackedStep]:
    """Items of the project that people dealt with and that no log raises now."""
    # Without a last mention: the index finds those few, where looking for missing mentions walks through all items.
    return list(TrackedStep.objects.filter(latest=None, project=session.project_id, mentions=None, merged_into=None))


def _fitting(step: NextStep, homeless: Sequence[TrackedStep]) -> TrackedStep | None:
    """The item that lost its mentions and says what a step says."""
    words = Words.of(step.text) if homeless else None
    for item in homeless:
        if normalised(item.text) == normalised(step.text) or (words and alike(Words.of(item.text), words)[0] >= SAME):
            return item
    return None


def _home_of(step: NextStep, homeless: Sequence[TrackedStep]) -> TrackedStep:
    return _fitting(step, homeless) or TrackedStep.objects.create(project_id=step.session.project_id, text=step.text)


def regroup(steps: Collection[int]) -> set[int]:
    """Thinks over the groups of these steps and of all that hangs together with them; the items to `refresh`."""
    found = _closure(set(steps))
    if not found:
        return set()
    before = {mention.item_id for mention in found.values()}
    _assign(group(_facts(found)), found)
    return before | set(StepMention.objects.filter(step__in=found).values_list("item_id", flat=True))


def _closure(steps: set[int]) -> dict[int, StepMention]:
    """The mentions of the steps, and of those that share an item, a wording, a link or a decision with them."""
    known: dict[int, StepMention] = {}
    waiting = steps
    while waiting:
        fresh = list(StepMention.objects.filter(step__in=waiting).select_related("item"))
        known.update({mention.step_id: mention for mention in fresh})
        wordings = {mention.wording_id for mention in fresh}
        pairs = StepWordingLink.objects.filter(Q(one__in=wordings) | Q(other__in=wordings)).values_list("one", "other")
        linked = {number for pair in pairs for number in pair}
        near = StepMention.objects.filter(
            Q(item__in={mention.item_id for mention in fresh})
            | Q(wording__in=wordings | linked)
            | Q(step__decisions__decision__in=_decisions(waiting))
        )
        waiting = set(near.values_list("step_id", flat=True)) - known.keys()
    return known


def _decisions(steps: Iterable[int]) -> list[int]:
    found = GroupingDecision.objects.filter(undone_at=None, step_sides__step__in=list(steps))
    return list(found.values_list("pk", flat=True).distinct())


def _facts(found: dict[int, StepMention]) -> Facts:
    wordings = {step: mention.wording_id for step, mention in found.items()}
    used = set(wordings.values())
    links = StepWordingLink.objects.filter(one__in=used, other__in=used).values_list("one", "other", "score")
    together, apart = [], []
    for kind, left, right in decided_sides(_decisions(found)):
        if kind == GroupingDecision.Kind.MERGE:
            together.append(left | right)
        else:
            apart.append((left, right))
    return Facts(wordings, {(one, other): score for one, other, score in links}, together, apart)


def decided_sides(decisions: Collection[int]) -> Iterator[tuple[str, frozenset[int], frozenset[int]]]:
    """What each decision says: its kind, and the steps on its two sides."""
    sides: dict[int, tuple[str, set[int], set[int]]] = {}
    for side in StepSide.objects.filter(decision__in=decisions).select_related("decision"):
        _, left, right = sides.setdefault(side.decision_id, (side.decision.kind, set(), set()))
        (left if side.side == "left" else right).add(side.step_id)
    yield from ((kind, frozenset(left), frozenset(right)) for kind, left, right in sides.values())


def _assign(groups: list[frozenset[int]], found: dict[int, StepMention]) -> None:
    """Gives each group an item: the oldest one that its steps have and that no group before it took."""
    taken: set[int] = set()
    heirs: dict[int, int] = {}
    for steps in groups:
        mine = sorted({found[step].item_id for step in steps})
        item = next((pk for pk in mine if pk not in taken), None) or _revived(mine, taken)
        if item is None:
            any_step = found[min(steps)]
            item = TrackedStep.objects.create(project_id=any_step.item.project_id, text=any_step.item.text).pk
        taken.add(item)
        moving = [step for step in steps if found[step].item_id != item]
        if item not in mine:
            TrackedStep.objects.filter(pk=item, merged_into__isnull=False).update(merged_into=None)
        if moving:
            StepMention.objects.filter(step__in=moving).update(item_id=item)
        heirs |= dict.fromkeys((pk for pk in mine if pk not in heirs), item)
    _retire({pk: heir for pk, heir in heirs.items() if pk not in taken})


def _revived(mine: Collection[int], taken: Collection[int]) -> int | None:
    """An item that had been merged into one of these comes back, with what people said of it, when they part."""
    merged = TrackedStep.objects.filter(merged_into__in=mine).exclude(pk__in=taken)
    return merged.order_by("pk").values_list("pk", flat=True).first()


def _retire(heirs: dict[int, int]) -> None:
    """An item whose mentions all went elsewhere goes, unless a person had done something with it."""
    for pk, heir in heirs.items():
        if TrackedStep.objects.filter(pk=pk, events__isnull=False).exists():
            TrackedStep.objects.filter(pk=pk).update(merged_into=heir)
        else:
            TrackedStep.objects.filter(merged_into=pk).update(merged_into=heir)
            TrackedStep.objects.filter(pk=pk).delete()


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
