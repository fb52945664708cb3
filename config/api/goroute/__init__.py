"""GoRoute's organizations API: so far, how its webhooks speak."""
