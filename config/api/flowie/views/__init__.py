"""The platform API's operations, a module for each part of Flowie's playbook."""
