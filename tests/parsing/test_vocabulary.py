"""A language is one file of data: adding it is all it takes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sessions.parsing.vocabulary import LANGUAGES, Role, fold, table
from sessions.parsing.vocabulary.language import Language

ROOT = Path(__file__).resolve().parents[2]
ESPERANTO = '''
"""Esperanto."""

from sessions.parsing.vocabulary.language import Language, Role

LANGUAGE = Language(
    code="eo",
    name="Esperanto",
    roles={Role.ERRORS: ("eraroj",), Role.NEXT_STEPS: ("sekvaj paŝoj",)},
    failures=("ne funkcias",),
    repairs=("riparita",),
)
'''
LOG = """# Tago

## Eraroj
- la serĉo ne funkcias

## Sekvaj paŝoj
- rekonstrui la indekson
"""


def test_a_new_language_is_one_new_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sessions", tmp_path / "sessions", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "sessions/parsing/vocabulary/eo.py").write_text(ESPERANTO, encoding="utf-8")
    (tmp_path / "log.md").write_text(LOG, encoding="utf-8")
    script = (
        "import json, sys; from sessions.parsing.pipeline import read_log; "
        "print(json.dumps(read_log('log.md', open('log.md', 'rb').read()).record.as_json()))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    session = json.loads(done.stdout)["sessions"][0]
    assert [error["title"] for error in session["errors"]] == ["la serĉo ne funkcias"]
    assert [step["text"] for step in session["next_steps"]] == ["rekonstrui la indekson"]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_language_names_what_every_log_needs(language: Language) -> None:
    assert {Role.ERRORS, Role.CAUSE, Role.FIXES, Role.NEXT_STEPS, Role.FILES} <= set(language.roles)
    assert len(language.months) == 12
    assert language.failures
    assert language.repairs
    assert language.actions


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Next steps for the next session", ["next steps", "next session"]),
        ("Unresolved errors", ["errors"]),  # "error" inside "errors" is another word
        ("今日遇到的问题", ["遇到的问题"]),
        ("Nächste  SCHRITTE", ["nachste schritte"]),
        ("terror", []),
    ],
)
def test_phrases_are_whole_words_the_longest_first(text: str, phrases: list[str]) -> None:
    assert [found.phrase for found in table("roles").find_all(text)] == [fold(phrase) for phrase in phrases]
