"""How fast is the board of many open steps? python bench/board.py [STEPS]

Imports invented sessions into a SQLite file of its own until STEPS next steps are open (5,000 by default), then times
the whole request in every order and grouping. Fails over 100 ms at the median, or if more steps need more queries.
DATABASE_URL measures PostgreSQL.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MOST_MS = 100.0
STEPS_A_SESSION = 25
VERBS = ("Rotate", "Migrate", "Measure", "Document", "Replace", "Review", "Restore", "Split")
THINGS = ("certificate", "ledger", "crane", "manifest", "berth plan", "tariff table", "gateway", "night export")
QUERIES = ("", "sort=fair", "sort=oldest", "sort=often", "group=project", "group=age", "group=person",
           "priority=P0", "state=dropped", "state=all&page=40", "words=ledger")  # fmt: skip


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "kb.settings", "ALLOWED_HOSTS": "testserver"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        fill(0, count // 10)
        few = {query: measure(query)[1] for query in QUERIES}
        fill(count // 10, count)
        print(f"{count} open steps    median ms   queries   with a tenth of them")
        failed = False
        for query in QUERIES:
            spent, queries = measure(query, turns=15)
            failed |= spent > MOST_MS or queries > few[query]
            print(f"  /next-steps/?{query:18}{spent:9.1f}{queries:10}{few[query]:10}")
    return int(failed)


def fill(start: int, end: int) -> None:
    from kb.importing.runs import begin, finish, import_content
    from kb.models import ImportOrigin

    dice, run = random.Random(start), begin(ImportOrigin.COMMAND, None, "bench")
    for first in range(start, end, STEPS_A_SESSION):
        numbers = range(first, min(first + STEPS_A_SESSION, end))
        steps = "\n".join(
            f"- [ ] {dice.choice(('P0: ', 'P1: ', 'P2: ', ''))}{dice.choice(VERBS)} {dice.choice(THINGS)}_{n}\n"
            f"  ```bash\n  quayctl check {n}\n  ```"
            for n in numbers
        )
        day = f"2026-{dice.randint(1, 9):02}-{dice.randint(1, 28):02}"
        text = f"# Session {first}\n\n**Date**: {day}\n\n## Next Steps\n\n{steps}\n"
        import_content(run, f"{first}.md", text.encode(), f"project-{first % 20}")
    finish(run)


def measure(query: str, turns: int = 1) -> tuple[float, int]:
    """Returns the median milliseconds of the whole request, and its number of queries."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    statements: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    client = Client()
    client.force_login(User.objects.get_or_create(username="dana")[0])
    spent = []
    with connection.execute_wrapper(count):
        assert client.get(f"/next-steps/?{query}").status_code == 200
    for _ in range(turns):
        start = time.perf_counter()
        client.get(f"/next-steps/?{query}")
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent), len(statements)


if __name__ == "__main__":
    sys.exit(main())
