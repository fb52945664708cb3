"""What the OpenAPI document says: operations, parameters, refusals and examples."""
