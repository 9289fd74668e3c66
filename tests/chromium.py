"""Finds the Chromium that the browser tests drive."""

from __future__ import annotations

import os
import shutil

# As root, Chromium starts only without its sandbox; on a closed network it must not call home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Returns the path of a Chromium: CHROMIUM if set, or else the first on the PATH."""
    given = os.environ.get("CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return given or next((path for name in names if (path := shutil.which(name))), None)
