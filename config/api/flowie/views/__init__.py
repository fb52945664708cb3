"""The platform API's operations, one module for each part of Flowie's playbook."""
