"""Importing: source → redact → parse → store → link → index, one transaction a log; previews and runs."""

from kb.importing.compose import (
    Imported,
    Prepared,
    Refused,
    import_log,
    import_names,
    import_source,
    prepare,
    take,
)

__all__ = [
    "Imported",
    "Prepared",
    "Refused",
    "import_log",
    "import_names",
    "import_source",
    "prepare",
    "take",
]
