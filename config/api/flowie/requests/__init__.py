"""What callers send, field by field, and what it is in our words."""
