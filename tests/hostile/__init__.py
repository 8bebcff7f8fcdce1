"""Attacks by pages and servers, each a case with a name, and what becomes of it."""
