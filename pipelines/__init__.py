"""What happens to an item on its way into the store: one step a file."""
