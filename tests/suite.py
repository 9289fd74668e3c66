"""The steps of ./test, in order: each is named, timed, and told of at the end. Exit status 1 if one failed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.chromium import find_chromium  # noqa: E402
from tests.postgres import Cluster, PostgresMissing  # noqa: E402
from tests.templates import DJADE, finished_templates  # noqa: E402

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
STRICT = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@dataclass(frozen=True)
class Step:
    name: str
    outcome: str  # "ok", "failed", or why it was skipped
    seconds: float
    summary: str = ""


def run(name: str, command: list[str], **environment: str) -> Step:
    """Runs a step with its output shown; pytest's closing line is kept."""
    print(f"\n== {name}", flush=True)
    start = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    summary = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if line.startswith("=") and " in " in line and ("passed" in line or "failed" in line or "error" in line):
            summary = line.strip()
    failed = process.wait() != 0
    return Step(name, "failed" if failed else "ok", time.monotonic() - start, summary)


def skip(name: str, why: str) -> Step:
    """A step that cannot run here: a failure where nothing may be left out."""
    print(f"\n== {name}: skipped, {why}", flush=True)
    return Step(name, f"{'failed' if STRICT else 'skipped'}: {why}", 0.0)


def static_steps() -> list[Step]:
    checks = {"SECRET_KEY": "a-key-for-this-check-alone-" + "0123456789abcdef" * 3, "HTTPS": "1"}
    return [
        run("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        run("format of templates", [*DJADE, "--check", *map(str, finished_templates())]),
        run("lint", [PYTHON, "-m", "ruff", "check", "."]),
        run("types", [PYTHON, "-m", "mypy"]),
        run("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
        run("static files", [*MANAGE, "collectstatic", "--no-input", "--verbosity", "0"]),
        run("deploy check", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], **checks),
    ]


def postgres_steps(chromium: str | None) -> list[Step]:
    """Everything that touches a database, on PostgreSQL: a given one, else a cluster of its own."""
    given = os.environ.get("TEST_POSTGRES_URL")
    name = "tests on PostgreSQL"
    command = [PYTHON, "-m", "pytest", "-m", "not browser", "--ignore", "tests/parsing", "--ignore", "tests/redaction"]
    browser = [PYTHON, "-m", "pytest", "-m", "browser"]
    if given:
        return _on_postgres(name, command, browser, given, chromium)
    try:
        with Cluster() as url:
            return _on_postgres(name, command, browser, url, chromium)
    except PostgresMissing as missing:
        return [skip(name, str(missing))]


def _on_postgres(name: str, command: list[str], browser: list[str], url: str, chromium: str | None) -> list[Step]:
    steps = [run(name, command, DATABASE_URL=url)]
    if chromium:
        steps.append(run("browser tests on PostgreSQL", browser, DATABASE_URL=url, CHROMIUM=chromium))
    return steps


def main() -> int:
    """Runs all steps away from the user's own database and key."""
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        steps = all_steps()
    print("\nWhat ran:")
    for step in steps:
        print(f"  {step.name:<28} {step.outcome:<12} {step.seconds:6.1f} s  {step.summary.strip('= ')}")
    print(steps[-1].summary or "no test ran")
    return int(any(step.outcome.startswith("failed") for step in steps))


def all_steps() -> list[Step]:
    chromium = find_chromium()
    steps = static_steps()
    steps += postgres_steps(chromium)
    if chromium:
        steps.append(run("browser tests on SQLite", [PYTHON, "-m", "pytest", "-m", "browser"], CHROMIUM=chromium))
    else:
        steps.append(skip("browser tests", "no Chromium on the PATH (on Debian: apt install chromium)"))
    steps.append(run("tests on SQLite", [PYTHON, "-m", "pytest", "-m", "not browser"]))
    return steps


if __name__ == "__main__":
    sys.exit(main())
