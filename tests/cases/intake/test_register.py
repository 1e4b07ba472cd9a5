"""Registering: what becomes of a reaction, and what the action refuses."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import OperationalError
from django.http import Http404

from cases import documents
from cases.intake.actions.register import AlreadyRegistered, register
from cases.lookup import earlier_cases, own_registration
from cases.models import Case, Document, Event, RegistrationDraft, Topic
from cases.rules.kinds import Channel, Kind
from cases.rules.registration import ConcernData, EmployeeData, PersonData, UploadedFile, search_name
from offices.errors import NotAllowed
from offices.models import Office, Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


def refused(by, office=None, **changes):
    office = office or Office.objects.get(slug="pankow")
    with pytest.raises(NotAllowed) as refusal:
        register(by=by, office=office, registration=make.registration(office, **changes))
    assert Case.objects.count() == 0
    return refusal.value.reason


def test_a_letter_becomes_a_case_with_number_rules_and_turn_of_the_krm():
    case = make.case(actor("pankow.krm"), received_on=date(2026, 11, 20), written_on=date(2026, 11, 18))
    assert (case.reference, case.rule_set.preset, case.status) == ("PAN-2026-00001", "pankow", "new")
    assert (case.written_on, case.received_on, case.reached_krm_on, case.turn_since) == (
        date(2026, 11, 18),
        date(2026, 11, 20),
        date(2026, 11, 20),
        TODAY,
    )
    assert [(d.kind, d.due_on) for d in case.deadlines.all()] == [
        ("acknowledgement", date(2026, 11, 25)),
        ("interim", date(2026, 12, 4)),
        ("closure", date(2026, 12, 4)),
    ]
    assert case.next_due_on == date(2026, 11, 25)


def test_numbers_run_on_within_office_and_year():
    references = [make.case(actor(who)).reference for who in ("pankow.krm", "pankow.ma", "gera.krm")]
    assert references == ["PAN-2026-00001", "PAN-2026-00002", "GERA-2026-00001"]


def test_what_is_refused_costs_no_number():
    office = Office.objects.get(slug="pankow")
    with pytest.raises(NotAllowed):
        register(by=actor("pankow.krm"), office=office, registration=make.registration(office, subject=" "))
    assert make.case(actor("pankow.krm")).reference == "PAN-2026-00001"


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_is_taken(channel):
    case = make.case(actor("pankow.ma"), channel=channel)
    assert Case.objects.get(pk=case.pk).channel == channel


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_taken_where_the_rules_register_it(kind):
    assert make.case(actor("gera.krm"), kind=kind).kind == kind


def test_the_rule_set_in_force_at_eingang_applies():
    office = Office.objects.get(slug="rd-bb")
    by = actor("rd-bb.krm")
    case = register(
        by=by,
        office=office,
        registration=make.registration(office, received_on=date(2019, 12, 31), reached_krm_on=date(2019, 12, 31)),
    )
    assert case.rule_set.preset == "hega-2015"
    with pytest.raises(NotAllowed) as refusal:
        register(by=by, office=office, registration=make.registration(office))
    assert refusal.value.reason == (
        "Für „Regionaldirektion Berlin-Brandenburg“ ist am 23.11.2026 kein Regelwerk in Kraft."
        " Das letzte galt bis 31.12.2019; erfasst wird erst wieder mit einer neuen Fassung."
    )


def test_person_and_representative_stand_beside_each_other():
    lawyer = PersonData(last_name="Rechtmann", organisation="Kanzlei Rechtmann")
    case = make.case(actor("pankow.krm"), representative=lawyer)
    assert [(p.capacity, p.last_name, p.search_name) for p in case.persons.all()] == [
        ("complainant", "Öztürk-Groß", "öztürk-gross erika"),
        ("representative", "Rechtmann", "rechtmann"),
    ]


def test_somebody_anonymous_leaves_no_person():
    case = make.case(actor("pankow.krm"), is_anonymous=True, representative=make.PERSON)
    assert list(case.persons.all()) == []
    assert [d.kind for d in case.deadlines.all()] == ["closure"]


def test_an_opinion_card_needs_no_person_and_gets_no_deadline():
    case = make.case(actor("pankow.krm"), channel=Channel.OPINION_CARD, person=None)
    assert (list(case.persons.all()), list(case.deadlines.all()), case.next_due_on) == ([], [], None)


def test_concerns_keep_their_order_nature_and_unit():
    office = Office.objects.get(slug="pankow")
    topics = {t.name: t for t in Topic.objects.filter(office=office)}
    unit = Unit.objects.get(office=office, number="721")
    concerns = (
        ConcernData("matter", topics["Auszahlung"].pk, unit.pk, "November fehlt"),
        ConcernData("conduct", topics["Freundlichkeit"].pk),
    )
    case = make.case(actor("pankow.krm"), concerns=concerns)
    assert [(c.position, c.nature, c.topic.name, c.unit, c.summary) for c in case.concerns.all()] == [
        (1, "matter", "Auszahlung", unit, "November fehlt"),
        (2, "conduct", "Freundlichkeit", None, ""),
    ]


def test_files_are_kept_with_type_and_checksum(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = UploadedFile("brief.txt", "text/plain", b"Guten Tag", "0" * 64)
    case = make.case(actor("pankow.krm"), files=(file,))
    document = Document.objects.get(case=case)
    assert (document.name, document.size, document.sha256, document.category) == ("brief.txt", 9, "0" * 64, "incoming")
    with document.file.open() as kept:
        assert kept.read() == b"Guten Tag"


def test_the_log_tells_it_without_names():
    case = make.case(actor("pankow.krm"))
    events = Event.objects.filter(case=case).order_by("seq")
    assert [e.code for e in events] == ["case.registered", "deadline.set", "deadline.set", "deadline.set"]
    assert events[0].data == {"received_on": "2026-11-23"}
    assert (events[0].by.username, events[0].for_user) == ("pankow.krm", None)


def test_a_deputy_registers_in_place_of_the_officer():
    absent, deputy = User.objects.get(username="pankow.krm"), User.objects.get(username="pankow.dsb")
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
    case = make.case(actor("pankow.dsb"))
    event = Event.objects.get(case=case, code="case.registered")
    assert (event.by, event.for_user) == (deputy, absent)


@pytest.mark.parametrize(
    "username", ["pankow.revision", "pankow.admin", "pankow.controlling", "pankow.dsb", "gera.krm"]
)
def test_who_does_not_register_here_is_told_so(username):
    assert refused(actor(username)) == "Ihre Rolle umfasst in dieser Dienststelle nicht: Kundenreaktionen erfassen."


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subject": "  "}, "Bitte einen Betreff angeben."),
        ({"text": "\n"}, "Bitte den Wortlaut oder eine kurze Zusammenfassung eintragen."),
        (
            {"text": "", "channel": Channel.PHONE},
            "Bitte den Inhalt des Gesprächs festhalten; die Gesprächsnotiz ist Pflicht.",
        ),
        ({"received_on": date(2026, 11, 24)}, "Das Datum liegt in der Zukunft."),
        ({"reached_krm_on": date(2026, 11, 20)}, "Der Eingang beim KRM liegt vor dem Eingang im Haus."),
        ({"concerns": ()}, "Bitte mindestens ein Anliegen mit Thema angeben."),
        ({"person": None}, "Bitte die Person angeben oder „anonym“ wählen."),
    ],
)
def test_what_is_missing_or_impossible_is_refused(changes, reason):
    assert refused(actor("pankow.krm"), **changes) == reason


def test_the_rule_set_says_how_many_concerns_a_case_may_have():
    topic = Topic.objects.filter(office__slug="pankow")[0]
    concern = ConcernData("matter", topic.pk)
    assert make.case(actor("pankow.krm"), concerns=(concern,) * 3).concerns.count() == 3
    office = Office.objects.get(slug="pankow")
    four = make.registration(office, concerns=(concern,) * 4)
    with pytest.raises(NotAllowed) as refusal:
        register(by=actor("pankow.krm"), office=office, registration=four)
    assert refusal.value.reason == "Das Regelwerk lässt höchstens 3 Anliegen je Vorgang zu."


def test_topics_units_and_people_of_another_office_are_refused():
    by = actor("pankow.krm")
    foreign = Topic.objects.filter(office__slug="gera")[0]
    retired = Topic.objects.filter(office__slug="pankow")[0]
    retired.is_active = False
    retired.save()
    offered = Topic.objects.filter(office__slug="pankow", is_active=True)[0]
    unit = Unit.objects.filter(office__slug="gera")[0]
    person = User.objects.get(username="gera.ma")
    concern = ConcernData("matter", offered.pk)
    outside = "Ein Thema gehört nicht zum Katalog der Dienststelle."
    assert refused(by, concerns=(ConcernData("matter", foreign.pk),)) == outside
    assert refused(by, concerns=(ConcernData("matter", retired.pk),)) == outside
    assert refused(by, concerns=(concern,), unit_id=unit.pk) == "Eine Einheit gehört nicht zur Dienststelle."
    assert refused(by, concerns=(replace(concern, unit_id=unit.pk),)) == "Eine Einheit gehört nicht zur Dienststelle."
    assert refused(by, concerns=(concern,), employees=(EmployeeData(person.pk),)) == (
        "Eine betroffene Person gehört nicht zur Dienststelle."
    )


def test_germersheim_keeps_conduct_complaints_out_of_the_krm():
    office = Office.objects.get(slug="germersheim")
    assert refused(actor("germersheim.krm"), office, kind=Kind.CONDUCT_COMPLAINT) == (
        "Dienstaufsichtsbeschwerden werden hier nicht als Vorgang geführt (K7); bitte als Kein KRM abgeben an: "
        "Geschäftsführung."
    )


def test_an_office_may_refuse_anonymous_reactions():
    office = Office.objects.get(slug="pankow")
    rule_set = office.rule_sets.get()
    rule_set.document["anonymous"]["registered"] = False
    rule_set.save()
    assert refused(actor("pankow.krm"), is_anonymous=True) == (
        "Das Regelwerk sieht keine anonymen Kundenreaktionen vor (K13)."
    )


def test_the_person_complained_about_never_sees_the_case():
    about = User.objects.get(username="pankow.tl")
    case = make.case(actor("pankow.krm"), employees=(EmployeeData(about.pk), EmployeeData(name="Frau Meier")))
    assert [str(e) for e in case.complained_about.all()] == [str(about), "Frau Meier"]
    readers = [who for who in ("pankow.tl", "pankow.tl2") if Case.objects.visible_to(actor(who)).exists()]
    assert readers == ["pankow.tl2"]


def readers_of(case):
    names = ("pankow.krm", "pankow.krm2", "pankow.gf", "pankow.tl", "pankow.ma", "gera.krm")
    return [who for who in names if Case.objects.visible_to(actor(who)).filter(pk=case.pk).exists()]


def test_a_sealed_case_is_seen_by_the_officer_who_registers_it():
    assert readers_of(make.case(actor("pankow.krm"), is_sealed=True)) == ["pankow.krm"]


def test_a_sealed_case_of_somebody_else_is_seen_by_the_officers_of_the_krm():
    assert readers_of(make.case(actor("pankow.ma"), is_sealed=True)) == ["pankow.krm", "pankow.krm2"]


@pytest.mark.parametrize(
    ("about", "readers"),
    [
        (("krm",), ["pankow.krm2"]),
        (("krm2",), ["pankow.krm"]),
        (("krm", "krm2"), ["pankow.gf"]),
    ],
)
def test_a_sealed_case_is_never_opened_only_to_those_it_is_about(about, readers):
    case = make.case(actor("pankow.krm"), is_sealed=True, employees=concerned(*about))

    assert readers_of(case) == readers
    assert Case.objects.visible_to(actor(readers[0])).filter(pk=case.pk).exists()


def test_a_sealed_case_that_nobody_could_open_is_refused():
    assert refused(actor("pankow.krm"), is_sealed=True, employees=concerned("krm", "krm2", "gf")) == (
        "Einen geschützten Vorgang, der KRM und Geschäftsführung betrifft, könnte niemand öffnen."
    )


def test_what_is_refused_leaves_no_file_on_the_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    about = concerned("krm", "krm2", "gf")
    file = UploadedFile("Brief.txt", "text/plain", b"Sehr geehrte", "0" * 64)

    assert refused(actor("pankow.krm"), is_sealed=True, employees=about, files=(file,)).startswith("Einen geschützten")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_whose_row_cannot_be_written_is_taken_back(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    file = UploadedFile("Brief.txt", "text/plain", b"Sehr geehrte", "0" * 64)

    def fails(*args, **kwargs):
        raise OperationalError("deadlock detected")

    case = make.case(actor("pankow.krm"))
    monkeypatch.setattr(documents, "record", fails)
    with pytest.raises(OperationalError):
        documents.add_document(by=actor("pankow.krm"), case=case, file=file)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def concerned(*people):
    return tuple(EmployeeData(user_id=User.objects.get(username=f"pankow.{who}").pk) for who in people)


def test_the_same_entry_is_registered_once():
    first = make.case(actor("pankow.krm"), import_key="liste:1")
    with pytest.raises(AlreadyRegistered) as refusal:
        make.case(actor("pankow.krm"), import_key="liste:1")
    assert (refusal.value.case, refusal.value.reason) == (
        first,
        "Diese Kundenreaktion ist schon erfasst: PAN-2026-00001.",
    )
    assert make.case(actor("gera.krm"), import_key="liste:1").reference == "GERA-2026-00001"
    assert make.case(actor("pankow.krm")).reference == "PAN-2026-00002"


def test_registering_leaves_the_half_filled_form_of_the_person_alone():
    by = actor("pankow.krm")
    RegistrationDraft.objects.create(user=by.user, data={"subject": ["x"]}, saved_at="2026-11-23T08:00:00Z")
    make.case(by, import_key="liste:1")
    assert RegistrationDraft.objects.count() == 1


def earlier(by="pankow.krm", last="Öztürk-Groß", first="Erika", number="", **kwargs):
    return [c.reference for c in earlier_cases(actor(by), search_name(last, first), number, **kwargs)]


def test_earlier_cases_are_found_by_name_however_it_is_written():
    case = make.case(actor("pankow.krm"))
    assert earlier() == earlier(last=" ÖZTÜRK-GROSS ", first="erika") == earlier(first="") == [case.reference]
    assert earlier(first="Emil") == earlier(last="Öztürk", first="") == earlier(last="", first="") == []


def test_earlier_cases_are_found_by_customer_number():
    case = make.case(actor("pankow.krm"), person=replace(make.PERSON, customer_number="955D123456"))
    assert earlier(last="", first="", number=" 955D123456 ") == [case.reference]
    assert earlier(last="Anders", first="", number="955D123456") == [case.reference]
    assert earlier(last="", first="", number="955D") == []


def test_earlier_cases_are_those_one_may_see_without_the_one_at_hand():
    case = make.case(actor("pankow.krm"))
    assert earlier(by="gera.krm") == earlier(by="pankow.ma") == []
    assert earlier(exclude=case) == []


def test_a_representative_has_no_earlier_cases():
    lawyer = PersonData(last_name="Rechtmann", first_name="Ruth")
    make.case(actor("pankow.krm"), representative=lawyer)
    assert earlier(last="Rechtmann", first="Ruth") == []


def test_the_newest_five_earlier_cases_come_in_one_query(django_assert_num_queries):
    days = [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9)]
    for received_on in days:
        make.case(actor("pankow.krm"), received_on=received_on)
    by = actor("pankow.krm")
    with django_assert_num_queries(1):
        found = earlier_cases(by, "öztürk-gross erika")
    assert [c.received_on for c in found] == days[:0:-1]


def test_whoever_registers_learns_the_number_and_nobody_else():
    case = make.case(actor("pankow.ma"))
    assert own_registration(actor("pankow.ma"), case.reference) == case
    for who in ("pankow.ma2", "pankow.krm"):
        with pytest.raises(Http404):
            own_registration(actor(who), case.reference)
