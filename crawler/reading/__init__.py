"""Reading a page: from HTML to a story, with no crawl and no store."""
