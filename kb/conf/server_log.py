"""What the server's log may hold."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/sign-in/)[\w:.~%-]+")


class CutTokens(logging.Filter):
    """Cuts sign-in tokens from addresses: whoever reads the log could use one that was refused by mistake."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_TOKEN.sub(r"\1…", arg) if isinstance(arg, str) else arg for arg in record.args)
        return True
