"""Logs for the tests that need rows."""

from __future__ import annotations

FIXED = """# Session: Orders

**Date**: {day}
**Status**: complete

## Errors

### Issue 1: Missing total column
- **Error**: `psycopg2.errors.UndefinedColumn: column "total" of relation "orders" does not exist`
- **Root Cause**: migration did not run
- **Fix**: ran the migration by hand
- **Result**: ✅ Fixed

## Commands

```bash
python manage.py migrate orders --no-input
```

## Next Steps

- [ ] P0: Rotate the gateway certificate
- [ ] Write a test (P2)
"""
OPEN = FIXED.replace("ran the migration by hand", "restarted the worker").replace("✅ Fixed", "❌ still failing")

LEDGER = """# Session

**Date**: 2026-03-20

## Errors

- Export of the ledger writes every line twice in the night
"""

# Tells of a problem without a word for it, so that no rule finds one.
TOLD = """# Session: Invoices

**Date**: 2026-03-01

## What happened

- **Invoices went out twice**: every customer got two letters, because the queue delivers a job again when the worker is
  slow. Made the job idempotent, every letter goes out once now.
- Wrote the release notes.
"""


def log(day: str = "2026-03-01", text: str = FIXED) -> str:
    return text.format(day=day)
