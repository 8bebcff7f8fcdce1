"""Articles and links as files."""
