"""Search over all records. One analyser feeds both databases, so that both find the same things."""
