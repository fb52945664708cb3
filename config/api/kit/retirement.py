"""How a resource says that it will go: since when it is deprecated, and when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.http import http_date


@dataclass(frozen=True)
class Retirement:
    """The end of a resource, or of one of its methods, announced beforehand.

    Until `ends` it answers as ever; `link` is the page that says what to use instead.
    """

    since: datetime
    link: str
    ends: datetime | None = None

    def headers(self) -> Mapping[str, str]:
        """`Deprecation` (RFC 9745), `Sunset` (RFC 8594) and where to read about both."""
        shown = {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Link": f'<{self.link}>; rel="deprecation"; type="text/html"',
        }
        if self.ends is not None:
            shown["Sunset"] = http_date(self.ends.timestamp())
        return shown
