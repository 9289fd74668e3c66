"""Finds and masks credentials in a log's raw text, before anything is parsed or stored."""

from sessions.redaction.mask import Finding, Redaction, redact

__all__ = ["Finding", "Redaction", "redact"]
