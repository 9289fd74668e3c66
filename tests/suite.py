"""The steps of ./test, in order: each is named, timed and listed at the end. Exit status 1 if one failed."""

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
from tests.templates import DJADE, all_templates  # noqa: E402

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
# A worker for each core, with a database, a data folder and a port of its own; an idle one takes over waiting tests.
PYTEST = [PYTHON, "-m", "pytest", "-n", "auto", "--maxprocesses", "8", "--dist", "worksteal"]
WITHOUT_DATABASE = ["tests/parsing", "tests/meaning", "tests/redaction"]
STORIES = "tests/browser/test_stories.py"  # whole ways through the site; looks and keys do not depend on the database
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
    """A step that cannot run here. With CI=true, which leaves nothing out, it counts as failed."""
    print(f"\n== {name}: skipped, {why}", flush=True)
    return Step(name, f"{'failed' if STRICT else 'skipped'}: {why}", 0.0)


def static_steps() -> list[Step]:
    checks = {"SECRET_KEY": "a-key-for-this-check-alone-" + "0123456789abcdef" * 3, "HTTPS": "1"}
    return [
        run("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        run("format of templates", [*DJADE, "--check", *map(str, all_templates())]),
        run("lint", [PYTHON, "-m", "ruff", "check", "."]),
        run("types", [PYTHON, "-m", "mypy"]),
        run("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
        run("static files", [*MANAGE, "collectstatic", "--no-input", "--verbosity", "0"]),
        run("deploy check", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], **checks),
    ]


def run_tests(database: str, *arguments: str, **environment: str) -> Step:
    return run(f"tests on {database}", [*PYTEST, "-m", "not browser", *arguments], **environment)


def run_browser_tests(database: str, chromium: str, *arguments: str, **environment: str) -> Step:
    command = [*PYTEST, "-m", "browser", *arguments]
    return run(f"browser tests on {database}", command, CHROMIUM=chromium, **environment)


def postgres_steps(chromium: str | None) -> list[Step]:
    """Everything that touches a database, on the server of TEST_POSTGRES_URL, else on a cluster of its own."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        return _on_postgres(url, chromium)
    try:
        with Cluster() as url:
            return _on_postgres(url, chromium)
    except PostgresMissing as missing:
        return [skip("tests on PostgreSQL", str(missing))]


def _on_postgres(url: str, chromium: str | None) -> list[Step]:
    steps = [run_tests("PostgreSQL", *(f"--ignore={folder}" for folder in WITHOUT_DATABASE), DATABASE_URL=url)]
    if chromium:
        steps.append(run_browser_tests("PostgreSQL", chromium, STORIES, DATABASE_URL=url))
    return steps


def main() -> int:
    """Runs all steps with a data folder of their own, so that the user's database and key are left alone."""
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        steps = all_steps()
    print("\nSteps:")
    for step in steps:
        print(f"  {step.name:<28} {step.outcome:<12} {step.seconds:6.1f} s  {step.summary.strip('= ')}")
    print(steps[-1].summary or "no test ran")
    return int(any(step.outcome.startswith("failed") for step in steps))


def all_steps() -> list[Step]:
    chromium = find_chromium()
    steps = static_steps()
    steps += postgres_steps(chromium)
    if chromium:
        steps.append(run_browser_tests("SQLite", chromium))
    else:
        steps.append(skip("browser tests", "no Chromium on the PATH (on Debian: apt install chromium)"))
    steps.append(run_tests("SQLite"))
    return steps


if __name__ == "__main__":
    sys.exit(main())
