"""Wrong passwords: limited by name and address, for every door, and never kept."""

from __future__ import annotations

import datetime as dt
import io
import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from kb.people.sign_in import make_token
from kb.people.sign_in_attempts import client_address

RIGHT = "correct horse"


@pytest.fixture(autouse=True)
def _limits(settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 5
    settings.AXES_COOLOFF_TIME = dt.timedelta(minutes=15)


@pytest.fixture
def server_log() -> Iterator[io.StringIO]:
    """All that is logged, at whatever level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    logging.getLogger("axes").setLevel(logging.DEBUG)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.getLogger("axes").setLevel(logging.NOTSET)


def attempt(password: str, name: str = "dana", address: str = "192.0.2.1", **headers: str) -> HttpResponse:
    sent = {"username": name, "password": password}
    return Client().post("/sign-in/", sent, REMOTE_ADDR=address, headers=headers or None)  # type: ignore[return-value]


def lock(name: str = "dana", address: str = "192.0.2.1") -> HttpResponse:
    """The answer to the fifth wrong password."""
    return [attempt(f"wrong {turn}", name, address) for turn in range(5)][-1]


def wait(minutes: int) -> None:
    """Puts all attempts this many minutes back."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - dt.timedelta(minutes=minutes))


def test_forty_wrong_passwords_get_five_answers(engineer: User) -> None:
    answers = Counter(attempt(f"wrong {turn}").status_code for turn in range(40))
    assert answers == {200: 4, 429: 36}


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_one_each_beside(engineer: User) -> None:
    """Those under way when the limit is reached are answered; no later one is."""
    at_once = 8

    def several(first: int) -> list[int]:
        try:
            return [attempt(f"wrong {first + turn}").status_code for turn in range(5)]
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        answers = Counter(status for answered in pool.map(several, range(0, 40, 5)) for status in answered)
    assert set(answers) == {200, 429}
    assert answers[200] < 5 + at_once


def test_who_is_locked_is_told_how_long_and_what_to_do(engineer: User) -> None:
    answer = lock()
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    text = answer.content.decode()
    assert "after 5 wrong passwords" in text
    assert "Try again in 15 minutes" in text
    assert "manage.py sign_in_link" in text
    wait(10)
    assert "Try again in 5 minutes" in attempt("wrong").content.decode()


def test_the_right_password_waits_too_and_trying_does_not_prolong_it(engineer: User) -> None:
    lock()
    wait(14)
    assert attempt(RIGHT).status_code == 429
    wait(2)
    assert attempt(RIGHT).status_code == 302


def test_signing_in_forgets_the_wrong_ones(engineer: User) -> None:
    for _ in range(3):
        assert [attempt("wrong").status_code for _ in range(4)] == [200] * 4
        assert attempt(RIGHT).status_code == 302


def test_a_stranger_elsewhere_locks_nobody_out(engineer: User) -> None:
    lock(address="198.51.100.9")
    assert attempt(RIGHT).status_code == 302


def test_other_names_from_the_same_address_are_free(engineer: User, django_user_model: type[User]) -> None:
    django_user_model.objects.create_user("lee", password=RIGHT)
    lock("dana")
    assert attempt(RIGHT, "lee").status_code == 302


def test_another_browser_does_not_help(engineer: User) -> None:
    answers = [attempt("wrong", **{"user-agent": f"browser {turn}"}).status_code for turn in range(6)]
    assert answers == [200] * 4 + [429] * 2


def test_an_unknown_name_is_answered_alike(engineer: User) -> None:
    known, unknown = lock("dana"), lock("nobody")
    assert unknown.status_code == known.status_code
    assert unknown.content == known.content
    assert attempt("x", "lee").content.count(b"Wrong user name or password") == 1


def test_a_link_and_a_reset_let_in_at_once(engineer: User) -> None:
    lock()
    link = reverse("one-time-sign-in", args=[make_token(engineer)])
    assert Client().post(link, REMOTE_ADDR="192.0.2.1").status_code == 302
    lock()
    call_command("axes_reset_username", "dana", stdout=io.StringIO())
    assert attempt(RIGHT).status_code == 302


def test_the_admin_has_no_door_of_its_own(client: Client, engineer: User) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"
    for turn in range(6):
        answer = client.post("/admin/login/", {"username": "dana", "password": RIGHT, "this_is": turn})
        assert answer.headers["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_no_password_is_kept_anywhere(engineer: User, server_log: io.StringIO) -> None:
    secret = "hunter2-by-mistake"
    attempt(secret)
    attempt("x", name=secret)
    kept = "\n".join(str(row) for row in AccessAttempt.objects.values_list())
    assert AccessAttempt.objects.count() == 2
    assert secret not in kept + server_log.getvalue()
    assert "login failure" in server_log.getvalue()


@pytest.mark.parametrize(
    ("behind_proxy", "peer", "forwarded", "counted"),
    [
        (False, "192.0.2.1", None, "192.0.2.1"),
        (False, "192.0.2.1", "203.0.113.7", "192.0.2.1"),  # anybody can send the header
        (True, "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        (True, "127.0.0.1", "10.9.9.9, 203.0.113.7", "203.0.113.7"),  # the first was made up by the client
        (True, "127.0.0.1", "203.0.113.7:52011", "203.0.113.7"),
        (True, "127.0.0.1", None, "127.0.0.1"),
        (True, "127.0.0.1", "unknown", "::"),
        (False, "", None, "::"),  # a socket in the file system
        (False, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::"),
        (False, "2001:db8:1:2:ffff::1", None, "2001:db8:1:2::"),
        (False, "::ffff:192.0.2.1", None, "192.0.2.1"),
    ],
)
def test_whose_attempts_are_counted(
    settings: Settings, behind_proxy: bool, peer: str, forwarded: str | None, counted: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    headers = {"X-Forwarded-For": forwarded} if forwarded else None
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)) == counted
