"""The text of a Stellungnahme: its sections, its person, and a whole out of parts."""

import pytest

from petitions.rules.statement import (
    GAP,
    Paragraph,
    Sections,
    first_person,
    hints,
    joined,
    paragraphs,
    tidy,
    title_of,
    why_no_paper,
)
from petitions.rules.vocabulary import AnswerForm, Competence, Section

WHOLE = Sections("Der Antrag ist bewilligt.", "Am 02.03. ging er ein.", "§ 41a SGB II.", "Die Petition ist erledigt.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Das Jobcenter hat den Antrag am 2. März bewilligt.", ()),
        ("Wir haben den Antrag bewilligt.", ("wir",)),
        ("Das tut uns leid; unser Haus prüft unsere Abläufe.", ("uns", "unser", "unsere")),
        ("Ich bitte, mir und meinem Team die Frist zu verlängern.", ("ich", "mir", "meinem")),
        ("Nach meiner Auffassung, nach meiner Prüfung.", ("meiner",)),
        ("In unserem und in unsrem Haus.", ("unserem", "unsrem")),
        ("Dies ist meine Auffassung und meinen Mitarbeitern bekannt.", ("meine", "meinen")),
        ("Der Petent meine, er sei nicht gehört worden.", ()),
        ("Die Eheleute meinen, der Bescheid sei falsch; gemeint ist der vom Mai.", ()),
        ("Nach allgemeiner Meinung unterschreibt sie; Michael und Unsinn bleiben.", ()),
        ("Die Petentin schreibt: „Ich habe nichts gehört, und wir warten.“", ()),
        ('Die Petentin schreibt: "Ich warte." Wir haben geantwortet.', ("wir",)),
        ("Er schreibt »mein Antrag« und das Haus antwortet.", ()),
        ("Die Gründung einer Ich-AG und das Wir-Gefühl im Team.", ()),
        ("", ()),
    ],
)
def test_first_person_is_found_where_the_writer_speaks(text, words):
    assert first_person(text) == words


def test_a_hint_names_the_section_and_the_words():
    sections = Sections(summary="Wir bedauern das; unser Fehler.", facts="Am 2. März.", result="ich")
    assert hints(sections) == [
        "Kurzfassung: Hier steht „wir“ und „unser“; üblich ist die neutrale dritte Person (B2-10).",
        "Ergebnis: Hier steht „ich“; üblich ist die neutrale dritte Person (B2-10).",
    ]
    assert hints(WHOLE) == []


@pytest.mark.parametrize(
    ("sections", "form", "answer"),
    [
        (WHOLE, AnswerForm.FULL, None),
        (Sections(), AnswerForm.FULL, ("Es fehlt noch: Kurzfassung.", Section.SUMMARY)),
        (Sections("a", "b", "", "d"), AnswerForm.FULL, ("Es fehlt noch: Rechtslage.", Section.LAW)),
        (Sections(facts="b", result="d"), AnswerForm.SHORT, None),
        (Sections(facts="b"), AnswerForm.SHORT, ("Es fehlt noch: Ergebnis.", Section.RESULT)),
        (Sections(facts="b"), AnswerForm.ORAL, ("Es fehlt noch: Kurzfassung.", Section.SUMMARY)),
        (
            Sections("a", f"{GAP} Datum]", "c", "d"),
            AnswerForm.FULL,
            ("Sachverhalt: Hier ist noch etwas zu ergänzen; dort steht „[Bitte ergänzen: …]“.", Section.FACTS),
        ),
    ],
)
def test_a_paper_needs_the_sections_of_its_form_without_a_gap(sections, form, answer):
    assert why_no_paper(sections, form) == answer


def test_the_whole_has_each_section_of_every_part_below_its_competence():
    municipal = Sections("Die Miete ist anerkannt.", "Im Mai.", "§ 22 SGB II.", "Erledigt.", "Soll das Amt berichten?")
    whole = joined([(Competence.FEDERAL, WHOLE), (Competence.MUNICIPAL, municipal)])
    assert whole.summary == (
        "Bundesagentur für Arbeit\n\nDer Antrag ist bewilligt.\n\nKommune\n\nDie Miete ist anerkannt."
    )
    assert whole.closing == "Kommune\n\nSoll das Amt berichten?"


def test_a_part_that_came_as_a_file_leaves_a_gap_that_has_to_be_filled():
    whole = joined([(Competence.FEDERAL, WHOLE), (Competence.MUNICIPAL, None)])
    assert f"Kommune\n\n{GAP} Dieser Teil liegt als Datei vor.]" in whole.law
    assert why_no_paper(whole, AnswerForm.FULL)[1] == Section.SUMMARY
    assert whole.closing == ""


def test_the_name_of_a_competence_alone_is_a_heading():
    assert list(paragraphs("Kommune\n\nDie Kommune\nzahlt.\n \n\nEnde\n")) == [
        Paragraph("Kommune", is_heading=True),
        Paragraph("Die Kommune\nzahlt."),
        Paragraph("Ende"),
    ]


def test_texts_are_compared_as_they_read():
    assert tidy(Sections(summary=" a \r\n b  \r\n")) == Sections(summary="a\n b")
    assert Sections(summary="a", result="d").as_text == "Kurzfassung\na\n\nErgebnis\nd"


@pytest.mark.parametrize(
    ("office", "title"),
    [
        ("Jobcenter Gera", "Stellungnahme des Jobcenters Gera"),
        ("Agentur für Arbeit Berlin Nord", "Stellungnahme der Agentur für Arbeit Berlin Nord"),
        ("Regionaldirektion Bayern", "Stellungnahme der Regionaldirektion Bayern"),
        ("KoBa Harz", "Stellungnahme: KoBa Harz"),
    ],
)
def test_the_title_names_the_office(office, title):
    assert title_of(office) == title
