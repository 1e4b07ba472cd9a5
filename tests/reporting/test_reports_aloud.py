"""A report that is read aloud: structured, tagged, with a title, heads of tables and words for its charts (BITV)."""

from io import BytesIO

import pytest
from outloud import check
from pdfua import Severity, validate
from pypdf import PdfReader

from reporting.reading.report_files import report_pdf
from reporting.rules.vocabulary import Audience
from tests.cast import TODAY
from tests.reporting.test_figures import drawn, kept
from tests.reporting.test_reports import approved
from tests.scene import acting

pytestmark = pytest.mark.django_db

ANSWERED = {  # warnings that stay: all three are how the typesetter writes every document
    "ORD-001": "the cover is painted in another order than its tags; what is read aloud follows the tags, in order",
    "LNK-004": "links have no print flag; their words are text of the page and are printed",
    "PAG-001": "the line with office and page number is tagged as content, so it is read once on each page",
}


@pytest.fixture(params=[Audience.INTERNAL, Audience.ASSEMBLY])
def pdf(request, house, tmp_path):
    kept(drawn(house["pankow"], 60))
    krm, gf = acting("pankow.krm", TODAY), acting("pankow.gf", TODAY)
    path = tmp_path / "bericht.pdf"
    path.write_bytes(report_pdf(approved(krm, gf, house["pankow"], audience=request.param)))
    return path


def test_two_checkers_of_accessibility_find_no_error(pdf):
    result = check(str(pdf))
    assert [f"{f.rule} {f.message}" for f in result.findings if f.severity == "error"] == []
    assert result.errors == 0
    assert {f.rule for f in result.findings if f.severity == "warning"} == ANSWERED.keys()

    found = validate(str(pdf)).findings
    assert [f"{f.rule_id} {f.message}" for f in found if f.severity >= Severity.ERROR] == []


def test_every_chart_says_what_it_shows_and_every_head_of_a_table_of_what(pdf):
    elements = list(_elements(PdfReader(BytesIO(pdf.read_bytes())).trailer["/Root"]["/StructTreeRoot"]))
    charts = [element for element in elements if element.get("/S") == "/Figure"]
    assert charts
    assert [words for chart in charts if len(words := str(chart.get("/Alt", "")).split()) < 3] == []
    heads = [element for element in elements if element.get("/S") == "/TH"]
    assert {str(head["/A"]["/Scope"]) for head in heads} == {"/Column", "/Row"}


def _elements(element):
    element = element.get_object()
    if isinstance(element, list):
        for kid in element:
            yield from _elements(kid)
    elif isinstance(element, dict):
        yield element
        if "/K" in element:
            yield from _elements(element.raw_get("/K"))
