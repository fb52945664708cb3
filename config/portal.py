"""The portal's pages that know of all surfaces; Django finds them by the name of this module."""

from config.dashboards.reseller import developers, rehearsal

__all__ = ["developers", "rehearsal"]
