"""Flowie's platform API: a platform onboards companies, gives them keys and webhooks, sends in
their name and counts what they exchange."""
