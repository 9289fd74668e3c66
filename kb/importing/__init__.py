"""Importing: source → redact → parse → store → link → index; previews, background runs, and undoing them."""

from kb.importing.keeping import Imported, Refused, keep
from kb.importing.prepared import Prepared, prepare
from kb.importing.reading import Read, read

__all__ = ["Imported", "Prepared", "Read", "Refused", "keep", "prepare", "read"]
