"""Signing in and out by the page, cookies, and setting a password."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

SIGN_IN = {"username": "dana", "password": "correct horse"}


def sign_in(client: Client, **fields: str) -> str:
    return client.post("/sign-in/", {**SIGN_IN, **fields}).headers["Location"]


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_nowhere_else(client: Client, engineer: User, address: str) -> None:
    assert sign_in(client, next=address) == "/"


def test_signing_in_leads_where_one_wanted_to_go(client: Client, engineer: User) -> None:
    assert sign_in(client, next="/issues/") == "/issues/"


def test_cookies_are_closed_to_scripts_and_other_sites(client: Client, engineer: User) -> None:
    sign_in(client)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


def test_a_link_on_another_page_cannot_sign_out(signed_in: Client) -> None:
    assert signed_in.get("/sign-out/").status_code == 405
    assert signed_in.get("/").status_code == 200
    signed_in.post("/sign-out/")
    assert signed_in.get("/").status_code == 302


def test_who_may_not_see_a_page_is_told_as_whom(client: Client, django_user_model: type[User]) -> None:
    client.force_login(django_user_model.objects.create_user("lee"))
    assert (
        "You are signed in as lee, who does not have access to that page"
        in client.get("/admin/", follow=True).content.decode()
    )


def test_a_form_that_is_out_of_date_says_what_to_do(engineer: User) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", SIGN_IN)
    assert answer.status_code == 403
    assert "reload the page" in answer.content.decode()


def test_who_came_by_a_link_can_set_a_password(client: Client, django_user_model: type[User]) -> None:
    client.force_login(django_user_model.objects.create_superuser("dana"))
    assert "Set a password" in client.get("/settings/password/").content.decode()
    new = {"new_password1": "heron at the quay", "new_password2": "heron at the quay"}
    assert "password was saved" in client.post("/settings/password/", new, follow=True).content.decode()
    assert sign_in(Client(), password="heron at the quay") == "/"


def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions(signed_in: Client, engineer: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(engineer)
    new = {"new_password1": "heron at the quay", "new_password2": "heron at the quay"}
    refused = signed_in.post("/settings/password/", {**new, "old_password": "wrong"}).content.decode()
    assert "old password was entered incorrectly" in refused
    signed_in.post("/settings/password/", {**new, "old_password": "correct horse"})
    assert signed_in.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
