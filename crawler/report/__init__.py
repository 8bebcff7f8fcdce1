"""The report: a topic in pictures and tables, as one HTML file that needs nothing else."""
