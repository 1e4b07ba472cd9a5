"""The app's name for Django."""

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = "Petitionen und Eingaben"
    default_auto_field = "django.db.models.BigAutoField"
