"""What linking one more error costs in a large database: python bench/adding.py [N]

Fills a SQLite file of its own with N signatures (a million by default) and their keys, then measures how long it takes
to find what one more error is similar to: its fingerprint, the look-up by its keys, and the comparison. Fails over 1 ms
at the 99th percentile.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

NOUNS = ("total", "owner", "state", "retry", "batch", "token", "price", "stock")
MOST_MS = 1.0
CHUNK = 20_000


def fill(count: int) -> None:
    from kb.linking.fingerprints import fingerprint
    from kb.linking.similarity import keys_of
    from kb.models import Signature, SignatureKey

    for start in range(0, count, CHUNK):
        fingerprints = [
            fingerprint(f"column {NOUNS[n % 8]}_{n} is missing from set_{n // 7}", "", "")
            for n in range(start, min(start + CHUNK, count))
        ]
        rows = Signature.objects.bulk_create(
            Signature(version=made.version, digest=made.digest, parts=made.as_parts()) for made in fingerprints
        )
        SignatureKey.objects.bulk_create(
            SignatureKey(signature=row, key=key)
            for row, made in zip(rows, fingerprints, strict=True)
            for key in keys_of(made)
        )


def measure(count: int, turns: int = 3_000) -> list[float]:
    from kb.linking.fingerprints import fingerprint
    from kb.linking.signatures import candidates, signatures_by_key, similar
    from kb.linking.similarity import keys_of

    dice = random.Random(3)
    spent = []
    for _turn in range(turns):
        number = dice.randrange(count)
        start = time.perf_counter()
        reworded = fingerprint(f"`{NOUNS[number % 8]}_{number}` is gone", "", "UndefinedColumn")
        near = candidates(signatures_by_key(keys_of(reworded)), reworded)
        assert similar(reworded, near), "a reworded error must be found"
        spent.append(time.perf_counter() - start)
    return sorted(spent)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "kb.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        fill(count)
        spent = measure(count)
    middle, high = (1000 * spent[int(len(spent) * share)] for share in (0.5, 0.99))
    print(f"one more error in {count:,} signatures: median {middle:.2f} ms, 99th percentile {high:.2f} ms")
    return int(high > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
