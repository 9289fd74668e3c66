"""What this base's people said about its logs, as labels, and a statement model that learns from them."""
