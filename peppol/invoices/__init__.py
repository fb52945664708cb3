"""Invoices and credit notes: the JSON shape, its UBL, what a UBL says, and the official rules."""
