"""For how long documents are kept (FLO-51).

Ten years where nothing else is known: no country of the Union asks for more of an invoice.
"""

from datetime import date

DEFAULT_YEARS = 10
YEARS = {"FR": 6, "IT": 10, "BE": 10, "DE": 8, "NL": 7, "LU": 10, "AT": 7}


def until(country: str, created_on: date) -> date:
    """The last day on which a document of a company of `country` (alpha-2) must be kept.

    The time begins at the end of the year, as it does in most of these laws.
    """
    return date(created_on.year + YEARS.get(country, DEFAULT_YEARS), 12, 31)
