"""Searching the stored stories: the query that a person writes, whatever the database."""
