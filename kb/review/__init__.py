"""Asks where reading is in doubt, and keeps what is answered."""
