"""The platform playbook of Flowie: so far, how its webhooks speak."""
