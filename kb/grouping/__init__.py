"""One engine for everything that is grouped across sessions: errors into issues, next steps into tracked steps."""
