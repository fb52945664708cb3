"""How many files a ZIP file says that it has, counted before its directory is read.

A directory of some megabytes keeps `zipfile` busy for seconds, and fills memory.
"""

_ENTRY = b"PK\x01\x02"
# What is packed may hold archives itself, whose entries are counted along.
_NESTED = 10


def holds_more(content: bytes, most: int) -> bool:
    """Whether there are far more entries than the `most` that anybody means to look at."""
    return content.count(_ENTRY) > _NESTED * most
