"""What people answer about doubts. An answer puts the records right by corrections like any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.utils import timezone

from kb.corrections.drafting import CannotCorrect, Said
from kb.importing.correcting import correct_all, undo_all
from kb.models import Correction, Doubt

NOTHING = "nothing"
Kind = Correction.Kind
_ANSWERED = ("answer", "said", "is_right", "is_taken", "by", "at")


def answer(doubt: Doubt, said: str, by: User | None, *, is_taken: bool = False) -> None:
    """Says what a doubt is: its own kind, another one or NOTHING, and puts that right. Raises CannotCorrect.

    is_taken  the second reader says so
    """
    if doubt.answer:
        raise CannotCorrect(f"“{doubt.text[:80]}” was answered in the meantime. Undo that answer first.")

    def keep(corrections: Sequence[Correction]) -> None:
        doubt.answer, doubt.said, doubt.is_right = _word(doubt, said), said, (said == doubt.kind) == doubt.is_record
        doubt.by, doubt.at, doubt.is_taken = by, timezone.now(), is_taken
        doubt.save(update_fields=_ANSWERED)
        doubt.corrections.set(corrections)

    correct_all([(doubt.session, one) for one in _put_right(doubt, said)], by, keep)


def answer_as_suggested(doubt: Doubt) -> None:
    """Takes what the second reader says. Raises CannotCorrect."""
    answer(doubt, doubt.suggestion, None, is_taken=True)


def _word(doubt: Doubt, said: str) -> str:
    if said == doubt.kind:
        return Doubt.Answer.YES
    return Doubt.Answer.NO if said == NOTHING else Doubt.Answer.OTHER


def _put_right(doubt: Doubt, said: str) -> Iterator[Said]:
    """Yields what to correct. A record that is right is confirmed, so that it stays when it is read otherwise."""
    if doubt.is_record and said == doubt.kind:
        yield Said(Kind.CONFIRMED, doubt.kind, doubt.record_key)
    elif doubt.is_record:
        yield Said(Kind.NOT, doubt.kind, doubt.record_key)
    if said != NOTHING and not (doubt.is_record and said == doubt.kind):
        yield Said(Kind.LINES, said, span=(doubt.line, max(doubt.line, doubt.last_line)))


def take_back(doubts: Sequence[Doubt]) -> None:
    """Undoes answers and what they put right, all or nothing. Raises CannotCorrect."""
    corrections = Correction.objects.filter(doubts__in=doubts, undone_at=None).distinct().select_related("log")

    def open_again() -> None:
        for doubt in doubts:
            doubt.answer, doubt.said, doubt.is_right, doubt.is_taken = "", "", None, False
            doubt.by = doubt.at = None
            doubt.save(update_fields=_ANSWERED)
            doubt.corrections.clear()

    undo_all(list(corrections.order_by("pk")), open_again)
