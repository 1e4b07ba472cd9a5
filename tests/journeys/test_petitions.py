"""Petitions by the hands of every station, down from who requested and up again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.rules.kinds import Kind
from offices.models import Membership, Office, User
from offices.roles import Role
from petitions.actions.routes import name_representatives
from petitions.rules.vocabulary import Competence, LegalArea, Requester, Topic
from tests.cast import actor
from tests.journeys.chain import Chain, begun, opens
from tests.journeys.desk import ERIKA, Desk, Reaction
from tests.journeys.test_accessibility import flaws
from tests.petitions import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEAM = "711 Team Vermittlung A"
IN_THE_HOUSE = (
    ("pankow.krm", "KRM: erfasst"),
    ("pankow.gf", "Geschäftsführung: verfügt"),
    ("pankow.bl", "Bereichsleitung: leitet weiter"),
)


def passes(chain: Chain, *steps: tuple[str, str]) -> None:
    for username, to_do in steps:
        chain.does(username, to_do)


def has_no_flaws(who: Desk, *paths: str) -> None:
    found = {}
    for path in paths:
        who.open(path)
        found[path] = flaws(who.page)
    assert {path: flaw for path, flaw in found.items() if flaw} == {}


def test_a_matter_of_the_bundesagentur_is_agreed_with_agency_and_regional_directorate_before_three_originals_go_out(
    as_,
):
    """Pankow, PAN-28 to PAN-30: returned once by the Regionaldirektion."""
    krm, today = as_("pankow.krm"), timezone.localdate()
    wrote = Reaction(
        text="Seit drei Monaten keine Antwort.", received_on=today, sender=ERIKA, subject="Ohne Antwort", unit=TEAM,
        topic="Bearbeitungsdauer",
    )  # fmt: skip
    krm.open("/erfassen/")
    krm.page.get_by_label("Art", exact=True).select_option(label="Petition")
    krm.fill_in(wrote)
    krm.press("Speichern")
    reference = krm.reference()
    krm.accept()
    petition = opens(krm, reference, originals=3, due_on=today + timedelta(days=90))
    chain = Chain(as_, petition.requests.get())
    krm.press("Berichtsweg beginnen")
    krm.is_told("Der Berichtsweg hat begonnen")
    has_no_flaws(krm, petition.get_absolute_url(), chain.request.get_absolute_url(), "/petitionen/")

    passes(chain, *IN_THE_HOUSE)
    writing = [
        ("pankow.tl", "Teamleitung: entwirft die Stellungnahme"),
        ("pankow.krm", "KRM: prüft Form und Inhalt"),
        ("berlin-nord.krm", "AA Berlin Nord: stimmt zu"),
    ]
    passes(chain, *writing)
    reason = "Wann waren die Unterlagen vollständig?"
    chain.gives_back("rd-bb.krm", "RD BB: stimmt zu", "Teamleitung: entwirft die Stellungnahme", reason)
    tl = chain.desk("pankow.tl")
    tl.take_up("Teamleitung: entwirft die Stellungnahme", reference)
    expect(tl.page.get_by_text(reason)).to_be_visible()
    passes(chain, *writing)
    chain.does("rd-bb.krm", "RD BB: stimmt zu", "Zustimmen und weitergeben")
    chain.does("pankow.gf", "Geschäftsführung: zeichnet schluss", "Zeichnen und weitergeben")
    chain.does("pankow.krm", "KRM: versendet")
    passes(chain, ("rd-bb.krm", "RD BB: leitet weiter"), ("rd-bb.krm", "BMAS: leitet weiter"))
    chain.does("rd-bb.krm", "Petitionsausschuss des Deutschen Bundestages: erhält die Stellungnahme")

    chain.is_answered()
    sent = chain.request.dispatches.get()
    assert (sent.copies, sent.documents.count()) == (3, 1)
    krm.open(chain.request.get_absolute_url())
    expect(krm.page.get_by_text("2. Durchgang,")).to_be_visible()
    as_("rd-bb.gf").finds_nothing(petition.get_absolute_url(), petition.case.get_absolute_url())


def test_two_traeger_authorise_in_germersheim_and_one_of_them_returns_it(as_, house):
    """GER-28, GER-29: two persons of two Träger, fourteen days before the committee's date."""
    office = Office.objects.get(slug="germersheim")
    for body, name in (("agency_chair", "agentur"), ("district", "landrat")):
        user = User.objects.create(username=f"germersheim.{name}", first_name=name.title(), last_name="Träger",
                                   email=f"{name}@traeger.example")  # fmt: skip
        Membership.objects.create(user=user, office=office, role=Role.OWNER_REP, from_on=timezone.localdate())
        krm = actor("germersheim.krm", timezone.localdate())
        name_representatives(by=krm, office=office, body=body, users=[user])
    chain = begun(as_, "germersheim", competence=Competence.OWNERS_ASSEMBLY, topic=Topic.ORGANISATION)
    passes(
        chain,
        ("germersheim.krm", "KRM: erfasst"),
        ("germersheim.gf", "Geschäftsführung: nimmt zur Kenntnis"),
        ("germersheim.tl", "Teamleitung: entwirft die Stellungnahme"),
        ("germersheim.krm", "KRM: schreibt die Stellungnahme in der vorgeschriebenen Form"),
    )
    one = "Vorsitz der Geschäftsführung der AA Landau: autorisiert für den Träger"
    other = "Landrat des Landkreises Germersheim: autorisiert für den Träger"
    chain.does("germersheim.agentur", one, "Autorisieren und weitergeben")
    chain.gives_back(
        "germersheim.landrat", other, "KRM: schreibt die Stellungnahme in der vorgeschriebenen Form", "Zahlen fehlen."
    )
    chain.does("germersheim.krm", "KRM: schreibt die Stellungnahme in der vorgeschriebenen Form")
    passes(chain, ("germersheim.agentur", one), ("germersheim.landrat", other))
    chain.does("germersheim.gf", "Geschäftsführung: versendet")
    for body in ("BMAS", "Petitionsausschuss des Deutschen Bundestages"):
        chain.enters("germersheim.krm", body)
    chain.is_answered()


@pytest.mark.long
def test_an_eingabe_is_signed_by_the_geschaeftsfuehrung_in_gera(as_):
    """GERA-26."""
    chain = begun(
        as_, "gera", kind=Kind.SUBMISSION, requester=Requester.OMBUDSPERSON, competence=Competence.MUNICIPAL, number=""
    )
    passes(
        chain,
        ("gera.gf", "Geschäftsführung: nimmt zur Kenntnis"),
        ("gera.krm", "KRM: erfasst"),
        ("gera.tl", "Teamleitung: entwirft die Stellungnahme"),
        ("gera.krm", "KRM: schreibt die Stellungnahme in der vorgeschriebenen Form"),
    )
    chain.does("gera.gf", "Geschäftsführung: zeichnet schluss", "Zeichnen und weitergeben")
    chain.does("gera.krm", "KRM: versendet")
    walks_home(chain, "gera.krm")


def walks_home(chain: Chain, keeper: str) -> None:
    """What bodies without KRM do on the way up, entered by the house; a person where one is asked for."""
    while open_ := walk.open_stations(chain.request):
        chain.enters(keeper, open_[0].body_name)
    chain.is_answered()


def test_after_the_answer_a_supplementary_request_and_a_decision_with_a_report_back(as_):
    """The second deadline is its own; the case closes when the report was given and the petitioner was told."""
    request = walk.finished(walk.started(competence=Competence.MUNICIPAL))
    petition, today = request.petition, timezone.localdate()
    krm = as_("pankow.krm")
    krm.open(petition.get_absolute_url())
    krm.follow("Weitere Anforderung")
    krm.choose("Art", "ergänzende Anforderung")
    krm.choose("Form der Antwort", "kurze Stellungnahme")
    krm.enter_day("Schreiben vom", today)
    krm.enter_day("Frist der anfordernden Stelle", today + timedelta(days=60))
    krm.press("Eintragen")
    krm.is_told("ergänzende Anforderung ist eingetragen.")
    krm.press("Berichtsweg beginnen")
    krm.is_told("Der Berichtsweg hat begonnen")
    supplementary = petition.requests.get(kind="supplementary")
    assert walk.finished(supplementary, today=today).answered_on

    krm.open(petition.get_absolute_url())
    krm.follow("Entscheidung eintragen")
    krm.choose("Entscheidung", "Berücksichtigung")
    krm.enter_day("Entschieden am", today)
    krm.write("Was daraus folgt", "Der Ablauf ist zu prüfen.")
    krm.enter_day("Bericht verlangt bis", today + timedelta(days=42))
    krm.press("Eintragen")
    krm.is_told("Die Entscheidung ist eingetragen.")
    krm.open(f"{petition.case.get_absolute_url()}abschliessen/")
    expect(krm.page.get_by_text("Der Bericht bis")).to_be_visible()
    krm.open(petition.get_absolute_url())
    krm.follow("Bericht eintragen")
    krm.write("Was berichtet wurde", "Die Vertretung ist neu geregelt.")
    krm.press("Eintragen")
    krm.follow("Unterrichtung eintragen")
    krm.choose("Art der Erledigung", "Abschlussschreiben")
    krm.press("Eintragen")
    expect(krm.page.get_by_text("Petent/in unterrichtet am")).to_be_visible()
    expect(krm.page.get_by_text("Was bis zum Abschluss fehlt")).to_have_count(0)


@pytest.mark.long
def test_a_petition_in_sgb_iii_whose_statement_is_the_fifth_passes_the_central_krm(as_):
    """H-8: four were submitted before; the fifth lies with the zentrales KRM before the BMAS."""
    for _ in range(4):
        walk.finished(walk.started("berlin-nord", legal_area=LegalArea.SGB3))
    chain = begun(as_, "berlin-nord", legal_area=LegalArea.SGB3)
    seen = []
    while open_ := walk.open_stations(chain.request):
        station = open_[0]
        seen.append(station.body)
        if station.people.exists() or station.keeper_id != chain.request.petition.case.office_id:
            user = station.people.order_by("pk").first()
            username = user.username if user else f"{station.keeper.slug}.krm"
            chain.does(username, f"{station.body_name}: {station.get_role_display()}")
        else:
            chain.enters("berlin-nord.krm", station.body_name)
    chain.is_answered()
    assert seen.index("central") < seen.index("bmas")


@pytest.mark.long
@pytest.mark.parametrize(
    ("changes", "passed"),
    [
        pytest.param({"topic": Topic.LABOUR_MARKET_ADMISSION}, "av32", id="arbeitsmarktzulassung-av32"),
        pytest.param(
            {"topic": Topic.STAFF_CONDUCT, "requester": Requester.BMAS, "competence": Competence.OWNERS_ASSEMBLY},
            "management",
            id="behaviour-from-bmas-to-gf",
        ),
        pytest.param({"competence": Competence.MIXED}, "expert", id="mixed-in-three-parts"),
    ],
)
def test_other_routes_are_walked_by_hand(as_, changes, passed):
    """H-11, H-13, and a mixed competence in three parts (B2-9)."""
    chain = begun(as_, "pankow", **changes)
    seen = []
    while open_ := walk.open_stations(chain.request):
        station = open_[0]
        seen.append(station.body)
        user = station.people.order_by("pk").first()
        if user or station.keeper.slug != "pankow":
            username = user.username if user else f"{station.keeper.slug}.krm"
            part = f", Teil {station.get_part_display()}" if station.part else ""
            chain.does(username, f"{station.body_name}: {station.get_role_display()}{part}")
        else:
            chain.enters("pankow.krm", station.body_name)
    chain.is_answered()
    assert passed in seen


@pytest.mark.long
def test_a_waiver_ends_a_petition_without_an_answer(as_, tmp_path):
    """PAN-32: with reasons, on the signed paper."""
    petition = walk.petition()
    krm, paper = as_("pankow.krm"), tmp_path / "verzicht.pdf"
    paper.write_bytes(walk.file().content)
    krm.open(petition.get_absolute_url())
    krm.follow("Verzicht ablegen")
    krm.enter_day("Verzicht vom", timezone.localdate())
    krm.write("Konkrete Gründe", "Das Anliegen hat sich durch den Umzug erledigt.")
    krm.page.get_by_label("Unterschriebener Verzicht").set_input_files(paper)
    krm.press("Ablegen")
    krm.is_told("Der Verzicht ist abgelegt.")
    expect(krm.page.get_by_text("Was bis zum Abschluss fehlt")).to_have_count(0)
