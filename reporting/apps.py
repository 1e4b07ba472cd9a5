"""The app's name for Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Auswertung"
    default_auto_field = "django.db.models.BigAutoField"
