"""Every setting that differs from the default of Scrapy, each with its reason."""
