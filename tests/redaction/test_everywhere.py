"""Seeded credentials are nowhere afterwards; ordinary lines that look like credentials are left alone."""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from kb.importing import Imported
from kb.models import SearchEntry
from sessions.models import Project, SessionLog
from sessions.redaction import redact
from tests.redaction.test_redaction import seeded

FOLDER = Path(__file__).parent


def test_enough_is_seeded() -> None:
    assert len(seeded()) >= 80


def test_seeded_credentials_are_nowhere(
    ingest: Callable[..., Imported], signed_in: Client, caplog: pytest.LogCaptureFixture
) -> None:
    lines = "\n\n".join(line for line, _ in seeded())
    secrets = {secret for _, secret in seeded() if len(secret) > 5}  # a shorter one is in an id by chance
    text = (
        f"# Session: keys\n\n**Date**: 2026-03-01\n\n## Errors\n\n{lines}\n\n## Next Steps\n\n"
        + "\n".join(f"- [ ] P0: use {line}" for line, _ in seeded())
        + "\n\n```bash\n"
        + "\n".join(line for line, _ in seeded())
        + "\n```\n"
    )
    with caplog.at_level(logging.INFO):
        ingest(text)
        places = dict(_tables()) | dict(_pages(signed_in))
    places["the server's log"] = "\n".join(str(record.__dict__) for record in caplog.records)
    assert SearchEntry.objects.exists()
    found = {(place, secret) for place, content in places.items() for secret in secrets if secret in content}
    assert found == set()


def _tables() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            yield table, "\n".join(_shown(value) for row in cursor.fetchall() for value in row)


def _shown(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return str(value)


def _pages(client: Client) -> Iterator[tuple[str, str]]:
    session, project = SessionLog.objects.get(), Project.objects.get()
    addresses = [
        f"/sessions/{session.pk}/", f"/sessions/{session.pk}/?view=raw", "/issues/", "/next-steps/?state=all",
        f"/handover.md?project={project.name}", f"/handover/?project={project.name}", "/search/?q=password",
        "/import/secrets/", "/import/", "/sessions/999999/", "/",
    ]  # fmt: skip
    for address in addresses:
        yield address, client.get(address).content.decode()


def harmless() -> list[str]:
    """300 ordinary lines with hashes, ids, paths, digests and counts, the same in every run."""
    dice = random.Random(7)

    def digits(length: int, letters: str = "0123456789abcdef") -> str:
        return "".join(dice.choice(letters) for _ in range(length))

    templates: list[Callable[[], str]] = [
        lambda: f"- `{digits(7)}` fix: read the manifest twice",
        lambda: f"commit {digits(40)}",
        lambda: f"sha256:{digits(64)}",
        lambda: f"run id {uuid.UUID(int=dice.getrandbits(128))} finished",
        lambda: f"| key | {uuid.UUID(int=dice.getrandbits(128))} |",
        lambda: f"- **Session ID**: {uuid.UUID(int=dice.getrandbits(128))}",
        lambda: f"src/auth/token_{digits(3)}.py:{dice.randint(1, 900)} raises KeyError",
        lambda: f"| `src/secrets/rotate_{digits(2)}.py` | modified | +{dice.randint(1, 90)} |",
        lambda: f"Token usage: {dice.randint(1000, 90000):,} of 200,000",
        lambda: f"tokens: {dice.randint(10, 999)}k in, {dice.randint(1, 99)}k out",
        lambda: f"max_tokens = {dice.randint(256, 8192)}",
        lambda: f"arn:aws:lambda:eu-west-1:{digits(12, '0123456789')}:function:berth-{digits(4)}",
        lambda: f"https://example.com/builds/{digits(8)}?page={dice.randint(1, 9)}",
        lambda: f"image: registry.example.com/quay:{digits(12)}",
        lambda: f'"integrity": "sha512-{digits(60, "abcdefghijklmnopqrstuvwxyzABCDEF0123456789+/")}=="',
        lambda: f"password reset e-mail is sent after {dice.randint(1, 60)} s",
        lambda: f"- [ ] P{dice.randint(0, 3)}: Rotate the API key of tenant {dice.randint(1, 99)}",
        lambda: f"UniqueViolation: key (id)=({dice.randint(1, 99999)}) already exists",
        lambda: f"password: {dice.choice(('string', 'required', 'CharField(max_length=128)', '<your password>'))}",
        lambda: f"api_key = os.environ['QUAY_{digits(3, 'ABCDEF')}_KEY']",
        lambda: f"SECRET_KEY=${{SECRET_KEY_{dice.randint(1, 9)}}}",
        lambda: f"secret: projects/quay/secrets/db-{digits(3)}/versions/latest",
        lambda: f"ETag: W/\"{digits(10)}\"",
        lambda: f"GET /api/v1/berths/{dice.randint(1, 9999)}?sort=key 200 in {dice.randint(1, 99)} ms",
        lambda: f"foreign key fk_{digits(8)} references berth(id)",
        lambda: f"0x{digits(8)} in quayd+{digits(4)}",
        lambda: f"migration 00{dice.randint(10, 99)}_auth_token_{digits(4)} applied",
        lambda: f"branch feature/token-refresh-{digits(5)} merged",
        lambda: f"the session key is stored in Redis for {dice.randint(1, 30)} days",
        lambda: f"login: {dice.randint(200, 500)} for user {dice.randint(1, 99)}",
    ]  # fmt: skip
    return [template() for template in templates for _ in range(10)]


def test_ordinary_lines_are_left_alone() -> None:
    lines = harmless()
    assert len(set(lines)) > 250
    assert len(lines) == 300
    masked = [line for line in lines if redact(line).text != line]
    assert len(masked) <= 3, masked
