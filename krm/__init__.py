"""The wiring of KRM: settings, URLs, processes; no rules and no models live here."""

from krm.celery import app as celery_app

__all__ = ["celery_app"]
