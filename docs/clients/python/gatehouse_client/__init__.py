"""Gatehouse for programs: `generated` is the API, made from an installation's own description."""
