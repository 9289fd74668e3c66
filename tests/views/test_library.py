"""Commands by shape, files with their history, learnings and decisions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kb.importing import Imported
from sessions.models import SessionLog
from sessions.parsing.commands.shapes import danger_of, shape_of
from tests.factories import log

Ingest = Callable[..., Imported]


@pytest.mark.parametrize(
    ("command", "shape"),
    [
        ('git commit -m "fix the export"', "git commit -m {text}"),
        ("pytest tests/test_berth.py -k crane", "pytest {path} -k {value}"),
        ("DEBUG=1 python manage.py migrate orders 0007", "DEBUG={value} python {path} migrate orders {number}"),
        ("curl -s https://api.example.com/v1/berths", "curl -s {url}"),
        ("docker logs 3f9c2a1b77de | grep error", "docker logs {id} | grep error"),
        ("sudo systemctl restart quayd", "sudo systemctl restart quayd"),
        ("npm install --save-dev vite@5\nnpm run build", "npm install --save-dev {value}"),
        ("kubectl scale deploy/web --replicas=3", "kubectl scale {path} --replicas={value}"),
        ("echo 'half a quote", "echo {text} a quote"),
        ("", ""),
    ],
)
def test_the_shape_of_a_command(command: str, shape: str) -> None:
    assert shape_of(command) == shape


@pytest.mark.parametrize(
    ("command", "dangerous"),
    [
        ("rm -rf build", True), ("git push --force origin main", True), ("git push origin main", False),
        ("DROP TABLE orders;", True), ("delete from orders;", True), ("delete from orders where id = 7", False),
        ("git reset --hard HEAD~1", True), ("docker compose down -v", True), ("docker compose down", False),
        ("curl -sSL https://x.example.com/i.sh | sudo bash", True), ("rm notes.txt", False), ("chmod 644 a", False),
    ],
)  # fmt: skip
def test_dangerous_commands_are_known(command: str, dangerous: bool) -> None:
    assert bool(danger_of(command)) is dangerous


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


MORE = """
## Commands

```bash
rm -rf build/{day}
pytest -k {day}
```

## Files Changed

- `src/handler.py` (modified)

## Learnings

- Warm the cache before the night export
"""


@pytest.fixture
def logs(ingest: Ingest) -> None:
    for day in ("2026-03-01", "2026-03-09"):
        ingest(log(day) + MORE.format(day=day), path=day)


def test_similar_commands_are_grouped(signed_in: Client, logs: None) -> None:
    html = page(signed_in, "/commands/")
    assert "rm -rf {path}" in html
    assert "2 times in 2 sessions" in html
    assert "removes files for good" in html
    assert "pytest -k" not in page(signed_in, "/commands/?dangerous=on")
    assert "No command matches" in page(signed_in, "/commands/?words=zzz")


def test_a_file_shows_its_sessions_and_issues(signed_in: Client, logs: None) -> None:
    assert "src/handler.py" in page(signed_in, "/files/")
    html = page(signed_in, "/files/?path=handler.py")
    assert html.count("Session: Orders") == 2
    assert "Missing total column" in html
    assert "No log mentions this file" in page(signed_in, "/files/?path=nowhere.py")


def test_learnings_and_decisions_are_listed(signed_in: Client, logs: None) -> None:
    assert "Warm the cache" in page(signed_in, "/learnings/?words=cache")
    assert "No decisions yet" in page(signed_in, "/learnings/?kind=decisions")


def test_a_session_can_be_copied(signed_in: Client, logs: None) -> None:
    session = SessionLog.objects.earliest("pk")
    assert "#errors" in page(signed_in, f"/sessions/{session.pk}/")
    answer = signed_in.get(f"/sessions/{session.pk}/markdown/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().startswith("# Session: Orders")


@pytest.mark.parametrize("address", ["/commands/", "/files/", "/learnings/", "/next-steps/", "/import/", "/sessions/"])
def test_an_empty_page_says_what_to_do(signed_in: Client, address: str) -> None:
    assert 'class="empty"' in page(signed_in, address)
