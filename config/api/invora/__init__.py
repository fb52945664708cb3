"""Invora's Identity API."""
