"""What the Identity API's OpenAPI document says: its operations, each with examples."""
