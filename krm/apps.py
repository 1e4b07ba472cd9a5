"""The app that only wires: it brings the commands for running the whole."""

from django.apps import AppConfig


class KrmConfig(AppConfig):
    name = "krm"
    verbose_name = "KRM"
