"""Scores the parser on labelled logs: score.py LABELLED_FOLDER LOGS_FOLDER. Fails below the scores in `figures`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    labelled, logs = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    labels = sorted((labelled / "gold").glob("*.json"))
    paths = [json.loads(label.read_text(encoding="utf-8"))["path"] for label in labels]
    figures = (HERE / "figures").read_text(encoding="utf-8").split()
    with tempfile.NamedTemporaryFile("w+", suffix=".jsonl") as predictions:
        manage = [sys.executable, str(HERE.parent / "manage.py"), "parse", "--json", *paths]
        subprocess.run(manage, cwd=logs, stdout=predictions, check=True)
        score = [sys.executable, str(labelled / "score.py"), str(labelled / "gold"), predictions.name]
        return subprocess.run([*score, *[f"--min={figure}" for figure in figures]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
