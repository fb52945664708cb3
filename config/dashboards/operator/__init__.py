"""What the operator sees first: figures, incidents, the system's status."""
