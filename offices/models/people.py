"""People, the seats they hold from-until, and who stands in for them."""

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from offices.models.days import ENDS_BEFORE_START
from offices.models.units import Office, Unit
from offices.roles import Role

FOR_THEMSELVES = "Niemand kann sich selbst vertreten."
NAME_TAKEN = "Diesen Anmeldenamen gibt es schon."


class UserManager(DjangoUserManager["User"]):
    """Finds who signs in by the login name, however it is written: „Pankow.KRM“ is „pankow.krm“."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.alias(lowered=Lower("username")).get(lowered=self.model.normalize_username(username or ""))


class User(AbstractUser):
    """Somebody of the house; name, telephone and room appear on letters as contact (GER-17).

    Login names are kept in small letters; two that differ in nothing else would be one.
    """

    phone = models.CharField("Telefon", max_length=40, blank=True)
    room = models.CharField("Zimmer", max_length=20, blank=True)
    function = models.CharField("Funktion auf Schreiben", max_length=80, blank=True)

    objects = UserManager()

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        ordering = ["last_name", "first_name"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="login_name_once_whatever_case",
                violation_error_message=NAME_TAKEN,
            )
        ]

    class PersonalData:
        erase = ()
        keep = ("__all__",)  # staff accounts are ended, not erased: they sign files that are kept for ten years

    def __str__(self):
        return self.get_full_name() or self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return super().normalize_username(username).lower()


class Membership(models.Model):
    """A seat: one role of one person in an office or unit, both days included; no unit means the whole office."""

    user = models.ForeignKey(User, verbose_name="Person", on_delete=models.PROTECT, related_name="memberships")
    office = models.ForeignKey(
        Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="memberships"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="Einheit", null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField("Rolle", max_length=16, choices=[(r.value, r.label) for r in Role])
    from_on = models.DateField("von")
    until_on = models.DateField("bis", null=True, blank=True)

    class Meta:
        verbose_name = "Rolle einer Person"
        verbose_name_plural = "Rollen der Personen"
        ordering = ["user__last_name", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="membership_ends_after_start",
                violation_error_message=ENDS_BEFORE_START,
            ),
        ]

    def __str__(self):
        return f"{self.user}: {Role(self.role).label}"


class Substitution(models.Model):
    """`deputy` acts for `absent` from-until, both days included; shown as „i. V.“ wherever the deputy acts.

    `followed_on` is the last day on which who acts now was told of what the absent person has in hand: once after the
    beginning, once after the end. `by_leaders`: entered by somebody near the Geschäftsführung, or from such a seat; it
    has no effect on what is against the Geschäftsführung (PAN-7).
    """

    absent = models.ForeignKey(User, verbose_name="abwesend", on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(User, verbose_name="Vertretung", on_delete=models.PROTECT, related_name="deputising")
    from_on = models.DateField("von")
    until_on = models.DateField("bis")
    by_leaders = models.BooleanField("von der Leitung des Hauses eingetragen", default=False, editable=False)
    followed_on = models.DateField("zuletzt berücksichtigt am", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "Vertretung"
        verbose_name_plural = "Vertretungen"
        ordering = ["-from_on"]
        indexes = [models.Index(fields=["until_on"], name="substitution_last_day")]  # of all years few are not over
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="substitution_ends_after_start",
                violation_error_message=ENDS_BEFORE_START,
            ),
            models.CheckConstraint(
                condition=~Q(absent=F("deputy")),
                name="nobody_deputises_for_themselves",
                violation_error_message=FOR_THEMSELVES,
            ),
        ]

    def __str__(self):
        return f"{self.deputy} i. V. für {self.absent}"
