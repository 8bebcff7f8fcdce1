"""Telling copies from stories, when a story is stored and again when the measure changes."""
