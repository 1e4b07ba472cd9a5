"""The form of a Widerspruch: by letter, electronically as § 36a SGB I has it, or taken down (§ 84 Abs. 1 SGG).

Which form was kept follows from the way it came; whether it is enough, the Widerspruchsstelle decides (B3-13a).
"""

import re
from datetime import date
from enum import StrEnum

from offices.rules.vocabulary import Channel


class ObjectionForm(StrEnum):
    """Whether what came can be a Widerspruch as it is."""

    KEPT = "kept"
    TO_TAKE_DOWN = "to_take_down"
    TO_PRINT = "to_print"
    NOT_KEPT = "not_kept"


FORM_OF = {
    Channel.LETTER: ObjectionForm.KEPT,
    Channel.FAX: ObjectionForm.KEPT,
    Channel.OPINION_CARD: ObjectionForm.KEPT,
    Channel.IN_PERSON: ObjectionForm.TO_TAKE_DOWN,
    Channel.EMAIL: ObjectionForm.TO_PRINT,
    Channel.ONLINE_FORM: ObjectionForm.NOT_KEPT,
    Channel.PHONE: ObjectionForm.NOT_KEPT,
    Channel.SERVICE_CENTER: ObjectionForm.NOT_KEPT,
}
_NOUN = {
    Channel.EMAIL: "Eine E-Mail",
    Channel.ONLINE_FORM: "Ein Onlineformular",
    Channel.PHONE: "Ein Anruf",
    Channel.SERVICE_CENTER: "Ein Anruf",
}
IN_TIME = "bis zum Ende der Widerspruchsfrist"
_AGAIN = "{until} schriftlich, zur Niederschrift oder elektronisch nach § 36a SGB I nachzuholen"


def form_of(channel: Channel) -> ObjectionForm:
    return FORM_OF[channel]


def form_words(channel: Channel, until_on: date | None = None) -> str:
    """What is to be done so that the form is kept; `until_on` is the last day of the period, where it is known."""
    again = _AGAIN.format(until=f"bis {until_on:%d.%m.%Y}" if until_on else IN_TIME)
    match form_of(channel):
        case ObjectionForm.KEPT:
            return "Der Eingang bei jeder deutschen Behörde wahrt die Frist (§ 84 Abs. 2 SGG)."
        case ObjectionForm.TO_TAKE_DOWN:
            return (
                "Mündlich ist die Form nicht gewahrt (§ 84 Abs. 1 SGG): gleich zur Niederschrift aufnehmen, oder der "
                f"Widerspruch ist {again}."
            )
        case ObjectionForm.TO_PRINT:
            return (
                f"{_NOUN[channel]} allein wahrt die Form nicht (§ 84 Abs. 1 SGG, § 36a SGB I). Hängt ein "
                "unterschriebenes Schreiben als Scan an: sofort ausdrucken und die Uhrzeit vermerken. Sonst ist der "
                f"Widerspruch {again}."
            )
        case _:
            return f"{_NOUN[channel]} wahrt die Form nicht (§ 84 Abs. 1 SGG, § 36a SGB I); der Widerspruch ist {again}."


def asks_for_form(channel: Channel, until_on: date | None = None) -> str:
    """What the person is told in the letter; empty where the form is kept."""
    if form_of(channel) == ObjectionForm.KEPT:
        return ""
    until = f"bis zum {until_on:%d.%m.%Y}" if until_on else "innerhalb der Frist, die am Ende des Bescheids steht"
    how = {
        ObjectionForm.TO_TAKE_DOWN: "Ein Gespräch",
        ObjectionForm.TO_PRINT: "Eine E-Mail ohne unterschriebenes Schreiben",
        ObjectionForm.NOT_KEPT: _NOUN.get(channel, ""),
    }[form_of(channel)]
    return (
        f"Bitte beachten Sie: {how} reicht für einen Widerspruch nicht aus. Reichen Sie ihn {until} mit Ihrer "
        "Unterschrift per Brief oder Fax nach, lassen Sie ihn bei uns aufschreiben (zur Niederschrift), oder senden "
        "Sie ihn auf einem elektronischen Weg, den das Gesetz dafür vorsieht (§ 36a SGB I)."
    )


MONTHS = ("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
          "dezember")  # fmt: skip
_DECISION = re.compile(
    r"bescheid\w*\b[^.!?\n]{0,60}?\b(?:vom|v\.|von|datum(?: vom)?)\s+(?:dem\s+)?"
    rf"(?P<day>\d{{1,2}})\.\s*(?:(?P<month>\d{{1,2}})\.|(?P<name>{'|'.join(MONTHS)}|maerz))\s*(?P<year>\d{{4}}|\d{{2}})?",
    re.IGNORECASE,
)


def decision_day(text: str, received_on: date) -> date | None:
    """The day of the Bescheid as the text names it, the latest of several; a proposal that somebody looks at.

    Days after the Eingang are none. Without a year it is the last such day before the Eingang.
    """
    days = [_day(match, received_on) for match in _DECISION.finditer(text)]
    return max((day for day in days if day and day <= received_on), default=None)


def _day(match: re.Match[str], received_on: date) -> date | None:
    name = (match["name"] or "").lower().replace("maerz", "märz")
    month = MONTHS.index(name) + 1 if name else int(match["month"])
    try:
        if match["year"]:
            return date(int(match["year"]) + (2000 if len(match["year"]) == 2 else 0), month, int(match["day"]))
        this_year = date(received_on.year, month, int(match["day"]))
        return this_year if this_year <= received_on else this_year.replace(year=received_on.year - 1)
    except ValueError:
        return None
