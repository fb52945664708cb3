"""The access point (AP): how documents are handed over, and how the rest of the house asks."""
