"""Masking personal data that stories print: identity, tax, card and phone numbers, addresses."""

from crawler.redaction.redacting import redact, redact_article, redact_links

__all__ = ["redact", "redact_article", "redact_links"]
