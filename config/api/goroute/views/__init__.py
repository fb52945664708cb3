"""The resources of GoRoute's API, one module each."""
