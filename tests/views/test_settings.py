"""A browser keeps its settings; values that mean nothing are refused in a form, and ignored in a cookie."""

from __future__ import annotations

import pytest
from django.test import Client

ADDRESS = "/settings/"


def page(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def test_a_browser_keeps_its_settings(signed_in: Client) -> None:
    saved = signed_in.post(ADDRESS, {"theme": "dark", "zone": "Asia/Tokyo"}, follow=True).content.decode()
    assert "Settings saved." in saved
    assert 'data-theme="dark"' in saved
    assert 'data-keys="off"' in saved
    assert '<option value="Asia/Tokyo" selected>' in saved
    assert "Settings saved." not in page(signed_in)


def test_a_setting_can_be_taken_back(signed_in: Client) -> None:
    signed_in.post(ADDRESS, {"theme": "dark"})
    signed_in.post(ADDRESS, {"theme": "", "keys": "on"})
    assert "data-theme" not in page(signed_in)
    assert "data-keys" not in page(signed_in)


@pytest.mark.parametrize("wrong", [{"theme": "nonsense"}, {"zone": "Nowhere/Else"}])
def test_an_unknown_value_is_refused_and_changes_nothing(signed_in: Client, wrong: dict[str, str]) -> None:
    signed_in.post(ADDRESS, {"theme": "dark"})
    assert "is not one of the available choices" in signed_in.post(ADDRESS, wrong).content.decode()
    assert 'data-theme="dark"' in page(signed_in)


def test_an_unknown_value_of_a_cookie_is_ignored(signed_in: Client) -> None:
    signed_in.cookies["theme"] = "nonsense"
    signed_in.cookies["zone"] = "Nowhere/Else"
    assert "data-theme" not in page(signed_in)
