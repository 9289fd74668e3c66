"""Messages about what came of an action: what was done, with an offer to undo it, or why it was not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class Undo:
    """What undoes an action: the form "undo" of the page, sent with the keys of events, or to an address of its own."""

    keys: Iterable[int] = ()
    address: str = ""


def say_done(request: HttpRequest, words: str, undo: Undo | None = None) -> None:
    messages.success(request, render_to_string("includes/_outcome.html", {"words": words, "undo": undo}))


def say_refused(request: HttpRequest, reason: object) -> None:
    messages.error(request, str(reason))
