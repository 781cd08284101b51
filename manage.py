#!/usr/bin/env python
"""Runs a management command; `make manage ARGS="…"` calls this with the database of `make run`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seb_survey.settings")
    execute_from_command_line(sys.argv)
