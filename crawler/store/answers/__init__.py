"""What the store answers when people ask: why, how much, when, and in what words."""
