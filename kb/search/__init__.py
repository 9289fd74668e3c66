"""Search over all records: one index of roaring bitmaps in ordinary tables, the same on both databases."""
