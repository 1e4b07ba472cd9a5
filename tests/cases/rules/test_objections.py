"""The form of a Widerspruch by the way it came (§ 84 Abs. 1 SGG, § 36a SGB I; B3-13a)."""

from datetime import date

import pytest

from cases.rules.objections import ObjectionForm, asks_for_form, decision_day, form_of, form_words
from offices.rules.vocabulary import Channel

UNTIL = date(2026, 2, 9)
KEPT, TAKE_DOWN, PRINT, NOT_KEPT = ObjectionForm


@pytest.mark.parametrize(
    ("channel", "form"),
    [
        (Channel.LETTER, KEPT),
        (Channel.FAX, KEPT),
        (Channel.OPINION_CARD, KEPT),
        (Channel.IN_PERSON, TAKE_DOWN),
        (Channel.EMAIL, PRINT),
        (Channel.ONLINE_FORM, NOT_KEPT),
        (Channel.PHONE, NOT_KEPT),
        (Channel.SERVICE_CENTER, NOT_KEPT),
    ],
)
def test_the_form_follows_from_the_way_it_came(channel, form):
    assert form_of(channel) == form


def test_every_way_is_decided():
    assert all(form_words(channel) and form_words(channel, UNTIL) for channel in Channel)


def test_a_call_is_to_be_made_good_until_the_last_day():
    assert form_words(Channel.PHONE, UNTIL) == (
        "Ein Anruf wahrt die Form nicht (§ 84 Abs. 1 SGG, § 36a SGB I); der Widerspruch ist bis 09.02.2026 "
        "schriftlich, zur Niederschrift oder elektronisch nach § 36a SGB I nachzuholen."
    )
    assert "bis zum Ende der Widerspruchsfrist" in form_words(Channel.PHONE)


def test_a_scan_with_a_signature_is_printed_at_once():
    assert "sofort ausdrucken und die Uhrzeit vermerken" in form_words(Channel.EMAIL, UNTIL)


def test_a_letter_says_one_thing_about_the_period():
    assert form_words(Channel.LETTER, UNTIL) == (
        "Der Eingang bei jeder deutschen Behörde wahrt die Frist (§ 84 Abs. 2 SGG)."
    )
    assert asks_for_form(Channel.LETTER) == ""


def test_the_person_is_told_until_when_and_how():
    words = asks_for_form(Channel.EMAIL, UNTIL)
    assert "Eine E-Mail ohne unterschriebenes Schreiben reicht für einen Widerspruch nicht aus." in words
    assert "bis zum 09.02.2026 mit Ihrer Unterschrift per Brief oder Fax" in words
    assert "die am Ende des Bescheids steht" in asks_for_form(Channel.PHONE)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Gegen Ihren Bescheid vom 14.03.2025 lege ich Widerspruch ein.", date(2025, 3, 14)),
        ("Kd. ruft an, Bescheid vom 3.4. erhalten.", date(2025, 4, 3)),
        ("den Bewilligungsbescheid über Arbeitslosengeld vom 17. Februar 2025", date(2025, 2, 17)),
        ("BESCHEID VOM 2. Maerz", date(2025, 3, 2)),
        ("Bescheid vom 01.12.", date(2024, 12, 1)),
        ("Bescheid vom 5.1.25 und Änderungsbescheid vom 9.2.25", date(2025, 2, 9)),
        ("Bescheid vom 31.02.2025", None),
        ("Bescheid vom 14.03.2026", None),
        ("Ihr Brief vom 14.03.2025 zum Bescheid", None),
        ("Der Bescheid ist falsch. Termin am 3.4.", None),
    ],
)
def test_the_day_of_the_bescheid_is_read_from_the_text(text, day):
    assert decision_day(text, date(2025, 4, 20)) == day
