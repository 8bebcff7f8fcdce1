"""Grouping a topic's stories into incidents, and counting them by day: pure, whatever the store."""
