"""What a reaction must have when it is registered; the form shows what the action would refuse (B3-12, GERA-24)."""

from datetime import date

from cases.rules.kinds import Channel

EARLIEST = date(1991, 1, 1)


def date_problems(
    *, written_on: date | None, received_on: date | None, reached_krm_on: date | None, today: date
) -> dict[str, str]:
    """Field name -> German sentence for every date that cannot be; empty when all fit together."""
    problems = {}
    for name, day in (("written_on", written_on), ("received_on", received_on), ("reached_krm_on", reached_krm_on)):
        if day and day > today:
            problems[name] = "Das Datum liegt in der Zukunft."
        elif day and day < EARLIEST:
            problems[name] = f"Das Datum liegt vor dem {EARLIEST:%d.%m.%Y}."
    if received_on and written_on and written_on > received_on:
        problems.setdefault("written_on", "Das Schreiben trägt ein Datum nach dem Eingang im Haus.")
    if received_on and reached_krm_on and reached_krm_on < received_on:
        problems.setdefault("reached_krm_on", "Der Eingang beim KRM liegt vor dem Eingang im Haus.")
    return problems


def missing_text(channel: Channel) -> str:
    """The German sentence for a reaction without words; of a conversation a note is mandatory (GERA-24)."""
    if channel.is_oral:
        return "Bitte den Inhalt des Gesprächs festhalten; die Gesprächsnotiz ist Pflicht."
    return "Bitte den Wortlaut oder eine kurze Zusammenfassung eintragen."
