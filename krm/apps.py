"""The app that only wires: it brings the commands for running the whole, and hands petitions into the seams."""

from importlib import import_module

from django.apps import AppConfig


class KrmConfig(AppConfig):
    name = "krm"
    verbose_name = "KRM"

    def ready(self) -> None:
        import_module("krm.seams").connect()  # not before the tables are known
