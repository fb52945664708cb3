"""Views outside both sites: sign-in, invitations, logos, uploads."""
