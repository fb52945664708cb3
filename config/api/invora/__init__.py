"""Invora's Identity API: a person registers a business, chooses a plan and becomes a platform;
the platform creates, lists, suspends and removes the businesses under it."""
