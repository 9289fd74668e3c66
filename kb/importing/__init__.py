"""Importing: source → redact → parse → store → link → index; previews, runs, and taking them back."""

from kb.importing.compose import Imported, Prepared, Refused, keep, prepare, read

__all__ = ["Imported", "Prepared", "Refused", "keep", "prepare", "read"]
