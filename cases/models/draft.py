"""Half-filled registration forms, so that a reload or a closed browser loses nothing."""

from django.conf import settings
from django.db import models


class RegistrationDraft(models.Model):
    """The last unsaved registration of one person; gone when the case is registered."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="Person", on_delete=models.CASCADE, related_name="registration_draft"
    )
    data = models.JSONField("Eingaben")
    saved_at = models.DateTimeField("gespeichert am")

    class Meta:
        verbose_name = "angefangene Erfassung"
        verbose_name_plural = "angefangene Erfassungen"

    class PersonalData:
        erase = ("data",)
        keep = ("user", "saved_at")

    def __str__(self):
        return f"{self.user_id} {self.saved_at}"
