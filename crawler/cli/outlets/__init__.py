"""The commands of outlets."""
