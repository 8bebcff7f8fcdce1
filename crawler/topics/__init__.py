"""Topic files, one TOML a topic."""
