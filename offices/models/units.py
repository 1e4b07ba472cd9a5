"""Offices of the types the BA's instructions address, and their tree of units."""

from django.db import models

from offices.calendars import STATES


class OfficeType(models.TextChoices):
    """Addressee types of HEGA 09/15-14, chapter 3 (H-14), and the Jobcenter of a zugelassener kommunaler Träger."""

    REGIONAL_DIRECTORATE = "rd", "Regionaldirektion"
    EMPLOYMENT_AGENCY = "aa", "Agentur für Arbeit"
    OPERATIVE_SERVICE = "os", "Operativer Service"
    JOBCENTER = "ge", "Jobcenter (gemeinsame Einrichtung)"
    MUNICIPAL_JOBCENTER = "zkt", "Jobcenter (zugelassener kommunaler Träger)"
    PLACEMENT_OFFICE_ABROAD = "zav", "Zentrale Auslands- und Fachvermittlung"
    FAMILY_BENEFITS_DIRECTORATE = "dfk", "Direktion Familienkasse"
    FAMILY_BENEFITS_OFFICE = "fk", "Familienkasse"
    SERVICE_HOUSE = "bash", "BA-Service-Haus"
    SERVICE_CENTER = "sc", "Service Center"


class Employer(models.TextChoices):
    """Dienstherr of the Geschäftsführung: complaints about it go there (§ 44d Abs. 3 SGB II, PAN-7)."""

    FEDERAL_AGENCY = "ba", "Bundesagentur für Arbeit"
    MUNICIPALITY = "kommune", "Kommune"


class Office(models.Model):
    code = models.CharField("Kürzel", max_length=8, unique=True, help_text="steht am Anfang jeder Vorgangsnummer")
    slug = models.SlugField("Kurzname", unique=True)
    name = models.CharField("Name", max_length=120)
    type = models.CharField("Art", max_length=8, choices=OfficeType)
    parent = models.ForeignKey(
        "self", verbose_name="übergeordnet", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    state = models.CharField("Bundesland", max_length=2, choices=[(s, s) for s in STATES])
    management_employer = models.CharField(
        "Dienstherr der Geschäftsführung", max_length=8, choices=Employer, default=Employer.FEDERAL_AGENCY
    )
    street = models.CharField("Straße", max_length=120)
    postcode = models.CharField("Postleitzahl", max_length=5)
    city = models.CharField("Ort", max_length=80)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    fax = models.CharField("Telefax", max_length=40, blank=True)
    email = models.EmailField("E-Mail", blank=True)
    opening_hours = models.TextField("Öffnungszeiten", blank=True, help_text="eine Zeile je Angabe")

    class Meta:
        verbose_name = "Dienststelle"
        verbose_name_plural = "Dienststellen"
        ordering = ["name"]

    def __str__(self):
        return self.name


class UnitKind(models.TextChoices):
    DIVISION = "division", "Bereich"
    TEAM = "team", "Team"


class Unit(models.Model):
    """A Bereich or Team; numbers such as 71, 791 or 610.L are names, not figures."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", verbose_name="gehört zu", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    number = models.CharField("Nummer", max_length=16)
    name = models.CharField("Name", max_length=120)
    kind = models.CharField("Art", max_length=8, choices=UnitKind, default=UnitKind.TEAM)
    is_active = models.BooleanField("besteht", default=True)

    class Meta:
        verbose_name = "Einheit"
        verbose_name_plural = "Einheiten"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"],
                name="unit_number_once_per_office",
                violation_error_message="Diese Nummer gibt es in der Dienststelle schon.",
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="unit_is_not_its_own_parent",
                violation_error_message="Eine Einheit kann nicht zu sich selbst gehören.",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"
