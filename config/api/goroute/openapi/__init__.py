"""What the OpenAPI document says of GoRoute's API, beside the fields themselves."""
