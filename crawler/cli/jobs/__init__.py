"""The commands of scheduled jobs."""
