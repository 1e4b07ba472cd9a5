"""Believable cases for the demo offices, walked to their state through the actions, day by day.

All persons are invented.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cases.asking import tick
from cases.closing.actions import answer_orally, close
from cases.deadlines.actions.moving import pause
from cases.directives.actions.drafting import draft_directive, issue_directive, present_directive
from cases.directives.reading.directive import issuer_of
from cases.handling.actions.assign import accept
from cases.handling.actions.notes import add_note, set_follow_up
from cases.handling.actions.praise import pass_on_praise
from cases.intake.actions.register import register
from cases.letters.actions.writing import dispatch_letter, draft_letter, edit_letter
from cases.models import Case, Letter, Note, Topic
from cases.rules.kinds import Channel, Kind, Outcome, Settlement
from cases.rules.registration import ConcernData, PersonData, Registration
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason, may_be_tallied
from cases.signing.reading.sign_desk import choices
from cases.statements.actions.way import edit_statement, hand_on
from cases.transfers.actions.triage import count_on_the_spot, hand_over, register_transfer
from cases.workplace.actions import edit_case
from krm.demo.letters import directed, seen_first, signed, submitted
from offices.calendars import Period, Unit, due, previous_working_day
from offices.models import Office, User
from offices.queries import Actor, actor_for, calendar_for
from offices.roles import Role


@dataclass(frozen=True)
class Story:
    """One reaction and how far it has come; `age` is in Arbeitstage before today, `misheard` what was noted first."""

    age: int
    subject: str
    text: str
    topic: str
    state: str
    name: tuple[str, str, str] | None
    channel: Channel = Channel.LETTER
    kind: Kind = Kind.COMPLAINT
    unit: str = ""
    misheard: str = ""


STORIES = [
    Story(0, "Kein Durchkommen am Telefon", "Seit Montag versuche ich jeden Vormittag anzurufen. Nach zehn Minuten in "
          "der Warteschleife wird aufgelegt.", "Telefon", "new", ("ms", "Aylin", "Demirel"), Channel.EMAIL),
    Story(1, "Bescheid ist nicht zu verstehen", "Der Bescheid hat elf Seiten, und ich weiß trotzdem nicht, warum ich "
          "weniger bekomme als im Vormonat.", "Bescheide und Schreiben", "new", ("mr", "Henning", "Voß")),
    Story(1, "Falsche Auskunft am Empfang", "Am Empfang hieß es, ich brauche keinen Termin. Oben wurde ich dann "
          "weggeschickt.", "persönlich", "presented", ("mr", "Paul", "Niemeyer"), Channel.LETTER, Kind.COMPLAINT,
          "711"),
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
    Story(7, "Antrag lag wochenlang in der Mappe", "Auf meinen Antrag vom Oktober kam keine Antwort. Am Telefon hieß "
          "es, er sei nicht zu finden.", "Bearbeitungsdauer", "stated", ("ms", "Irina", "Weber"), Channel.LETTER,
          Kind.COMPLAINT, "711"),
    Story(7, "Zweimal dieselbe Maßnahme", "Diesen Kurs habe ich im Frühjahr schon besucht, und jetzt soll ich noch "
          "einmal hin.", "Maßnahme", "in_signature", ("mr", "Mehmet", "Aksoy"), Channel.EMAIL, Kind.COMPLAINT, "712"),
    Story(8, "Rollstuhl und Eingangstür", "Die automatische Tür war wieder außer Betrieb, ich stand zwanzig Minuten "
          "davor.", "Räume und Barrierefreiheit", "letter_issued", ("ms", "Ruth", "Albers"), Channel.PHONE,
          misheard="Die automatische Tür war wieder außer Betrieb, ich stand zwei Minuten davor."),
    Story(9, "Kosten der Unterkunft zu niedrig", "Die Nebenkostenabrechnung wurde nicht berücksichtigt.",
          "Kosten der Unterkunft", "with_unit", ("mr", "Jürgen", "Maßmann"), Channel.LETTER, Kind.COMPLAINT, "712"),
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

STATED = (
    "Der Antrag lag drei Wochen in der Eingangsmappe, weil die Vertretung nicht geregelt war. Er ist inzwischen "
    "bewilligt; die Nachzahlung ist angewiesen. Das Team hat die Vertretung neu geregelt."
)
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
        seen_first(case, krm.today)
        later = _acting(office, "krm", days(story.age - 1))
        accept(by=later, case=case)
        if story.misheard:
            _correct(later, case, story)
        WALKS[story.state](office, case, story, days)


def _correct(by: Actor, case: Case, story: Story) -> None:
    case.refresh_from_db()
    reason = "Am Telefon verhört; mit der Kundin geklärt."
    changes = {"text": story.text}
    edit_case(by=by, case=case, expected_version=case.version, changes=changes, correction_reason=reason)


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
        text=story.misheard or story.text,
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
    if kind != Letter.Kind.FINAL:
        return signed(by, draft_letter(by=by, case=case, kind=kind))
    letter = _answer_draft(by, case)
    if case.rule_set.parameters.signature.final_by_directive:
        directed(by, case)
    return signed(by, letter)


def _answer_draft(by: Actor, case: Case) -> Letter:
    letter = draft_letter(by=by, case=case, kind=Letter.Kind.FINAL)
    body = f"vielen Dank für Ihre Nachricht.\n\n{FINDING}\n\nFür die Unannehmlichkeiten bitten wir um Entschuldigung."
    return edit_letter(by=by, letter=letter, expected_version=letter.version, body=body, consulted=True)


def _accepted(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    by = _acting(office, "krm", days(story.age - 1))
    calendar = calendar_for(office)
    follow_up_on = due(calendar, days(0), Period(2, Unit.WORKING_DAYS)).due_on
    set_follow_up(by=by, case=case, due_on=follow_up_on, task="Rückmeldung des Teams anfordern")


def _acknowledged(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    _send(_acting(office, "krm", days(story.age - 1)), case, Letter.Kind.ACKNOWLEDGEMENT)


def _with_unit(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    """The Verfügung as the rules propose it, issued by whom they name: the unit is asked for a statement."""
    if story.channel != Channel.IN_PERSON:
        _acknowledged(office, case, story, days)
    case.refresh_from_db()
    by = _acting(office, "krm", days(story.age - 2))
    directive = draft_directive(by=by, case=case)
    if issuer_of(directive, by.today) == Role.MANAGEMENT:
        directive = present_directive(by=by, directive=directive, expected_version=directive.version)
        by = _acting(office, "gf", by.today)
    issue_directive(by=by, directive=directive, expected_version=directive.version)


def _stated(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    """The Teamleitung has written; the statement waits for its approval."""
    _with_unit(office, case, story, days)
    statement = case.statements.get()
    station = statement.stations.get(position=1)
    by = actor_for(station.user, days(story.age - 4))
    statement = edit_statement(by=by, statement=statement, expected_version=statement.version, text=STATED)
    hand_on(by=by, statement=statement, expected_version=statement.version)


def _presented(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    """The Verfügung lies with the Geschäftsführung, or is still a draft where the KRM issues it itself."""
    by = _acting(office, "krm", days(story.age - 1))
    directive = draft_directive(by=by, case=case)
    if issuer_of(directive, by.today) == Role.MANAGEMENT:
        present_directive(by=by, directive=directive, expected_version=directive.version)


def _in_signature(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    """The answer waits for the signature of the Geschäftsführung, where the office lets it sign."""
    _acknowledged(office, case, story, days)
    case.refresh_from_db()
    by = _acting(office, "krm", days(story.age - 3))
    if case.rule_set.parameters.signature.final_by_directive:
        directed(by, case)
    letter = _answer_draft(by, case)
    if not choices(by, letter).may_issue:
        submitted(by, letter)


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
    by, settlement = _acting(office, "krm", days(story.age - 7)), Settlement.LETTER
    if case.rule_set.parameters.practice.talk_first:
        answer_orally(by=by, case=case, on=by.today, note_text=f"Persönlich besprochen. {FINDING}", consulted=True)
        settlement = Settlement.CONVERSATION
    else:
        _send(by, case, Letter.Kind.FINAL)
    _close(office, case, days(story.age - 8), Outcome.PARTLY_UPHELD, FINDING, settlement)


def _closed_praise(office: Office, case: Case, story: Story, days: Callable[[int], date]) -> None:
    by = _acting(office, "krm", days(story.age - 2))
    thanked = "Dank telefonisch übermittelt; Lob an die Teamleitung gegeben."
    answer_orally(by=by, case=case, on=by.today, note_text=thanked, consulted=True)
    _pass_on(case, by)
    _close(office, case, by.today, "", "", Settlement.CONVERSATION)


def _pass_on(case: Case, by: Actor) -> None:
    """The Lob reaches the Führungskraft, through whom the office's rules name (K14)."""
    asked = pass_on_praise(by=by, case=case, unit=case.unit)
    while asked:
        tick(by=actor_for(asked.user, by.today), assignment=asked)
        asked = case.assignments.open().first()


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
        verbis=case.rule_set.parameters.documentation.verbis_tick,
        concern_outcomes={},
    )


WALKS: dict[str, Callable[[Office, Case, Story, Callable[[int], date]], None]] = {
    "accepted": _accepted,
    "acknowledged": _acknowledged,
    "with_unit": _with_unit,
    "stated": _stated,
    "presented": _presented,
    "in_signature": _in_signature,
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
