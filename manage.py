#!/usr/bin/env python
"""Gatehouse's command line: `quickstart`, `operate`, and everything Django brings."""

import os
import sys

import django
from django.core.management import execute_from_command_line

from config import quickstart_options

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["quickstart"]:
        quickstart_options.heed(sys.argv[2:])
    django.setup()
    from tenants.row_security import show_everything

    # Whoever may run commands is the operator. A server begins anew in each of its threads.
    show_everything()
    execute_from_command_line(sys.argv)
