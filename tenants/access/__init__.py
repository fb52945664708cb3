"""Who may do what: roles and their areas, and whom a request acts for."""
