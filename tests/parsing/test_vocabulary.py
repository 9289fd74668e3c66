"""A language is a file of data, and adding that file is all it takes."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sessions.parsing.vocabulary import LANGUAGES, Role, any_of, fold, table, whole
from sessions.parsing.vocabulary.language import Language

ROOT = Path(__file__).resolve().parents[2]
ESPERANTO = '''
"""Esperanto."""

from sessions.parsing.vocabulary.language import Language, Role

LANGUAGE = Language(
    code="eo",
    name="Esperanto",
    roles={Role.ERRORS: ("eraroj",), Role.NEXT_STEPS: ("sekvaj paŝoj",), Role.FILES: ("dosieroj",)},
    months=(("januaro",), ("februaro",), ("marto",), *((),) * 9),
    priorities={"P0": ("urĝa",)},
    failures=("ne funkcias",),
    repairs=("riparita",),
    negations=("ne",),
    date_particles=("de",),
    because=("ĉar",),
    hypotheses=("suspekt*",),
)
'''
LETTERS = set("İıςσłäöüáéíóúàèìòùâêîôûãõåøæаеёиоуыэюяіїєα")  # those that redaction folds, and vowels
LOG = """# Tago, 3 de marto 2026

## Eraroj
- la serĉo ne funkcias ĉar la indekso estas malplena

## Sekvaj paŝoj
- rekonstrui la indekson (urĝa)
- ordigi la dosierojn (ne urĝa)
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
    assert session["date"] == "2026-03-03"
    assert [error["root_cause"] for error in session["errors"]] == ["la indekso estas malplena"]
    assert [(step["text"], step["priority"]) for step in session["next_steps"]] == [
        ("rekonstrui la indekson (urĝa)", "P0"),
        ("ordigi la dosierojn (ne urĝa)", None),
    ]


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
    assert [match.phrase for match in table("roles").find_all(text)] == [fold(phrase) for phrase in phrases]


@pytest.mark.parametrize(
    ("words", "text", "match"),
    [
        (["fix", "fixed"], "it was fixed", "fixed"),  # the longest first
        (["improv*"], "improved it", "improved"),
        (["short-term"], "the short term", "short term"),
        (["short-term"], "shortterm goals", "shortterm"),
        (["ne * plus"], "il ne marche plus", "ne marche plus"),
        (["fix"], "a prefix", None),
        (["fix"], "fixtures", None),
        (["失败"], "今天失败了", "失败"),  # scripts without spaces have no word ends
        (["a", "失败"], "上传失败", "失败"),
        (["失败"], "it failed", None),
        (["a.b"], "axb", None),
    ],
)
def test_whole_words_become_an_expression(words: list[str], text: str, match: str | None) -> None:
    found = re.search(whole(words), text)
    assert (found and found[0]) == match


def test_any_word_matches_inside_others() -> None:
    assert re.search(any_of(["fix"]), "a prefix")


@pytest.mark.parametrize(("folder", "words"), [("parsing", "vocabulary"), ("redaction", "words")])
def test_only_vocabularies_have_words_of_other_languages(folder: str, words: str) -> None:
    """In their strings, that is: what a docstring quotes as an example decides nothing."""
    for path in (ROOT / "sessions" / folder).rglob("*.py"):
        if path.parent.name != words:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            quoted = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quoted:
                    foreign = {c for c in node.value if c.isalpha() and not c.isascii()}
                    assert foreign <= LETTERS, f"{path.name}:{node.lineno}"
