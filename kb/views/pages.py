"""What the views share: the request with htmx, and page numbers."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; whatever is no number is the first page."""
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), 10_000) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
