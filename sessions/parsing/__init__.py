"""Reads session logs. Pure Python: no Django, no files, no database. Start at `pipeline.read_log`."""
