"""The header marks the page one is on, and the list a page belongs to."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from kb.templatetags.navigation import DESTINATIONS

CURRENT = re.compile(r'<a href="([^"]+)" data-go="." aria-current="page">')


@pytest.mark.parametrize(
    ("path", "marked"),
    [("/", []), ("/issues/", ["/issues/"]), ("/issues/rules/", ["/issues/"]), ("/import/tokens/", ["/import/"]),
     ("/settings/", []), ("/nowhere/", [])],
)  # fmt: skip
def test_one_link_is_marked_at_most(signed_in: Client, path: str, marked: list[str]) -> None:
    assert CURRENT.findall(signed_in.get(path).content.decode()) == marked


def test_every_name_below_a_link_is_that_of_an_address() -> None:
    """A name that no address has would never be marked."""
    names = {getattr(pattern, "name", None) for pattern in get_resolver().url_patterns}
    linked = {name for link in DESTINATIONS for name in (link.name, *link.below)}
    assert linked - names == set()
