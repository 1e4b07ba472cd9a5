"""The text of a Stellungnahme on its way: written by whoever has it, passed on as paper, whole out of its parts."""

from dataclasses import replace
from io import BytesIO

import pdfplumber
import pytest

from cases.models import Document, Event
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import Office
from petitions.actions.chain import give_back, pass_on
from petitions.actions.opening import edit_petition
from petitions.actions.outcome import dispatch
from petitions.actions.routes import name_representatives
from petitions.actions.statement import edit_statement_text, file_paper, take_as_paper
from petitions.models import StatementPaper, StatementText, Station
from petitions.reading.statement import approved_parts, proposal, unsaved_differences, version_rows
from petitions.rules.statement import GAP, Sections
from petitions.rules.vocabulary import Competence, DispatchWay, Outcome, StationRole, Topic
from tests.cast import actor
from tests.petitions import walk

pytestmark = pytest.mark.usefixtures("house")
SERVICE = "service_centre_lead"
TEXT = Sections(
    summary="Der Antrag der Petentin ist am 16.11.2026 bewilligt worden.",
    facts="Am 05.10.2026 ging der Antrag ein.\n\nAm 16.11.2026 wurde er bewilligt.",
    law="Leistungen werden nach § 37 SGB II ab dem Ersten des Monats der Antragstellung erbracht.",
    result="Die Petition ist erledigt.",
)


def refusal(action, **arguments) -> str:
    with pytest.raises(NotAllowed) as refused:
        action(**arguments)
    return refused.value.reason


def written(station: Station, sections: Sections = TEXT, name: str = "") -> StatementText:
    by = actor(name) if name else walk.hand_of(station)
    stored = StatementText.objects.filter(request=station.request, part=station.part).first()
    version = stored.version if stored else 0
    return edit_statement_text(by=by, station=station, expected_version=version, sections=sections)


def typeset(station: Station, sections: Sections = TEXT) -> StatementPaper:
    text = written(station, sections)
    return take_as_paper(by=walk.hand_of(station), station=station, expected_version=text.version)


def words(document: Document) -> str:
    with document.file.open("rb") as file, pdfplumber.open(BytesIO(file.read())) as pdf:
        return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.fixture
def draft() -> Station:
    """A BA matter of Pankow that lies with the Teamleitung for the draft."""
    return walk.until(walk.started(), StationRole.DRAFT)


# Written


def test_whoever_acts_at_the_station_writes_and_nobody_else(draft):
    text = written(draft, replace(TEXT, facts="  Am 05.10.2026 ging er ein. \r\n"))
    assert (text.version, text.part, text.facts) == (1, "", "Am 05.10.2026 ging er ein.")
    assert text.changed_by.username == "pankow.tl"
    asked = {"station": draft, "expected_version": 1, "sections": TEXT}
    assert refusal(edit_statement_text, by=actor("pankow.krm"), **asked) == "Das ist Sache von: Teamleitung."
    assert refusal(edit_statement_text, by=actor("pankow.gf"), **asked) == "Das ist Sache von: Teamleitung."
    assert refusal(edit_statement_text, by=actor("gera.krm"), **asked) == "Die Petition ist nicht (mehr) zugänglich."
    text.refresh_from_db()
    assert (text.version, text.summary) == (1, TEXT.summary)


def test_the_same_text_again_is_no_new_version_and_another_one_in_between_is_shown(draft):
    first = written(draft)
    assert written(draft).version == first.version == 1
    with pytest.raises(ChangedMeanwhile) as conflict:
        edit_statement_text(
            by=walk.hand_of(draft), station=draft, expected_version=0, sections=replace(TEXT, law="§ 41a SGB II.")
        )
    assert conflict.value.differences == {"Rechtslage": (TEXT.law, "§ 41a SGB II.")}
    assert conflict.value.version == 1


def test_a_section_has_an_end(draft):
    with pytest.raises(NotAllowed) as refused:
        written(draft, replace(TEXT, result="a" * 20_001))
    assert (refused.value.reason, refused.value.field) == ("Ergebnis: Möglich sind 20000 Zeichen.", "result")


def test_it_is_written_where_it_lies_and_by_the_desk_that_checks_it(draft):
    request = draft.request
    written(draft)
    pass_on(by=walk.hand_of(draft), station=draft)
    asked = {"by": actor("pankow.tl"), "station": draft, "expected_version": 1, "sections": replace(TEXT, law="x")}
    assert refusal(edit_statement_text, **asked) == (
        "Diese Station ist nicht an der Reihe; geschrieben wird, wo die Stellungnahme gerade liegt."
    )
    check = walk.the_open(request)
    assert written(check, replace(TEXT, law="§ 37 SGB II."), "pankow.krm").version == 2
    walk.checked(check)
    pass_on(by=actor("pankow.krm"), station=check, documents=[walk.paper(request.petition)])
    agree = walk.the_open(request)
    assert refusal(written, station=agree) == "An dieser Station wird die Stellungnahme nicht geschrieben."


# As paper


def test_the_paper_has_head_number_addressee_and_all_sections(draft):
    paper = typeset(draft, replace(TEXT, closing="Wird ein weiterer Bericht gewünscht?"))
    said = words(paper.document)
    petition = draft.request.petition
    for part in (
        "Jobcenter Berlin Pankow",
        "Stellungnahme des Jobcenters Berlin Pankow",
        "An Petitionsausschuss des Deutschen Bundestages",
        "Dortiges Aktenzeichen Pet 4-20-11-81501-011345",
        petition.case.reference,
        "Petition von Erika Öztürk-Groß",
        "Kurzfassung Der Antrag der Petentin",
        "Sachverhalt Am 05.10.2026",
        "Rechtslage Leistungen",
        "Ergebnis Die Petition ist erledigt.",
        "Weiteres Verfahren Wird ein weiterer Bericht gewünscht?",
        "Geschäftsführung Berlin, den Unterschrift",
    ):
        assert part in said
    document = paper.document
    assert (document.category, document.name, document.case) == (
        "outgoing",
        "Stellungnahme, Fassung 1.pdf",
        petition.case,
    )
    assert list(draft.documents.all()) == [document]
    event = Event.objects.get(code="petition.paper_made")
    assert (event.by.username, event.data["number"]) == ("pankow.tl", 1)


def test_what_is_missing_makes_no_paper(draft):
    asked = {"by": walk.hand_of(draft), "station": draft}
    assert refusal(take_as_paper, **asked, expected_version=0) == "Die Stellungnahme ist noch leer."
    written(draft, replace(TEXT, law=""))
    assert refusal(take_as_paper, **asked, expected_version=1) == "Es fehlt noch: Rechtslage."
    written(draft, replace(TEXT, law=f"{GAP} Vorschrift]"))
    assert refusal(take_as_paper, **asked, expected_version=2).startswith("Rechtslage: Hier ist noch etwas zu ergänzen")
    with pytest.raises(ChangedMeanwhile):
        take_as_paper(**asked, expected_version=1)
    assert not draft.documents.exists()


def test_a_pdf_of_a_text_that_changed_meanwhile_is_not_kept(draft):
    written(draft)
    written(draft, replace(TEXT, law="§ 37 SGB II."))
    with pytest.raises(ChangedMeanwhile):
        file_paper(by=walk.hand_of(draft), station=draft, expected_version=1, pdf=b"%PDF-1.7 alt")
    assert not StatementPaper.objects.exists()


def test_another_text_takes_the_place_of_the_former_paper_which_stays_with_the_case(draft):
    extra = walk.paper(draft.request.petition, "anlage.pdf")
    draft.documents.add(extra)
    first = typeset(draft)
    assert typeset(draft) == first
    second = typeset(draft, replace(TEXT, result="Der Petition wird abgeholfen."))
    assert (second.number, second.document.sha256 == first.document.sha256) == (2, False)
    assert set(draft.documents.all()) == {extra, second.document}
    assert first.document.case == draft.request.petition.case
    rows = version_rows(second.text)
    assert [row.paper.number for row in rows] == [2, 1]
    assert [piece.text for piece in rows[0].differences if piece.kind == "added"]
    assert rows[1].differences == []
    assert [row.paper for row in version_rows(second.text, among=[first.document_id])] == [first]
    text = written(draft, TEXT)
    assert unsaved_differences(text, rows)


def test_another_number_makes_another_paper_of_the_same_text(draft):
    first = typeset(draft)
    petition, krm = draft.request.petition, actor("pankow.krm")
    edit_petition(by=krm, petition=petition, data=walk.data(number="Pet 3-20-11-81501-011346"))
    again = Station.objects.get(pk=draft.pk)
    second = take_as_paper(by=walk.hand_of(again), station=again, expected_version=1)
    assert (second.number, second.sections) == (2, first.sections)
    assert "011346" in words(second.document)


def test_a_paper_that_its_text_has_left_behind_is_not_passed_on(draft):
    first = typeset(draft)
    written(draft, replace(TEXT, result="Der Petition wird abgeholfen."))
    asked = {"by": walk.hand_of(draft), "station": draft}
    assert refusal(pass_on, **asked) == (
        "Der Text wurde nach Fassung 1 noch geändert. Bitte als PDF übernehmen oder die Änderung zurücknehmen."
    )
    written(draft)
    pass_on(**asked)
    assert list(walk.the_open(draft.request).documents.all()) == [first.document]


def test_a_change_after_an_approval_is_another_paper_that_does_not_go_out_unseen():
    request = walk.started("germersheim")
    write = walk.until(request, StationRole.WRITE)
    write.documents.clear()
    first = typeset(write)
    pass_on(by=walk.hand_of(write), station=write)
    sign = walk.until(request, StationRole.SIGN)
    pass_on(by=walk.hand_of(sign), station=sign)
    station = walk.until(request, StationRole.DISPATCH)
    sign.refresh_from_db()
    assert (sign.outcome, list(station.documents.all())) == (Outcome.PASSED_ON, [first.document])
    krm = actor("germersheim.krm")
    give_back(by=krm, station=station, to=write.key, reason="Ein Datum stimmt nicht.")
    again = walk.the_open(request)
    second = typeset(again, replace(TEXT, law="§ 37 SGB II."))
    pass_on(by=krm, station=again)
    signs = walk.the_open(request)
    pass_on(by=walk.hand_of(signs), station=signs)
    out = {"by": krm, "station": walk.the_open(request), "copies": 1, "way": DispatchWay.POST, "sent_on": krm.today}
    assert "galt einer anderen Fassung" in refusal(dispatch, **out, documents=[first.document])
    assert dispatch(**out, documents=[second.document]).documents.get() == second.document


# Parts


def test_the_whole_is_proposed_from_the_approved_parts_and_takes_their_place():
    parts = [Competence.FEDERAL, Competence.MUNICIPAL]
    request = walk.started(competence=Competence.MIXED, parts=tuple(parts))
    for part in parts:
        station = next(s for s in walk.open_stations(walk_to_parts(request)) if s.part == part)
        if part == Competence.FEDERAL:
            typeset(station, replace(TEXT, summary="Teil der BA."))
    join = walk.until(request, StationRole.JOIN)
    found = approved_parts(join)
    assert [(part.competence, part.paper is not None) for part in found] == list(zip(parts, (True, False), strict=True))
    whole = proposal(found)
    assert whole.summary == (
        f"{parts[0].label}\n\nTeil der BA.\n\n{parts[1].label}\n\n{GAP} Dieser Teil liegt als Datei vor.]"
    )
    text = written(join, whole)
    by = walk.hand_of(join)
    assert refusal(take_as_paper, by=by, station=join, expected_version=1).startswith("Kurzfassung: Hier ist noch")
    paper = typeset(join, replace(TEXT, summary=f"{parts[0].label}\n\nTeil der BA.\n\n{parts[1].label}\n\nTeil zwei."))
    assert (paper.text, paper.text.part) == (text, "")
    names = {document.name for document in join.documents.all()}
    assert names == {"municipal.pdf", "Stellungnahme, Fassung 1.pdf"}
    assert "Bundesagentur für Arbeit Teil der BA. Kommune Teil zwei." in words(paper.document)


def walk_to_parts(request):
    """Passes what is before the parts, until each of them is open."""
    for _ in range(10):
        stations = walk.open_stations(request)
        if any(station.part for station in stations):
            return request
        walk.one_step(stations[0])
    raise AssertionError("no part was ever open")


# Outside


@pytest.mark.parametrize(
    ("at", "keeper", "title"),
    [
        ("berlin-nord", "Agentur für Arbeit Berlin Nord", "Stellungnahme der Agentur für Arbeit Berlin Nord"),
        ("", "Regionaldirektion Berlin-Brandenburg", "Stellungnahme: Regionalleitung Service Center"),
    ],
)
def test_a_body_outside_writes_under_its_own_head_and_names_only_the_number(at, keeper, title):
    """Without KRM it is the office that enters what it writes."""
    pankow, krm = Office.objects.get(slug="pankow"), actor("pankow.krm")
    if at:
        name_representatives(by=krm, office=pankow, body=SERVICE, at=Office.objects.get(slug=at))
    request = walk.started(topic=Topic.SERVICE_CENTRE)
    forward = walk.until(request, StationRole.FORWARD, "regional_directorate")
    pass_on(by=walk.hand_of(forward), station=forward)
    station = walk.the_open(request)
    paper = typeset(station)
    said, petition = words(paper.document), request.petition
    assert said.startswith(keeper)
    assert (title in said, petition.number in said) == (True, True)
    assert not [secret for secret in (petition.case.reference, "Öztürk", petition.case.subject) if secret in said]
    pass_on(by=walk.hand_of(station), station=station)
    assert list(walk.the_open(request).documents.all()) == [paper.document]
