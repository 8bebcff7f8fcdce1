"""The brief: one page on what is new in a topic, to be read in the morning."""
