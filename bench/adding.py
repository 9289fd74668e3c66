"""What linking one more error costs in a large base: python bench/adding.py [N]

Fills a SQLite file of its own with N signatures (a million by default) of projects with a thousand known errors each,
with their keys and vectors. Then measures what linking one more error takes: its fingerprint with its meaning, the
look-up by its keys in its project, and the comparison with what was found. Fails over 5 ms at the 99th percentile.
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

MOST_MS = 5.0
A_PROJECT = 1_000  # signatures
TURNS = 2_000
THINGS = ("invoice", "parcel", "voucher", "berth", "ticket", "ledger", "mooring", "tide", "crane", "cargo")
PARTS = ("table", "page", "export", "worker", "queue", "report", "route", "form", "chart", "archive")
KINDS = ("weekly", "foreign", "archived", "printed", "pending")
FAILS = (
    ("relation {name} does not exist", "the {name} table is missing"),
    ("{name} times out after 30 s", "no answer from {name} within 12 s"),
)


def names() -> list[str]:
    return [f"{kind}_{thing}_{part}" for kind in KINDS for thing in THINGS for part in PARTS]


def fill(count: int) -> None:
    from kb.linking.fingerprints import Stated, fingerprints
    from kb.linking.similarity import keys_of
    from kb.models import Signature, SignatureKey
    from sessions.meaning.encoder import sentence_encoder
    from sessions.models import Project

    texts = [told.format(name=name) for name in names() for told, _reworded in FAILS][:A_PROJECT]
    known = fingerprints([Stated(text) for text in texts], sentence_encoder())
    keys = [keys_of(one) for one in known]
    for number in range(-(-count // A_PROJECT)):
        project = Project.objects.create(name=f"project {number}")
        rows = Signature.objects.bulk_create(
            Signature(
                version=own.version,
                digest=f"{number:08x}{own.digest[:24]}",
                parts=own.as_parts(),
                project=project,
                vectors=b"" if own.vectors is None else own.vectors.tobytes(),
            )
            for own in known
        )
        SignatureKey.objects.bulk_create(
            SignatureKey(signature=row, key=key, project=project)
            for row, own in zip(rows, keys, strict=True)
            for key in own
        )


def measure(count: int) -> list[float]:
    from kb.linking.candidates import Candidates, similar
    from kb.linking.fingerprints import Stated, fingerprint
    from kb.linking.similarity import keys_of
    from sessions.meaning.encoder import sentence_encoder
    from sessions.models import Project

    dice, encoder = random.Random(3), sentence_encoder()
    projects = list(Project.objects.values_list("pk", flat=True))
    every = [reworded.format(name=name) for name in names() for _told, reworded in FAILS][:A_PROJECT]
    spent, found = [], 0
    for turn in range(TURNS):
        project, text = dice.choice(projects), f"{dice.choice(every)} (seen again by ward {turn})"
        start = time.perf_counter()
        own = fingerprint(Stated(text), encoder)
        keys = keys_of(own)
        found += bool(similar(own, Candidates(keys, {project}).of(own, keys, project)))
        spent.append(time.perf_counter() - start)
    print(f"{found} of {TURNS} reworded errors found a known one")
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
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    from kb.linking.fingerprints import VECTORS
    from kb.linking.model import COMPRESSED

    middle, high = (1000 * spent[int(len(spent) * share)] for share in (0.5, 0.99))
    print(f"one more error in {count:,} signatures: median {middle:.2f} ms, 99th percentile {high:.2f} ms")
    vectors = VECTORS * COMPRESSED * count
    print(f"{size / 1e6:,.0f} MB in the database, {vectors / 1e6:,.0f} of them vectors; none are kept in memory")
    return int(high > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
