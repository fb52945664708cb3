"""e-invoice.be's APIs: here the Admin API for resellers, in `tenant` the one of a tenant itself."""
