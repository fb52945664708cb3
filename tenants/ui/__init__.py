"""What the pages of both sites are made of."""
