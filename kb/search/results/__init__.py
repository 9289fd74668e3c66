"""What a search returns: hits in order, exact counts and facets, and help when little matches."""
