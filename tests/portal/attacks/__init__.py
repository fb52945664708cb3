"""Forty-one ways into another organization's rows, tried by a member who is signed in.

Each is tried on a row of one's own too: a door that is closed to everybody proves nothing.
"""
