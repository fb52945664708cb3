"""The wire format of fiskaly's management API."""
