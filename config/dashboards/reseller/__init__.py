"""What a reseller sees first: figures, what needs attention, the way to go live."""
