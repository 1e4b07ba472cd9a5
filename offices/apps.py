"""The app's name for Django."""

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "offices"
    verbose_name = "Dienststellen"
    default_auto_field = "django.db.models.BigAutoField"
