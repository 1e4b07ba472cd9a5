"""Who wrote: the person and, where appointed, the Bevollmächtigte to whom letters then go (§ 13 SGB X, B4-7)."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.transfer import Transfer


class Person(models.Model):
    class Capacity(models.TextChoices):
        COMPLAINANT = "complainant", "Kundin/Kunde"
        REPRESENTATIVE = "representative", "Bevollmächtigte/r"

    class Salutation(models.TextChoices):
        MS = "ms", "Frau"
        MR = "mr", "Herr"
        NEUTRAL = "", "ohne Anrede"

    class AccessibleForm(models.TextChoices):
        """Choice under BGG § 10 and the VBD; has to be kept and observed without being asked again (B6-4)."""

        NONE = "", "keine besondere Form"
        LARGE_PRINT = "large_print", "Großdruck"
        BRAILLE = "braille", "Brailleschrift"
        ELECTRONIC = "electronic", "elektronisch barrierefrei"
        AUDIO = "audio", "zum Hören"
        PLAIN = "plain", "Leichte Sprache"

    case = models.ForeignKey(
        Case, verbose_name="Vorgang", null=True, blank=True, on_delete=models.CASCADE, related_name="persons"
    )
    transfer = models.ForeignKey(
        Transfer, verbose_name="Abgabe", null=True, blank=True, on_delete=models.CASCADE, related_name="persons"
    )
    capacity = models.CharField("Eigenschaft", max_length=16, choices=Capacity, default=Capacity.COMPLAINANT)
    salutation = models.CharField("Anrede", max_length=4, choices=Salutation, blank=True)
    first_name = models.CharField("Vorname", max_length=80, blank=True)
    last_name = models.CharField("Nachname", max_length=80, blank=True)
    organisation = models.CharField("Organisation", max_length=120, blank=True)
    street = models.CharField("Straße und Hausnummer", max_length=120, blank=True)
    postcode = models.CharField("Postleitzahl", max_length=10, blank=True)
    city = models.CharField("Ort", max_length=80, blank=True)
    country = models.CharField("Land", max_length=60, blank=True)
    email = models.EmailField("E-Mail", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    customer_number = models.CharField("Kunden- oder BG-Nummer", max_length=40, blank=True)
    accessible_form = models.CharField("barrierefreie Form", max_length=16, choices=AccessibleForm, blank=True)
    language = models.CharField("Sprache", max_length=40, blank=True, help_text="falls Verständigung nicht auf Deutsch")
    search_name = models.CharField("Suchname", max_length=240, blank=True)

    class Meta:
        verbose_name = "Person zum Vorgang"
        verbose_name_plural = "Personen zum Vorgang"
        ordering = ["capacity", "pk"]
        indexes = [
            models.Index(fields=["search_name"], name="person_search_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["customer_number"], name="person_customer_number", condition=~Q(customer_number="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, transfer__isnull=True) | Q(case__isnull=True, transfer__isnull=False),
                name="person_of_case_or_transfer",
            ),
            models.UniqueConstraint(fields=["case", "capacity"], name="one_person_per_capacity_and_case"),
            models.UniqueConstraint(fields=["transfer", "capacity"], name="one_person_per_capacity_and_transfer"),
        ]

    class PersonalData:
        erase = (
            "salutation",
            "first_name",
            "last_name",
            "organisation",
            "street",
            "postcode",
            "city",
            "country",
            "email",
            "phone",
            "customer_number",
            "accessible_form",
            "language",
            "search_name",
        )
        keep = ("case", "transfer", "capacity")

    def __str__(self):
        return self.full_name or self.organisation

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_address(self) -> bool:
        return bool(self.street and self.postcode and self.city and (self.last_name or self.organisation))
