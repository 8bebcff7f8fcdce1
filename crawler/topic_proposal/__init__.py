"""Proposes a topic file from example stories, for a person to edit."""
