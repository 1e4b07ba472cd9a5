"""What a reaction must have when it is registered; the form shows what the action would refuse (B3-12, GERA-24)."""

from collections.abc import Collection
from datetime import date

from cases.rules.kinds import Channel, Kind
from offices.roles import Role
from offices.rules.parameters import Parameters

IN_THE_FUTURE = "Das Datum liegt in der Zukunft."
WRITTEN_AFTER_EINGANG = "Das Schreiben trägt ein Datum nach dem Eingang im Haus."
BEFORE_THE_HOUSE = "Der Eingang beim KRM liegt vor dem Eingang im Haus."
DAY_TO_COME = "Der Tag liegt in der Zukunft."
EARLIEST = date(1991, 1, 1)


def date_problems(
    *, written_on: date | None, received_on: date | None, reached_krm_on: date | None, today: date
) -> dict[str, str]:
    """Field name -> German sentence for every date that cannot be; empty when all fit together."""
    problems = {}
    for name, day in (("written_on", written_on), ("received_on", received_on), ("reached_krm_on", reached_krm_on)):
        if day and day > today:
            problems[name] = IN_THE_FUTURE
        elif day and day < EARLIEST:
            problems[name] = f"Das Datum liegt vor dem {EARLIEST:%d.%m.%Y}."
    if received_on and written_on and written_on > received_on:
        problems.setdefault("written_on", WRITTEN_AFTER_EINGANG)
    if received_on and reached_krm_on and reached_krm_on < received_on:
        problems.setdefault("reached_krm_on", BEFORE_THE_HOUSE)
    return problems


def day_problem(on: date, *, received_on: date, today: date) -> str | None:
    """Why something cannot have been done with a reaction on this day; None where it can."""
    if on > today:
        return DAY_TO_COME
    return "Der Tag liegt vor dem Eingang." if on < received_on else None


def is_front_office(roles: Collection[Role], parameters: Parameters) -> bool:
    """Whether whoever registers from these seats does so as the Vorzimmer of an office with a rule for it (PAN-35)."""
    return parameters.oral_registration.front_office_same_day and set(roles) == {Role.FRONT_OFFICE}


def front_office_problem(
    kind: Kind, channel: Channel, received_on: date, unit_dealt_on: date | None, parameters: Parameters
) -> str | None:
    """Why the Vorzimmer does not take this; None where it does (PAN-35).

    Only what is brought forward there by word of mouth: a letter is taken in wherever it arrives (PAN-2, PAN-4).
    """
    is_negative = kind in (Kind.COMPLAINT, Kind.CONDUCT_COMPLAINT)
    if not is_negative or not channel.is_oral or unit_dealt_on == received_on:
        return None
    return (
        "Das Vorzimmer nimmt negative Kundenreaktionen nur auf, wenn der Fachbereich noch am selben Tag damit befasst "
        f"war (K5, {parameters.provenance['oral_registration'].source}). Bitte zuerst den Fachbereich einschalten."
    )


def missing_text(channel: Channel) -> str:
    """The German sentence for a reaction without words; of a conversation a note is mandatory (GERA-24)."""
    if channel.is_oral:
        return "Bitte den Inhalt des Gesprächs festhalten; die Gesprächsnotiz ist Pflicht."
    return "Bitte den Wortlaut oder eine kurze Zusammenfassung eintragen."
