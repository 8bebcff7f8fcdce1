"""Baca Juga: follow a story through Indonesian news the way its editors link it."""

__version__ = "0.1.0"
