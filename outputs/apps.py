"""Registers the package that tells: releases, their pages and their files."""

from django.apps import AppConfig


class OutputsConfig(AppConfig):
    name = "outputs"
    verbose_name = "Results"
    default_auto_field = "django.db.models.BigAutoField"
