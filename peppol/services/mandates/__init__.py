"""Mandates: drawn up, signed, read by the gate, ended."""
