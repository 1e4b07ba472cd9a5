"""The file of a petition as one PDF, for the house and for a body outside; the waiver on blank paper."""

import hashlib
from io import BytesIO

import pdfplumber
import pytest
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from cases.documents import add_document
from cases.models import Document
from cases.recusal.actions.complained_about import name_employee
from cases.rules.registration import UploadedFile
from offices.models import Substitution, User
from petitions.actions.chain import give_back, pass_on
from petitions.models import Petition, Station
from petitions.rules.vocabulary import StationRole
from tests.cast import TODAY, actor
from tests.petitions import walk
from tests.petitions.actions.test_statement import TEXT, typeset

pytestmark = pytest.mark.usefixtures("house")
RD = "regional_directorate"


def filed(petition: Petition, name: str, content: bytes, kind: str = "application/pdf") -> Document:
    file = UploadedFile(name, kind, content, hashlib.sha256(content).hexdigest())
    return add_document(by=walk.desk(petition), case=petition.case, file=file)


def blank(pages: int) -> bytes:
    writer, out = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def at_rd() -> Station:
    """The RD has it in the second round: with the Stellungnahme, a PDF, a text and a file that is none."""
    request = walk.started()
    draft, petition = walk.until(request, StationRole.DRAFT), request.petition
    files = [
        filed(petition, "Mietvertrag.pdf", blank(2)),
        filed(petition, "kaputt.pdf", b"%PDF-1.7 nichts"),
        filed(petition, "Vermerk.txt", b"Anruf", "text/plain"),
    ]
    paper = typeset(draft)
    pass_on(by=walk.hand_of(draft), station=draft, documents=[paper.document, *files])
    first = walk.until(request, StationRole.AGREE, RD)
    give_back(by=walk.hand_of(first), station=first, to="all/house/krm/check", reason="Ein Datum fehlt.")
    return walk.until(request, StationRole.AGREE, RD)


@pytest.fixture
def fetch(client):
    def get(name: str, url: str, *args):
        client.force_login(User.objects.get(username=name))
        return client.get(reverse(f"petitions:{url}", args=args))

    return get


def read(answer) -> tuple[PdfReader, str]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    with pdfplumber.open(BytesIO(answer.content)) as pdf:
        text = " ".join(" ".join((page.extract_text() or "") for page in pdf.pages).split())
    return PdfReader(BytesIO(answer.content)), text


def bookmarks(reader: PdfReader, entries=None) -> dict[str, int]:
    found = {}
    for entry in reader.outline if entries is None else entries:
        if isinstance(entry, list):
            found |= bookmarks(reader, entry)
        else:
            found[entry.title] = reader.get_destination_page_number(entry) + 1
    return found


def test_the_house_gets_data_index_route_approvals_and_all_files(at_rd, fetch):
    petition = at_rd.request.petition
    answer = fetch("pankow.krm", "dossier", petition.case.reference)
    reader, said = read(answer)
    marks = bookmarks(reader)
    assert marks["Stellungnahme, Fassung 1"] + 1 == marks["Mietvertrag.pdf"]
    assert len(reader.pages) == marks["Mietvertrag.pdf"] + 1
    assert {"Inhalt", "Berichtsweg", "Zustimmungen", "Was beiliegt"} <= set(marks)
    approved = at_rd.request.stations.exclude(content_hash="").first()
    for part in (
        petition.number,
        petition.case.reference,
        "Erika Öztürk-Groß",
        f"Mietvertrag.pdf {marks['Mietvertrag.pdf']}",
        "kaputt.pdf liegt bei",
        "kaputt.pdf: liegt bei, lässt sich nicht lesen;",
        "Vermerk.txt: liegt bei, kein PDF;",
        "Plan, Fassung 1",
        "zurückgegeben: Ein Datum fehlt.",
        "KRM prüft Form und Inhalt, Runde 2:",
        approved.content_hash,
        "Stellungnahme des Jobcenters Berlin Pankow",
        TEXT.law,
    ):
        assert part in said
    headers = ("Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    assert [answer[name] for name in headers] == [
        f'attachment; filename="Akte {petition.number}.pdf"',
        "nosniff",
        "sandbox; default-src 'none'",
    ]
    assert read(fetch("pankow.gf", "station_dossier", at_rd.pk))[1].count("Runde 2") == said.count("Runde 2")


def test_who_signed_in_whose_place_is_said(at_rd, fetch):
    absent, deputy = (User.objects.get(username=f"pankow.{name}") for name in ("gf", "bl"))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
    sign = walk.until(at_rd.request, StationRole.SIGN)
    pass_on(by=actor("pankow.bl"), station=sign)
    said = read(fetch("pankow.krm", "dossier", at_rd.request.petition.case.reference))[1]
    assert "Geschäftsführung zeichnet schluss, Runde 1: Mo 23.11.2026, Birgit Lorenz, i. V. für Gudrun Falk" in said


def test_a_body_outside_gets_its_station_and_what_was_passed_to_it(at_rd, fetch):
    petition = at_rd.request.petition
    later = filed(petition, "geheim.pdf", blank(1))
    reader, said = read(fetch("rd-bb.krm", "station_dossier", at_rd.pk))
    assert set(bookmarks(reader)) == {
        f"Akte zur Petition {petition.number}",
        "Inhalt",
        "Anforderung 1: Anforderung einer Stellungnahme vom 23.11.2026",
        "Berichtsweg",
        "Zustimmungen",
        "Was beiliegt",
        "Stellungnahme, Fassung 1",
        "Mietvertrag.pdf",
    }
    front = said[: said.index("Stellungnahme des Jobcenters")]
    secrets = (petition.case.reference, petition.case.subject, "Öztürk", "Ein Datum fehlt", "KRM prüft", "Plan,")
    assert not [secret for secret in (*secrets, later.name) if secret in front]
    assert ("RD BB stimmt zu" in front, petition.number in front) == (True, True)
    walk.one_step(at_rd)
    after = read(fetch("rd-bb.krm", "station_dossier", at_rd.pk))[1]
    assert "weitergegeben" in after


@pytest.mark.parametrize("name", ["gera.krm", "pankow.ma2", "pankow.ma", "pankow.controlling", "berlin-nord.gf"])
def test_for_strangers_there_is_no_file(at_rd, fetch, name):
    reference = at_rd.request.petition.case.reference
    answers = [fetch(name, "station_dossier", at_rd.pk), fetch(name, "dossier", reference)]
    assert {answer.status_code for answer in (*answers, fetch(name, "waiver_form", reference))} == {404}


def test_a_body_outside_gets_neither_the_whole_nor_another_station_and_whom_it_is_about_nothing(at_rd, fetch):
    petition = at_rd.request.petition
    check = at_rd.request.stations.filter(role=StationRole.CHECK).first()
    assert fetch("rd-bb.krm", "dossier", petition.case.reference).status_code == 404
    assert fetch("rd-bb.krm", "station_dossier", check.pk).status_code == 404
    assert fetch("berlin-nord.krm", "station_dossier", at_rd.pk).status_code == 404
    name_employee(by=actor("pankow.krm"), case=petition.case, user=User.objects.get(username="pankow.gf"))
    assert fetch("pankow.gf", "dossier", petition.case.reference).status_code == 404


def test_a_file_that_is_gone_is_listed_and_a_case_without_a_petition_has_none(at_rd, fetch):
    petition = at_rd.request.petition
    document = at_rd.documents.get(name="Mietvertrag.pdf")
    document.file.storage.delete(document.file.name)
    said = read(fetch("pankow.krm", "dossier", petition.case.reference))[1]
    assert "Mietvertrag.pdf: liegt bei, Datei fehlt;" in said
    plain = walk.case(actor("pankow.krm"))
    assert fetch("pankow.krm", "dossier", plain.reference).status_code == 404
    assert fetch("pankow.krm", "waiver_form", plain.reference).status_code == 404


def test_the_waiver_is_blank_paper_with_number_room_for_reasons_place_date_and_signature(fetch):
    petition = walk.petition()
    answer = fetch("pankow.krm", "waiver_form", petition.case.reference)
    reader, said = read(answer)
    for part in (petition.number, petition.case.reference, "Meine Gründe", "Ort, Datum", "Unterschrift"):
        assert part in said
    office = petition.case.office
    head = (office.name, "Jobcenter", office.street, office.phone, office.email)
    assert not [line for line in head if line in said or line in str(reader.metadata)]
    assert len(reader.pages) == 1
    with pdfplumber.open(BytesIO(answer.content)) as pdf:
        assert len({round(line["top"]) for line in (*pdf.pages[0].lines, *pdf.pages[0].rects)}) > 12
