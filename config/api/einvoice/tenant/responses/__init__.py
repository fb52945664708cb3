"""What the tenant API answers."""
