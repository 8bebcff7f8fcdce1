"""What watches a crawl: live progress."""
