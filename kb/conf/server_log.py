"""What must not get into the server's log."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/sign-in/)[\w:.~%-]+")


class CutTokens(logging.Filter):
    """Cuts sign-in tokens from addresses: a reader of the log could use one that was never used up."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_TOKEN.sub(r"\1…", arg) if isinstance(arg, str) else arg for arg in record.args)
        return True
