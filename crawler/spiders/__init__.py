"""Ways to start a crawl."""
