"""One-time sign-in links: looked at freely, used once, and never in the log."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from kb.people.sign_in import make_token, spend

AT_ONCE = 8


@pytest.fixture
def link(engineer: User) -> str:
    return reverse("one-time-sign-in", args=[make_token(engineer)])


@pytest.fixture
def server_log() -> Iterator[io.StringIO]:
    """What the handler of the settings writes."""
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "console"]
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before or handler.stream)


def test_looking_at_a_link_changes_nothing(client: Client, engineer: User, link: str) -> None:
    for look in (client.head, client.get, client.head, client.get):
        assert look(link).status_code == 200
    assert "Sign in as dana" in client.get(link).content.decode()
    assert not client.session.get("_auth_user_id")
    engineer.refresh_from_db()
    assert engineer.last_login is None


def test_its_button_signs_in_once(client: Client, link: str) -> None:
    assert client.post(link).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    again = Client().post(link)
    assert again.status_code == 403
    assert "no longer valid" in again.content.decode()
    assert Client().get(link).status_code == 403
    assert "You are signed in as dana" in client.get(link).content.decode()


def test_its_button_needs_the_page(link: str) -> None:
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert User.objects.get().last_login is None


def test_a_forged_link_is_refused(client: Client, db: None) -> None:
    assert client.get("/sign-in/forged/").status_code == 403
    assert client.post("/sign-in/forged/").status_code == 403


def test_a_link_of_somebody_who_was_barred_is_refused(client: Client, engineer: User, link: str) -> None:
    User.objects.update(is_active=False)
    assert client.post(link).status_code == 403
    with pytest.raises(CommandError, match="not active"):
        call_command("sign_in_link", "dana")


def test_the_address_is_not_handed_on(client: Client, link: str) -> None:
    assert client.get(link).headers["Referrer-Policy"] == "strict-origin"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("signed_in_before", [False, True])
def test_of_many_at_once_one_is_signed_in(engineer: User, signed_in_before: bool) -> None:
    if signed_in_before:
        assert spend(make_token(engineer))
        engineer.refresh_from_db()
    link = reverse("one-time-sign-in", args=[make_token(engineer)])
    barrier = Barrier(AT_ONCE)

    def press() -> int:
        client = Client()
        client.get(link)
        barrier.wait()
        try:
            return client.post(link).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        presses = [pool.submit(press) for _ in range(AT_ONCE)]
    assert Counter(press.result() for press in presses) == {302: 1, 403: AT_ONCE - 1}
    assert Session.objects.count() == 1


def test_a_refused_link_is_not_in_the_log(client: Client, link: str, server_log: io.StringIO) -> None:
    client.post(link)
    token = link.split("/")[2]
    for address in (link, f"{link}further", f"{link}?next=/"):
        Client().get(address)
    Client(enforce_csrf_checks=True).post(link)
    assert token not in server_log.getvalue()
    assert "Forbidden: /sign-in/…/" in server_log.getvalue()
    assert "Not Found: /sign-in/…/further" in server_log.getvalue()


@pytest.mark.parametrize(
    ("hosts", "https", "options", "base"),
    [
        (["kb.example.com", "kb"], True, {}, "https://kb.example.com/"),
        (["localhost", ".example.com"], False, {}, "http://example.com/"),
        (["localhost", "127.0.0.1", "[::1]"], False, {}, "http://127.0.0.1:8000/"),
        (["*"], False, {}, "http://127.0.0.1:8000/"),
        (["kb.example.com"], True, {"base": "https://kb.example.com:8443/"}, "https://kb.example.com:8443/"),
    ],
)
def test_a_link_leads_to_the_site_as_the_settings_name_it(
    engineer: User, settings: Settings, hosts: list[str], https: bool, options: dict[str, str], base: str
) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS = hosts, https
    out = io.StringIO()
    call_command("sign_in_link", stdout=out, **options)
    assert out.getvalue().startswith(f"{base}sign-in/")
