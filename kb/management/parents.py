"""Commands that `./run` starts in the background, and that end with the process that started them."""

from __future__ import annotations

import os
from argparse import ArgumentParser


def add_parent_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--while-child-of",
        type=int,
        metavar="PID",
        help="stop when this process, which must have started the command, has ended",
    )


def is_child_of(parent: int | None) -> bool:
    """Whether a process is still our parent, also if it ended before we started. None stands for any."""
    return parent is None or os.getppid() == parent
