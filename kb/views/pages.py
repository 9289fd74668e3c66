"""What the views share: requests of htmx, the signed-in person, page numbers, and the keys of selected rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

# For a view that answers htmx with a part of its page: without it a browser that goes back may show only the part.
in_two_shapes = vary_on_headers("HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request")


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


def wants_part(request: HtmxRequest, target: str) -> bool:
    """Whether htmx asks for the content of one element, not for a page to follow a link to or to go back to."""
    htmx = request.htmx
    return bool(htmx) and htmx.target == target and not htmx.boosted and not htmx.history_restore_request


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1. Anything that is not a number means the first page."""
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), 10_000) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def person(request: HttpRequest) -> User:
    """The person who is signed in, as every page but the sign-in page requires."""
    return cast(User, request.user)


def numbers(texts: Iterable[str]) -> list[int]:
    """The primary keys in a form or an address. Anything else is left out."""
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 16]
