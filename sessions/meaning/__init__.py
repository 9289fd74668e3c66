"""Reads by meaning what no rule foresaw. Pure Python and numpy: no Django, no files but its own weights."""
