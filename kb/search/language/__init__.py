"""What people type into the search box: the query language, its completion, and pasted traces."""
