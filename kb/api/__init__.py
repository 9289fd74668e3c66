"""What the API tells machines, as JSON: hits of a search, and what is known about issues and their fixes."""
