"""What is answered, an `Answer` for each thing: it is described and sent in the same words."""
