"""Table rows that state a problem: in a column of problems, after a ❌, or as what was repaired."""

from __future__ import annotations

import re

from sessions.parsing.problems.parts import PROBLEMS, REPAIRS, Attempted, Place
from sessions.parsing.problems.verdicts import outcome_of, repaired_in, says_failure, status_of_error
from sessions.parsing.tree.document import Node
from sessions.parsing.tree.entries import is_nothing
from sessions.parsing.tree.roles import role_of
from sessions.parsing.vocabulary import Role
from sessions.text import headline, plain

# A number, the name of a ticket or a time, which says nothing about a problem.
_ID = re.compile(r"^\W*+(?:[A-Za-z]{1,10}[-_ ]?){0,3}\d[\d.:%]*+\W*+$|^\W*+$")
_VERDICT = re.compile(r"[✅✔✓❌✗✘⚠🟢🔴🟡]")
_SAID = re.compile(r"[^\W_]")
_BAD, _GOOD = re.compile(r"^(?:❌|✗|✘)\s*"), re.compile(r"^(?:✅|✔|✓)\s*")


def place_of_row(row: Node) -> Place | None:
    roles = [role_of(title) for title in row.header]
    if len(row.cells) < 2:
        return None
    if any(role in PROBLEMS for role in roles):
        return _of_problem_column(row, roles)
    return _of_marked_cell(row) or _of_repair_cell(row, roles)


def _of_problem_column(row: Node, roles: list[Role | None]) -> Place | None:
    cells = {role: plain(cell) for role, cell in reversed(list(zip(roles, row.cells, strict=False))) if role}
    named = [plain(c) for r, c in zip(roles, row.cells, strict=False) if r in PROBLEMS]
    texts = [cell for cell in named if not _ID.match(cell)]
    if not texts or is_nothing(texts[0]):
        return None
    place = Place(headline(texts[-1]), row.span, _why(row))
    place.message = " ".join(cell for cell in texts if headline(cell) != place.title)
    place.cause = cells.get(Role.CAUSE, "")
    place.severity = cells.get(Role.SEVERITY, "")[:100]
    result = _result(row, roles)
    place.status = status_of_error(result)
    fix = next((cells[role] for role in REPAIRS if cells.get(role)), "")
    if fix and not is_nothing(fix):
        place.fixes.append(Attempted(headline(fix), row.span, "", outcome_of(f"{result} {fix}")))
    return place


def _result(row: Node, roles: list[Role | None]) -> str:
    """Returns the last column that says how it stands: of "Status before" and "Status after", the latter."""
    results = [plain(cell) for role, cell in zip(roles, row.cells, strict=False) if role is Role.RESULT]
    if not results and len(row.cells) == len(roles) > 2 and _VERDICT.match(row.cells[-1]):
        results = [plain(row.cells[-1])]
    return next((result for result in reversed(results) if _SAID.search(result) or _VERDICT.match(result)), "")


def _why(row: Node) -> str:
    return f"a row under {' | '.join(row.header)[:60]!r}"


def _of_marked_cell(row: Node) -> Place | None:
    """Returns the problem of "| 09:15 | upload | ❌ 500 error | ✅ fixed at once |"."""
    bad = next((n for n, cell in enumerate(row.cells) if _BAD.match(cell)), None)
    if bad is None or bad == 0:
        return None
    failure = headline(row.cells[bad])
    if not says_failure(failure):
        return None
    place = Place(f"{headline(row.cells[bad - 1])}: {failure}", row.span, _why(row), failure)
    after = next((cell for cell in row.cells[bad + 1 :] if _GOOD.match(cell) or repaired_in(cell)), "")
    if after:
        place.status = "fixed"
        place.fixes.append(Attempted(headline(after), row.span, "", "worked"))
    return place


def _of_repair_cell(row: Node, roles: list[Role | None]) -> Place | None:
    """Returns the problem of a cell that begins with a repair of something that failed."""
    for cell, role in zip(row.cells, roles, strict=False):
        repaired = repaired_in(cell) if role not in (Role.FILES, Role.COMMITS) else ""
        if repaired and says_failure(repaired):
            place = Place(repaired, row.span, _why(row), plain(cell), status="fixed")
            place.fixes.append(Attempted(headline(cell), row.span, "", "worked"))
            return place
    return None
