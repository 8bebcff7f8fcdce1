"""Stories, their links and revisions, as they are shown, exported and kept for citing."""
