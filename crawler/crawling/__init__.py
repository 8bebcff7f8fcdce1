"""Running a crawl: what Scrapy's parts share, and the calls that start one."""
