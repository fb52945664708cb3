"""Takes away one tenancy filter of ours after the other: does the database's wall hold alone?

The filters are found in the source, the calls in the routes of all APIs and the pages of the
portal, so that a new one of either is among them without being told. Every call is made in two
worlds that differ in nothing but a stranger's rows: what it is answered may not differ, and the
stranger's rows may not change, whichever filter is missing.
"""
