"""What is answered, an `Answer` for each thing."""
