"""The platform API, wire-compatible with Flowie's playbook for platforms."""
