"""What a document says, for a person to read: as parts, as a page, on paper."""
