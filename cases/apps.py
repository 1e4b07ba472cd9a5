"""The app's name for Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Vorgänge"
    default_auto_field = "django.db.models.BigAutoField"
