"""Who companies are: what is asked of them, what they hand in, and what it opens."""
