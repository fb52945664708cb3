"""What the two sites show around and before their pages: names, counts, the first page."""
