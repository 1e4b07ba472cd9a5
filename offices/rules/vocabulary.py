"""The closed lists of words the parameters K1-K24 are written in, each with its German label."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A code with the German words people read; compares and stores as the code."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:  # `Channel("letter")` names a member by its code alone
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


class Channel(Labelled):
    LETTER = "letter", "Brief"
    FAX = "fax", "Fax"
    EMAIL = "email", "E-Mail"
    ONLINE_FORM = "online_form", "Onlineformular"
    PHONE = "phone", "Telefon"
    IN_PERSON = "in_person", "persönlich"
    OPINION_CARD = "opinion_card", "Meinungskarte"
    SERVICE_CENTER = "service_center", "Ticket des Service-Centers"

    @property
    def is_written(self) -> bool:
        """Written includes electronic; an opinion card asks for no answer and is not counted in."""
        return self in (Channel.LETTER, Channel.FAX, Channel.EMAIL, Channel.ONLINE_FORM)

    @property
    def is_oral(self) -> bool:
        return self in (Channel.PHONE, Channel.IN_PERSON, Channel.SERVICE_CENTER)


class Form(Labelled):
    """Which reactions a rule is about."""

    WRITTEN = "written", "schriftliche Kundenreaktionen (einschließlich E-Mail)"
    ORAL = "oral", "persönlich oder telefonisch vorgetragene Kundenreaktionen"
    ALL = "all", "alle Kundenreaktionen"

    def includes(self, channel: Channel) -> bool:
        return self == Form.ALL or (channel.is_written if self == Form.WRITTEN else channel.is_oral)


class Duty(Labelled):
    """How strictly an acknowledgement is owed (K1)."""

    ALWAYS = "always", "immer"
    USUALLY = "usually", "in der Regel"
    ON_WISH = "on_wish", "auf Wunsch"
    DISCRETION = "discretion", "nach Entscheidung des KRM"


class Route(Labelled):
    CASE = "case", "wird als KRM-Vorgang bearbeitet"
    TRANSFER = "transfer", "ist kein KRM und wird abgegeben"


class OralRule(Labelled):
    """When an oral reaction becomes a case (K5)."""

    ALWAYS = "always", "werden immer erfasst"
    NOT_IF_SETTLED_AT_ONCE = (
        "not_if_settled_at_once",
        "werden erfasst, wenn ihnen nicht sofort abgeholfen wird",
    )
    NOT_IF_SETTLED_SAME_DAY = (
        "not_if_settled_same_day",
        "werden erfasst, wenn ihnen nicht taggleich abgeholfen wird",
    )


class Rhythm(Labelled):
    QUARTERLY = "quarterly", "vierteljährlich"
    HALF_YEARLY = "half_yearly", "halbjährlich"
    YEARLY = "yearly", "jährlich"
    REGULARLY = "regularly", "regelmäßig"
    ON_DEMAND = "on_demand", "bei Bedarf"


class DeputyScope(Labelled):
    ALL = "all", "in allem"
    DECISIONS = "decisions", "für Entscheidungen"
    ADMINISTRATION = "administration", "für die Verwaltung"


class Moment(Labelled):
    """When somebody is reminded, seen from the day something is due."""

    BEFORE = "before", "vorher"
    ON_THE_DAY = "on_the_day", "am Tag"
    AFTER = "after", "danach"


class Recipient(Labelled):
    """Whom a reminder tells: who has it in hand, the levels above them in the line, or a role of the line by name."""

    RESPONSIBLE = "responsible", "zuständige Person"
    ONE_ABOVE = "one_above", "eine Ebene höher"
    TWO_ABOVE = "two_above", "zwei Ebenen höher"
    THREE_ABOVE = "three_above", "drei Ebenen höher"
    KRM_OFFICER = "krm_officer", "KRM"
    TEAM_LEAD = "team_lead", "Teamleitung"
    DIVISION_LEAD = "division_lead", "Bereichsleitung"
    MANAGEMENT = "management", "Geschäftsführung"


class LegalArea(Labelled):
    SGB2 = "sgb2", "SGB II"
    SGB3 = "sgb3", "SGB III"


class Binding(Labelled):
    BINDING = "binding", "verbindlich"
    RECOMMENDED = "recommended", "empfohlen"
