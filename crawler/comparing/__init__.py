"""Telling texts apart: copies, near-copies, and what changed between two versions."""
