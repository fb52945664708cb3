"""Clients that generators make of the five OpenAPI documents, and the one we offer."""
