"""What a person says of stored stories, and what it tells of the topic file."""
