"""Makes the weights of `sessions/meaning` from labelled logs: see README.md. Nothing here is needed to run."""
