"""What texts say of errors and fixes, in several languages."""

from __future__ import annotations

import pytest

from sessions.parsing.problems import verdicts
from sessions.parsing.problems.unsolved import says_unsolved
from sessions.records import ErrorStatus, Outcome


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Fixed in the last build", "fixed"),
        ("✅", "fixed"),
        ("⚠️ for now", "partial"),
        ("fixed, but still failing on the old crane", "open"),  # what is open outweighs what is fixed
        ("❌ fixed", "fixed"),  # words outweigh glyphs
        ("behoben", "fixed"),
        ("未解决", "open"),
        ("⛔ not done", "open"),
        ("⛔ 未完成", "open"),
        ("the login is not working", "unknown"),  # what went wrong, and not how it stands
        ("the login is not working: fixed", "fixed"),
        ("the berth plan", "unknown"),
    ],
)
def test_status_of_an_error(text: str, status: ErrorStatus) -> None:
    assert verdicts.status_of_error(text) == status


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("it worked", "worked"),
        ("✅ deployed, but the issue was actually the cable", "failed"),
        ("partially, the queue still grows", "partial"),
        ("hat nicht geholfen", "failed"),
        ("the query failed until the retry, which worked", "worked"),  # what is said last counts
        ("raised the limit → still hangs", "failed"),
        ("eliminated a copy of the berth list", "unknown"),
        ("restarted the tide gauge", "unknown"),
    ],
)
def test_outcome_of_an_attempt(text: str, outcome: Outcome) -> None:
    assert verdicts.outcome_of(text) == outcome


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("Fixed the version mismatch", "the version mismatch"),
        ("Version check - FIXED ✅", "Version check"),
        ("Cookie fix", "Cookie"),
        ("Added missing index", "missing index"),
        ("Hinzugefügt fehlende Spalte", "fehlende Spalte"),
        ("Corregido el cierre de sesión", "el cierre de sesión"),
        ("Mooring upload hangs. Still not fixed.", ""),
        ("Added a crane view", ""),
        ("The crane view", ""),
    ],
)
def test_what_was_repaired(text: str, repaired: str) -> None:
    assert verdicts.repaired_in(text) == repaired


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("It failed because the tide table was empty.", "the tide table was empty"),
        ("Der Import brach ab, weil die Datei fehlte.", "die Datei fehlte"),
        ("上传失败，因为磁盘已满。", "磁盘已满"),
        ("The cable was loose, causing timeouts", "The cable was loose"),
        ("Upload failed (the disk was not found)", "the disk was not found"),
        ("Upload failed (see the berth plan)", ""),
        ("It failed.", ""),
    ],
)
def test_the_cause_a_sentence_gives(text: str, cause: str) -> None:
    assert verdicts.cause_in(text) == cause


@pytest.mark.parametrize(
    ("says", "texts", "others"),
    [
        (
            verdicts.is_plan,
            ["Fix the remaining errors", "The login needs fixing", "zu beheben: Login", "登录待修复"],
            ["Fix: restarted it", "Fixed the login"],
        ),
        (
            verdicts.is_over,
            ["It no longer hangs", "Il ne plante plus", "Es hängt nicht mehr", "不再崩溃", "больше не падает"],
            ["It hangs", "Il ne plante pas"],
        ),
        (
            verdicts.is_safeguard,
            ["Prevents duplicates", "Better error handling", "Verhindert Duplikate", "防止重复"],
            ["Duplicates were found", "We prevent duplicates"],
        ),
        (
            verdicts.is_hypothesis,
            ["Initially suspected the cable", "Vermutlich das Kabel", "Se sospechaba del cable", "怀疑是电缆"],
            ["The cable was loose"],
        ),
        (
            verdicts.is_proposed,
            ["Proposed solution", "Options", "Geplante Lösung", "Solución propuesta", "建议"],
            ["Solution", "Optional step"],
        ),
        (
            verdicts.is_unverified,
            ["Needs verification", "not yet tested", "noch ungetestet", "sin probar", "未验证"],
            ["Tested twice"],
        ),
        (
            verdicts.says_failure,
            ["The upload fails", "загрузка не работает", "アップロードに失敗"],
            ["Error handling", "No errors", "The upload works"],
        ),
    ],
)
def test_what_a_text_says(says: object, texts: list[str], others: list[str]) -> None:
    assert callable(says)
    assert [text for text in texts if not says(text)] == []
    assert [text for text in others if says(text)] == []


@pytest.mark.parametrize(
    ("heading", "unsolved"),
    [
        ("Known issues", True),
        ("Known issues (will fix)", True),
        ("Flagged but not fixed", True),
        ("Remaining work", True),
        ("已知问题", True),
        ("Open issues (resolved)", False),
        ("Known issues & fixes", False),
        ("Blocked, now fixed", False),
        ("已知问题（已修复）", False),
        ("Issues", False),
    ],
)
def test_a_heading_over_what_is_still_there(heading: str, unsolved: bool) -> None:
    assert says_unsolved(heading) == unsolved


@pytest.mark.parametrize(
    ("label", "proposed"),
    [("Future fix", True), ("Künftige Lösung", True), ("Fix, an hour later", False), ("Fix", False)],
)
def test_a_repair_that_was_not_made(label: str, proposed: bool) -> None:
    assert verdicts.is_proposed(label) == proposed
