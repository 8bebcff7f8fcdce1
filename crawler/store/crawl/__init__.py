"""What a crawl reads and writes: its frontier, what it has found, and the pages it brings."""
