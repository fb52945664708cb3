"""The Admin API for resellers, wire-compatible with e-invoice.be."""
