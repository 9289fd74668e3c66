"""Scores reading on labelled logs: score.py LABELLED_FOLDER LOGS_FOLDER. Fails below the scores in `figures`.

The scores are cross-validated: each log is read by a model that has seen no log of its repository.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    labelled, logs = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    figures = (HERE / "figures").read_text(encoding="utf-8").split()
    with tempfile.NamedTemporaryFile("w+", suffix=".jsonl") as predictions:
        read = [sys.executable, str(HERE.parent / "training" / "cross_validate.py"), str(labelled), str(logs)]
        subprocess.run(read, stdout=predictions, check=True)
        score = [sys.executable, str(labelled / "score.py"), str(labelled / "gold"), predictions.name]
        return subprocess.run([*score, *[f"--min={figure}" for figure in figures]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
