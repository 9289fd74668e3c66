"""Corrections: what people decided about records and lines, found again in a log and applied to what was read of it."""
