"""What public registers say of companies and their numbers."""
