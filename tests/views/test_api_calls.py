"""The API as a whole: what a machine is told at a wrong address, by a wrong method, and without a token that may."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from kb.models import ApiToken
from kb.people.api_tokens import make_token


def bearing(owner: User, *, may_read: bool = True) -> dict[str, str]:
    """The header of a new token."""
    return {"authorization": f"Bearer {make_token(owner, 'agent', may_read=may_read)}"}


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
@pytest.mark.parametrize(
    "address", ["/api", "/api/", "/api/v1/", "/api/v1/import/", "/api/v2/met", "/api/%0Ax", "/api/<b>"]
)
def test_a_wrong_address_is_said_in_json(client: Client, db: None, method: str, address: str) -> None:
    answer = getattr(client, method)(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert "POST /api/v1/import" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [("get", "/api/v1/import", "POST"), ("post", "/api/v1/search", "GET"), ("get", "/api/v1/met", "POST")],
)
def test_a_wrong_method_is_said_in_json(
    client: Client, engineer: User, method: str, address: str, allowed: str
) -> None:
    answer = getattr(client, method)(address, headers=bearing(engineer))
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json()["problem"].endswith(".")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic ZGFuYTpkYW5h", "Bearer dfx_wrong", "Bearer \xe9\x00"]
)
def test_without_a_token_in_force_nothing_is_told(client: Client, engineer: User, header: str) -> None:
    client.force_login(engineer)  # being signed in is no token
    answer = client.post("/api/v1/import", headers={"authorization": header})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "Authorization: Bearer" in answer.json()["problem"]


def test_a_call_that_django_refuses_gets_json(client: Client, engineer: User) -> None:
    for address in ("/api/v1/import", "/api/v1/nothing"):
        answer = client.post(address, headers={**bearing(engineer), "host": "quay.example"})
        assert (answer.status_code, "Host" in answer.json()["problem"]) == (400, True)
    assert client.get("/", headers={"host": "quay.example"}).headers["Content-Type"].startswith("text/html")
    broken = client.post(
        "/api/v1/import", b"--x", content_type="multipart/form-data; boundary=\xff", headers=bearing(engineer)
    )
    assert (broken.status_code, "problem" in broken.json()) == (400, True)


def test_a_fault_of_the_product_gets_json(client: Client, engineer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("kb.views.api._import_files", fails)
    client.raise_request_exception = False
    answer = client.post("/api/v1/import?name=a.md", "# Log", content_type="text/plain", headers=bearing(engineer))
    assert (answer.status_code, "server log" in answer.json()["problem"]) == (500, True)


def test_a_database_that_cannot_be_used_is_said(
    client: Client, engineer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise OperationalError("database is locked")

    headers = bearing(engineer)
    monkeypatch.setattr("kb.views.api_calls.token_of", fails)
    answer = client.post("/api/v1/import", headers=headers)
    assert (answer.status_code, "again later" in answer.json()["problem"]) == (503, True)


@pytest.mark.parametrize(("sent", "may_read"), [({}, False), ({"may_read": "on"}, True)])
def test_a_token_reads_only_if_its_owner_says_so(signed_in: Client, sent: dict[str, str], may_read: bool) -> None:
    signed_in.post("/import/tokens/", {"name": "nightly", **sent})
    assert ApiToken.objects.get().may_read is may_read
    shown = signed_in.get("/import/tokens/").content.decode()
    assert ("imports and reads" in shown, "imports only" in shown) == (may_read, not may_read)
