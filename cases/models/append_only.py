"""Tables whose rows are written once: neither changed nor deleted."""

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class AppendOnlyError(TypeError):
    """A bug: somebody tried to change or delete what stays."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    def update(self, **kwargs):
        raise AppendOnlyError(f"{self.model._meta.verbose_name_plural} werden nicht geändert.")

    def delete(self):
        raise AppendOnlyError(f"{self.model._meta.verbose_name_plural} werden nicht gelöscht.")


class AppendOnly(models.Model):
    """Give the table a manager from an AppendOnlyQuerySet, and protect the rows its keys point to."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise AppendOnlyError(f"{self._meta.verbose_name_plural} werden nicht geändert.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{self._meta.verbose_name_plural} werden nicht gelöscht.")
