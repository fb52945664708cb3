"""Identifiers on the network: wanted, claimed, put up, kept up and taken down."""
