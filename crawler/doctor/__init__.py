"""Looking over an installation: what a crawl stands on, a line each, and what to do about what is amiss."""
