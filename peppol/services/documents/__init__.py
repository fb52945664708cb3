"""Documents on their way out and in, and what is counted of them."""
