"""What the OpenAPI document says of the management API: its operations, with examples."""
