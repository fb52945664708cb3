"""PostgreSQL as an engine of Django's that keeps to the second wall."""
