"""Believable cases for the demo offices, walked to their state through the actions, day by day.

All persons are invented.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cases.actions.assign import accept, hand_to_unit
from cases.actions.close import answer_orally, close
from cases.actions.deadlines import pause
from cases.actions.letters import dispatch_letter, draft_letter, edit_letter, issue_letter
from cases.actions.notes import add_note, set_follow_up
from cases.actions.register import register
from cases.actions.triage import count_on_the_spot, hand_over, register_transfer
from cases.models import Case, Letter, Note, Topic
from cases.rules.kinds import Channel, Kind, Outcome, Settlement
from cases.rules.registration import ConcernData, PersonData, Registration
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason, may_be_tallied
from offices.calendars import Period, Unit, due, previous_working_day
from offices.models import Office, User
from offices.queries import Actor, actor_for, calendar_for


@dataclass(frozen=True)
class Story:
    """One reaction and how far it has come; `age` is in Arbeitstage before today."""

    age: int
    subject: str
    text: str
    topic: str
    state: str
    name: tuple[str, str, str] | None
    channel: Channel = Channel.LETTER
    kind: Kind = Kind.COMPLAINT
    unit: str = ""


STORIES = [
    Story(0, "Kein Durchkommen am Telefon", "Seit Montag versuche ich jeden Vormittag anzurufen. Nach zehn Minuten in "
          "der Warteschleife wird aufgelegt.", "Telefon", "new", ("ms", "Aylin", "Demirel"), Channel.EMAIL),
    Story(1, "Bescheid ist nicht zu verstehen", "Der Bescheid hat elf Seiten, und ich weiß trotzdem nicht, warum ich "
          "weniger bekomme als im Vormonat.", "Bescheide und Schreiben", "new", ("mr", "Henning", "Voß")),
    Story(2, "Unterlagen zum dritten Mal angefordert", "Meine Kontoauszüge habe ich zweimal abgegeben, einmal gegen "
          "Stempel. Jetzt sollen sie wieder fehlen.", "Unterlagen, Verlust", "accepted", ("ms", "Małgorzata", "Nowak"),
          Channel.LETTER, Kind.COMPLAINT, "721"),
    Story(3, "Lange Bearbeitung des Weiterbewilligungsantrags", "Den Antrag habe ich vor sechs Wochen gestellt. Die "
          "Miete ist zum Ersten fällig, und niemand kann mir etwas sagen.", "Bearbeitungsdauer", "with_unit",
          ("mr", "Thomas", "Grünwald"), Channel.LETTER, Kind.COMPLAINT, "711"),
    Story(4, "Termin trotz Absage", "Ich hatte den Termin wegen der Schule meines Sohnes abgesagt und trotzdem eine "
          "Anhörung bekommen.", "Termine", "acknowledged", ("ms", "Sabine", "Köhler"), Channel.ONLINE_FORM,
          Kind.COMPLAINT, "711"),
    Story(5, "Danke an das Team Vermittlung A", "Frau Adler hat sich sehr viel Zeit genommen. Ohne sie hätte ich die "
          "Umschulung nicht bekommen.", "Freundlichkeit", "closed_praise", ("mr", "Emre", "Şahin"), Channel.EMAIL,
          Kind.PRAISE, "711"),
    Story(6, "Nachzahlung lässt auf sich warten", "Im Widerspruch habe ich recht bekommen, aber das Geld ist nicht da.",
          "Auszahlung", "paused", ("ms", "Katrin", "Ebert"), Channel.LETTER, Kind.COMPLAINT, "721"),
    Story(8, "Rollstuhl und Eingangstür", "Die automatische Tür war wieder außer Betrieb, ich stand zwanzig Minuten "
          "davor.", "Räume und Barrierefreiheit", "letter_issued", ("ms", "Ruth", "Albers"), Channel.PHONE),
    Story(9, "Kosten der Unterkunft zu niedrig", "Die Nebenkostenabrechnung wurde nicht berücksichtigt.",
          "Kosten der Unterkunft", "with_unit", ("mr", "Jürgen", "Maßmann"), Channel.LETTER, Kind.COMPLAINT, "722"),
    Story(12, "Niemand ruft zurück", "Dreimal wurde mir ein Rückruf versprochen.", "Telefon", "answered",
          ("ms", "Olena", "Kovalenko"), Channel.EMAIL),
    Story(14, "Formulare nur auf Deutsch", "Meine Mutter versteht die Formulare nicht, und eine Übersetzung gibt es "
          "angeblich nicht.", "Bescheide und Schreiben", "with_unit", ("mr", "Đorđe", "Petrović"), Channel.IN_PERSON,
          Kind.COMPLAINT, "711"),
    Story(16, "Wartezeit am Empfang", "Bitte stellen Sie mehr Stühle auf und rufen Sie Nummern auf. Dann müsste "
          "niemand in der Schlange stehen.", "Abläufe", "closed_suggestion", None, Channel.OPINION_CARD,
          Kind.SUGGESTION),
    Story(19, "Ton im Gespräch", "In der Beratung am Schalter hieß es, ich solle mich nicht so anstellen.",
          "Freundlichkeit", "closed", ("ms", "Lena", "Hofmann"), Channel.LETTER, Kind.COMPLAINT, "712"),
    Story(22, "Maßnahme ohne Absprache", "Ich wurde für eine Maßnahme angemeldet, von der ich nichts wusste.",
          "Maßnahme", "closed", ("mr", "Karl-Heinz", "Brüggemann"), Channel.FAX, Kind.COMPLAINT, "711"),
    Story(25, "Aushang veraltet", "Die Öffnungszeiten an der Tür stimmen seit Wochen nicht.", "Abläufe",
          "closed_anonymous", None, Channel.ONLINE_FORM),
]  # fmt: skip

STREETS = ["Lindenstraße 7", "Am Anger 12", "Schulgasse 3a", "Bahnhofstraße 41", "Kiefernweg 9"]
FINDING = "Der Ablauf wurde mit dem Team besprochen; die Bearbeitung hätte schneller erfolgen müssen."


def populate(office: Office, today: date, progress: Callable[[], None]) -> None:
    """Register and walk the stories of one office; `progress` is called after each."""
    for number, story in enumerate(STORIES):
        _walk(office, story, number, today)
        progress()
    _fill_the_desk(office, today)


def _acting(office: Office, part: str, day: date) -> Actor:
    return actor_for(User.objects.get(username=f"{office.slug}.{part}"), day)


def _walk(office: Office, story: Story, number: int, today: date) -> None:
    days = _working_days_before(office, today, story.age)
    krm = _acting(office, "krm", days(story.age))
    case = register(by=krm, office=office, registration=_registration(office, story, number, krm.today))
    if story.state != "new":
        later = _acting(office, "krm", days(story.age - 1))
        accept(by=later, case=case)
        WALKS[story.state](office, case, story, days)


def _working_days_before(office: Office, today: date, age: int) -> Callable[[int], date]:
    """Age in Arbeitstage -> day; never after today."""
    calendar = calendar_for(office)
    steps = [today if calendar.is_working_day(today) else previous_working_day(calendar, today)]
    while len(steps) <= age:
        steps.append(previous_working_day(calendar, steps[-1]))
    return lambda n: steps[max(n, 0)]


def _registration(office: Office, story: Story, number: int, day: date) -> Registration:
    topic = Topic.objects.get(office=office, name=story.topic)
    unit = office.units.filter(number=story.unit).first()
    person = None
    if story.name:
        salutation, first_name, last_name = story.name
        person = PersonData(
            salutation=salutation,
            first_name=first_name,
            last_name=last_name,
            street=STREETS[number % len(STREETS)],
            postcode=office.postcode,
            city=office.city,
        )
    return Registration(
        subject=story.subject,
        text=story.text,
        received_on=day,
        reached_krm_on=day,
        kind=story.kind,
        channel=story.channel,
        is_anonymous=person is None,
        unit_id=unit.pk if unit else None,
        person=person,
        concerns=(ConcernData(nature=topic.nature, topic_id=topic.pk, unit_id=unit.pk if unit else None),),
    )


def _send(by: Actor, case: Case, kind: str) -> None:
    letter = _issue(by, case, kind)
    dispatch_letter(by=by, letter=letter, sent_on=by.today, way=Letter.Way.POST)


def _issue(by: Actor, case: Case, kind: str) -> Letter:
    letter = draft_letter(by=by, case=case, kind=kind)
    if kind == Letter.Kind.FINAL:
        body = (
            f"vielen Dank für Ihre Nachricht.\n\n{FINDING}\n\nFür die Unannehmlichkeiten bitten wir um Entschuldigung."
        )
        letter = edit_letter(by=by, letter=letter, expected_version=letter.version, body=body)
    return issue_letter(by=by, letter=letter, expected_version=letter.version, dated_on=by.today)


def _accepted(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    by = _acting(office, "krm", days(story.age - 1))
    calendar = calendar_for(office)
    follow_up_on = due(calendar, days(0), Period(2, Unit.WORKING_DAYS)).due_on
    set_follow_up(by=by, case=case, due_on=follow_up_on, task="Rückmeldung des Teams anfordern")


def _acknowledged(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    _send(_acting(office, "krm", days(story.age - 1)), case, Letter.Kind.ACKNOWLEDGEMENT)


def _with_unit(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    if story.channel != Channel.IN_PERSON:
        _acknowledged(office, case, story, days)
    unit = office.units.get(number=story.unit)
    by = _acting(office, "krm", days(story.age - 2))
    hand_to_unit(by=by, case=case, unit=unit, note="Bitte prüfen und eine Stellungnahme beifügen.")


def _paused(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    _acknowledged(office, case, story, days)
    by = _acting(office, "krm", days(story.age - 3))
    pause(
        by=by,
        case=case,
        category="awaiting_authority",
        reason="Die Widerspruchsstelle prüft die Auszahlung.",
        from_on=by.today,
    )


def _letter_issued(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    _issue(_acting(office, "krm", days(1)), case, Letter.Kind.FINAL)


def _answered(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    _acknowledged(office, case, story, days)
    by = _acting(office, "krm", days(story.age - 7))
    add_note(
        by=by, case=case, kind=Note.Kind.INTERNAL, text="Telefonanlage im November gestört, Technik ist informiert."
    )
    _send(by, case, Letter.Kind.FINAL)


def _closed(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    _acknowledged(office, case, story, days)
    _send(_acting(office, "krm", days(story.age - 7)), case, Letter.Kind.FINAL)
    _close(office, case, days(story.age - 8), Outcome.PARTLY_UPHELD, FINDING, Settlement.LETTER)


def _closed_praise(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    by = _acting(office, "krm", days(story.age - 2))
    answer_orally(
        by=by, case=case, on=by.today, note_text="Dank telefonisch übermittelt; Lob an die Teamleitung gegeben."
    )
    _close(office, case, by.today, "", "", Settlement.CONVERSATION)


def _closed_without_answer(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    outcome = "" if story.kind == Kind.SUGGESTION else Outcome.UPHELD
    _close(office, case, days(story.age - 2), outcome, "Der Hinweis trifft zu.", Settlement.NONE_NEEDED)


def _close(office: Office, case: Case, day: date, outcome: str, reason: str, settlement: str) -> None:
    close(
        by=_acting(office, "krm", day),
        case=case,
        outcome=outcome,
        outcome_reason=reason,
        settlement=settlement,
        concern_outcomes={},
    )


WALKS: dict[str, Callable[[Office, Case, Story, Callable[[int], date]], None]] = {
    "accepted": _accepted,
    "acknowledged": _acknowledged,
    "with_unit": _with_unit,
    "paused": _paused,
    "letter_issued": _letter_issued,
    "answered": _answered,
    "closed": _closed,
    "closed_praise": _closed_praise,
    "closed_suggestion": _closed_without_answer,
    "closed_anonymous": _closed_without_answer,
}


def _fill_the_desk(office: Office, today: date) -> None:
    """The Kein-KRM desk: a Widerspruch that waits, an inquiry handed over; and the tally."""
    days = _working_days_before(office, today, 12)
    krm = _acting(office, "krm", days(0))
    parameters = office.rule_sets.order_by("-version")[0].parameters
    person = PersonData(
        salutation="mr", first_name="Uwe", last_name="Sander", street="Feldweg 5", postcode=office.postcode,
        city=office.city,
    )  # fmt: skip
    register_transfer(
        by=krm,
        office=office,
        data=TransferData(
            reason=Reason.OBJECTION,
            subject="Gegen den Bescheid über die Erstattung",
            text="Gegen Ihren Bescheid lege ich Widerspruch ein, die Erstattung ist falsch berechnet.",
            received_on=days(1),
            decision_on=days(10),
            person=person,
        ),
    )
    asked = register_transfer(
        by=_acting(office, "krm", days(3)),
        office=office,
        data=TransferData(
            reason=Reason.NOT_OURS,
            subject="Antrag auf Wohngeld",
            text="Wo bleibt mein Wohngeld?",
            received_on=days(3),
            recipient="Wohngeldstelle der Stadt",
            person=person,
        ),
    )
    hand_over(by=_acting(office, "krm", days(3)), transfer=asked, way="Post")
    if may_be_tallied(Channel.IN_PERSON, parameters) is None:
        count_on_the_spot(
            by=_acting(office, "ma", days(0)),
            office=office,
            unit_id=None,
            channel=Channel.IN_PERSON,
            on=days(0),
            count=3,
        )
