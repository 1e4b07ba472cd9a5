"""The words of the first letters."""

import re
from datetime import date

import pytest

from cases.rules import letter_texts
from cases.rules.kinds import Channel, Kind
from cases.rules.letter_texts import GAP, PLACEHOLDERS, LetterFacts, salutation
from cases.rules.triage import Reason

TEMPLATES = [
    value
    for name, entry in vars(letter_texts).items()
    if name.isupper() and name not in ("GAP", "PLACEHOLDERS") and not name.startswith("_")
    for value in (entry.values() if isinstance(entry, dict) else [entry])
]


def facts(**changes) -> LetterFacts:
    values = {
        "channel": Channel.LETTER,
        "received_on": date(2026, 11, 23),
        "written_on": date(2026, 11, 20),
        "reference": "PAN-2026-00042",
        "contact_name": "Karin Ahrens",
        "contact_phone": "030 5550-101",
        "kind": Kind.COMPLAINT,
        "expected_on": date(2026, 12, 7),
    }
    return LetterFacts(**(values | changes))


def test_the_acknowledgement_says_what_happens_until_when_and_whom_to_call_ger17_pan20():
    text = letter_texts.acknowledgement(facts())
    assert text.subject == "Ihr Schreiben vom 20.11.2026: Wir haben Ihr Anliegen aufgenommen"
    assert text.body == (
        "vielen Dank für Ihr Schreiben vom 20.11.2026, das am 23.11.2026 bei uns eingegangen ist.\n\n"
        "Wir nehmen Ihr Anliegen ernst und gehen ihm nach. Dazu sprechen wir mit den Kolleginnen und Kollegen, die "
        "damit befasst sind.\n\n"
        "Sie erhalten von uns voraussichtlich bis zum 07.12.2026 eine Antwort. Sollte es länger dauern, geben wir "
        "Ihnen vorher Bescheid.\n\n"
        "Haben Sie Fragen? Ihre Ansprechperson ist Karin Ahrens, Telefon 030 5550-101. Bitte nennen Sie bei einem "
        "Anruf die Nummer PAN-2026-00042.\n\n"
        "Noch ein wichtiger Hinweis: Eine Beschwerde ersetzt keinen Widerspruch. Wenn Sie gegen einen Bescheid "
        "vorgehen möchten, gilt die Frist, die im Bescheid steht."
    )


def test_a_talk_is_named_by_its_day_whatever_letter_came_before():
    text = letter_texts.final_letter(facts(channel=Channel.PHONE))
    assert text.subject == "Ihr Anruf vom 23.11.2026: Unsere Antwort"
    assert text.body.startswith("vielen Dank für Ihren Anruf am 23.11.2026.\n\n")


def test_without_a_deadline_no_date_is_promised():
    body = letter_texts.acknowledgement(facts(expected_on=None)).body
    assert (letter_texts.NOT_KNOWN_YET in body, "voraussichtlich" in body) == (True, False)


def test_praise_is_thanked_for_without_a_date_or_a_word_about_objections():
    body = letter_texts.acknowledgement(facts(kind=Kind.PRAISE)).body
    assert ("voraussichtlich" in body, "Widerspruch" in body) == (False, False)


@pytest.mark.parametrize(("kind", "has_gap"), [(Kind.COMPLAINT, True), (Kind.SUGGESTION, True), (Kind.PRAISE, False)])
def test_the_result_is_left_to_the_writer(kind, has_gap):
    text = letter_texts.final_letter(facts(kind=kind))
    assert (GAP in text.body, "Karin Ahrens, Telefon 030 5550-101" in text.body) == (has_gap, True)


def test_a_handed_over_objection_keeps_its_day_of_eingang_ger4():
    body = letter_texts.transfer_letter(facts(reason=Reason.OBJECTION, recipient="Rechtsbehelfsstelle (791)")).body
    assert "an die zuständige Stelle weitergegeben: Rechtsbehelfsstelle (791)." in body
    assert "Für die Frist zählt der Tag, an dem sie bei uns eingegangen ist, der 23.11.2026." in body


def test_a_call_that_objects_is_asked_for_its_form_and_says_nothing_of_the_day():
    asked = facts(reason=Reason.OBJECTION, recipient="791", channel=Channel.PHONE, objection_until_on=date(2026, 12, 9))
    body = letter_texts.transfer_letter(asked).body
    assert "Ein Anruf reicht für einen Widerspruch nicht aus. Reichen Sie ihn bis zum 09.12.2026" in body
    assert "Für die Frist zählt" not in body


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_the_desk_has_a_letter_that_names_the_recipient(reason):
    assert "Stelle X" in letter_texts.transfer_letter(facts(reason=reason, recipient="Stelle X")).body


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("written_on", [None, date(2026, 11, 20)])
def test_no_placeholder_is_left_over_on_any_channel(channel, written_on):
    for make in (letter_texts.acknowledgement, letter_texts.final_letter, letter_texts.transfer_letter):
        text = make(facts(channel=channel, written_on=written_on))
        assert re.findall(r"[{}]|  ", text.subject + text.body) == []


def test_templates_use_only_the_listed_placeholders():
    assert {found for text in TEMPLATES for found in re.findall(r"\{(.*?)\}", text)} <= PLACEHOLDERS


def test_braces_in_what_people_wrote_are_never_read_as_placeholders():
    body = letter_texts.transfer_letter(facts(recipient="{contact_phone} {% now %} {0.__class__}")).body
    assert "{contact_phone} {% now %} {0.__class__}" in body


@pytest.mark.parametrize(
    ("title", "first_name", "last_name", "expected"),
    [
        ("Frau", "Erika", "Öztürk-Groß", "Sehr geehrte Frau Öztürk-Groß,"),
        ("Herr", "", "Recht", "Sehr geehrter Herr Recht,"),
        ("", "Kim", "Neu", "Guten Tag Kim Neu,"),
        ("", "", "Neu", "Guten Tag Neu,"),
        ("", "", "", "Sehr geehrte Damen und Herren,"),
    ],
)
def test_salutation(title, first_name, last_name, expected):
    assert salutation(title, first_name, last_name) == expected


def test_a_complaint_against_the_geschaeftsfuehrung_is_not_said_to_be_talked_over_in_the_house_pan7():
    usual, apart = (
        letter_texts.acknowledgement(facts(kind=Kind.COMPLAINT, against_management=it)).body for it in (False, True)
    )
    assert ("Kolleginnen und Kollegen" in usual, "Kolleginnen und Kollegen" in apart) == (True, False)
    assert "haben wir es der Stelle vorgelegt" in apart
