"""The tenant API of e-invoice.be, which a tenant's own key opens (EIN-40).

A second surface of the same vendor, with the same modules inside. Statuses, envelope and dialect
are those of the Admin API, one package above.
"""
