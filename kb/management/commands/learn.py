"""`manage.py learn`: trains the statement model further on what people put right here, and shows what it brings."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from kb.conf import learned
from kb.conf.meaning import notice
from kb.learning.labels import KINDS, labelled_logs
from kb.management.database_command import DatabaseCommand

_SHOWN = 10
_MISSING = (
    "Learning needs scikit-learn, which reading does not. Install it with "
    "`.venv/bin/pip install -r requirements-train.txt`, then run this again."
)


class Command(DatabaseCommand):
    help = "Train the statement model further on corrections and answers; it is used only after --switch."

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--switch", action="store_true", help="read with the model that learned last")
        way.add_argument("--back", action="store_true", help="read with the model that was in use before")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["switch"] or options["back"]:
                name = learned.switch() if options["switch"] else learned.back()
                self.stdout.write(f"Logs are now read by {name or 'the shipped model'}.")
                self.stdout.write("Run `manage.py reread` to read the stored logs again.")
                return
        except learned.CannotSwitch as refusal:
            raise CommandError(str(refusal)) from refusal
        self._train()

    def _train(self) -> None:
        if cost := notice():
            raise CommandError(f"{cost} There is no model to train.")
        from kb.learning.trial import LEAST_LABELS, LEAST_LOGS, train
        from sessions.meaning.encoder import sentence_encoder
        from sessions.meaning.judge import shipped_model, weights_digest

        logs = labelled_logs()
        count = sum(len(log.labels) for log in logs)
        if count < LEAST_LABELS or len(logs) < LEAST_LOGS:
            raise CommandError(
                f"There are {count} answers and corrections in {len(logs)} logs; at least {LEAST_LABELS} in "
                f"{LEAST_LOGS} logs are needed. Answer some on the Review page first."
            )
        try:
            import sklearn  # noqa: F401
        except ImportError as missing:
            raise CommandError(_MISSING) from missing
        trial = train(logs, shipped_model(), sentence_encoder())
        self._report(trial.compared, trial.records, trial.kinds)
        if not trial.kinds:
            raise CommandError("Nothing is read better with it, so nothing was written. Answer more doubts first.")
        arrays = {f"classifier.{name}": getattr(trial.classifier, name) for name in trial.classifier.__slots__}
        halves = {name: array.astype("float16") for name, array in arrays.items()}
        path = learned.save(f"statements-{timezone.now():%Y%m%d-%H%M%S-%f}", {**halves, "base": weights_digest()})
        self.stdout.write(f"Written to {path}. It is not in use: `manage.py learn --switch` uses it.")

    def _report(self, compared: Sequence[Any], records: dict[str, tuple[int, int]], kinds: Sequence[str]) -> None:
        self.stdout.write("In logs that the model had not seen:")
        for kind in KINDS:
            own = [one for one in compared if one.label.kind == kind]
            before, after = records[kind]
            self.stdout.write(
                f"  {kind.replace('_', ' '):<11} {sum(one.before for one in own):>4} → "
                f"{sum(one.after for one in own):>4} of {len(own):>4} right; records read {before} → {after}"
                f"{'' if kind in kinds else '; the shipped weights stay'}"
            )
        for title, better in (("better", True), ("worse", False)):
            changed = [one for one in compared if one.before != one.after and one.after is better]
            self.stdout.write(f"{len(changed)} read {title}:")
            for one in changed[:_SHOWN]:
                line = one.log.log.text.split("\n")[one.label.line - 1].strip()[:90]
                no = "" if one.label.told else "no "
                self.stdout.write(f"  {no}{one.label.kind.replace('_', ' ')}: {one.log.path}:{one.label.line}: {line}")
