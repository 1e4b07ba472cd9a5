"""KRM or Kein KRM: hints from the words, the rule of the office that speaks, the period of a Widerspruch."""

from dataclasses import replace
from datetime import date

import pytest

from cases.rules.kinds import Channel, Kind
from cases.rules.triage import REASON_LABELS, Reason, hints, may_be_tallied, objection_period, propose
from offices.calendars import Calendar
from offices.roles import Role
from offices.rules import presets
from offices.rules.vocabulary import Route

OFFICES = ("pankow", "germersheim", "gera", "sgb3")
RULES = {slug: presets.load(slug).parameters for slug in OFFICES}
CASE, TRANSFER = Route.CASE, Route.TRANSFER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Seit sechs Wochen höre ich nichts zu meinem Antrag.", []),
        ("Vielen Dank für die freundliche Beratung!", []),
        ("Ich lege Widerspruch ein.", [(Reason.OBJECTION, ("lege Widerspruch",))]),
        ("Ich wende mich gegen den Bescheid vom 2.11.", [(Reason.OBJECTION, ("gegen den Bescheid",))]),
        ("Der Ablehnungsbescheid ist falsch.", [(Reason.OBJECTION, ("Ablehnungsbescheid",))]),
        ("Ich bin gegen die Kürzung.", [(Reason.OBJECTION, ("gegen die Kürzung",))]),
        ("Die Rückforderung ist frei erfunden.", [(Reason.OBJECTION, ("Rückforderung … frei erfunden",))]),
        ("Ich stelle einen Überprüfungsantrag.", [(Reason.REVIEW, ("Überprüfungsantrag",))]),
        ("Beschwerde gegen den Widerspruchsbescheid", [(Reason.LAWSUIT, ("Widerspruchsbescheid",))]),
        ("Dann gehe ich zum Sozialgericht.", [(Reason.LAWSUIT, ("Sozialgericht",))]),
        ("Ich will mich beklagen.", []),
        ("Bitte um Auskunft, wann die Zahlung kommt.", [(Reason.INQUIRY, ("Bitte um Auskunft",))]),
        (
            "Meine Daten wurden einfach an den Vermieter weitergegeben.",
            [(Reason.DATA_PROTECTION, ("Meine Daten wurden einfach an den Vermieter weitergegeben",))],
        ),
        ("Das verletzt den Datenschutz.", [(Reason.DATA_PROTECTION, ("Datenschutz",))]),
        ("Der Mitarbeiter ist bestechlich.", [(Reason.CORRUPTION, ("bestechlich",))]),
        ("Mein Nachbar arbeitet schwarz.", [(Reason.BENEFIT_FRAUD, ("schwarz … arbeitet",))]),
        ("Das ist eine Ordnungswidrigkeit.", [(Reason.REGULATORY_OFFENCE, ("Ordnungswidrigkeit",))]),
        ("Ich wurde angeschrien.", [(Reason.CONDUCT_COMPLAINT, ("angeschrien",))]),
        ("Hiermit erhebe ich Fachaufsichtsbeschwerde.", [(Reason.SUPERVISION_COMPLAINT, ("Fachaufsichtsbeschwerde",))]),
    ],
)
def test_words_point_to_a_reason(text, expected):
    assert [(h.proposal.reason, h.words) for h in hints(text, RULES["pankow"])] == expected


def test_a_widerspruch_by_telephone_has_not_kept_the_form():
    (hint,) = hints("Ich lege Widerspruch ein.", RULES["pankow"], channel=Channel.PHONE)
    assert "wahrt die Form nicht (§ 84 Abs. 1 SGG" in hint.note
    (hint,) = hints("Ich lege Widerspruch ein.", RULES["pankow"], channel=Channel.LETTER)
    assert hint.note.startswith("Der Eingang bei jeder deutschen Behörde wahrt die Frist")
    (hint,) = hints("Das verletzt den Datenschutz.", RULES["pankow"], channel=Channel.PHONE)
    assert hint.note == ""


def test_each_word_is_named_once_and_two_reasons_stand_side_by_side():
    found = hints("Widerspruch! Noch ein Widerspruch.\nUnd der Datenschutz?", RULES["pankow"])
    assert [(h.proposal.reason, h.words) for h in found] == [
        (Reason.OBJECTION, ("Widerspruch",)),
        (Reason.DATA_PROTECTION, ("Datenschutz",)),
    ]


def test_words_are_found_across_a_line_break():
    found = hints("Ich wende mich gegen\nden  Bescheid.", RULES["gera"])
    assert [h.words for h in found] == [("gegen den Bescheid",)]


def test_a_conduct_complaint_is_spoken_to_by_its_kind_alone():
    found = hints("Ein ganz ruhiger Text.", RULES["germersheim"], Kind.CONDUCT_COMPLAINT)
    assert [(h.words, h.proposal.reason, h.proposal.route) for h in found] == [((), Reason.CONDUCT_COMPLAINT, TRANSFER)]
    assert hints("Ein ganz ruhiger Text.", RULES["germersheim"], Kind.COMPLAINT) == ()


CORRUPTION = "Ansprechperson für Korruptionsprävention"
FRAUD = "zuständige Stelle für Leistungsmissbrauch"
OFFENCE = "zuständige Stelle für Ordnungswidrigkeiten"
DPO = "Datenschutzbeauftragte/r"
AGENCY = "Bundesagentur für Arbeit"
EMPLOYER = f"{AGENCY} als Dienstherr der Geschäftsführung"
MATRIX = {
    "pankow": {
        Reason.OBJECTION: (TRANSFER, "Rechtsbehelfsstelle 791/792"),
        Reason.LAWSUIT: (TRANSFER, "SGG-Stelle"),
        Reason.INQUIRY: (TRANSFER, "zuständiger Fachbereich"),
        Reason.DATA_PROTECTION: (TRANSFER, DPO),
        Reason.CONDUCT_COMPLAINT: (CASE, "jeweilige Führungskraft"),
        Reason.AGAINST_MANAGEMENT: (CASE, "Dienstvorgesetzte/r der Geschäftsführung"),
    },
    "germersheim": {
        Reason.OBJECTION: (TRANSFER, "Widerspruchsstelle / Sachgebiet SGG"),
        Reason.LAWSUIT: (TRANSFER, "Sachgebiet SGG"),
        Reason.INQUIRY: (TRANSFER, "zuständiger Fachbereich"),
        Reason.DATA_PROTECTION: (TRANSFER, DPO),
        Reason.CONDUCT_COMPLAINT: (TRANSFER, "Geschäftsführung"),
        Reason.AGAINST_MANAGEMENT: (TRANSFER, EMPLOYER),
    },
    "gera": {
        Reason.OBJECTION: (TRANSFER, "Rechtsbehelfsstelle"),
        Reason.LAWSUIT: (TRANSFER, "Rechtsbehelfsstelle"),
        Reason.INQUIRY: (TRANSFER, "zuständiger Fachbereich"),
        Reason.DATA_PROTECTION: (TRANSFER, DPO),
        Reason.CONDUCT_COMPLAINT: (CASE, ""),
        Reason.AGAINST_MANAGEMENT: (CASE, EMPLOYER),
    },
    "sgb3": {
        Reason.OBJECTION: (TRANSFER, "Rechtsbehelfsstelle"),
        Reason.LAWSUIT: (TRANSFER, "Rechtsbehelfsstelle"),
        Reason.INQUIRY: (TRANSFER, "zuständiger Fachbereich"),
        Reason.DATA_PROTECTION: (TRANSFER, DPO),
        Reason.CONDUCT_COMPLAINT: (CASE, "Interner Service"),
        Reason.AGAINST_MANAGEMENT: (CASE, EMPLOYER),
    },
}
EVERYWHERE = {
    Reason.CORRUPTION: (TRANSFER, CORRUPTION),
    Reason.BENEFIT_FRAUD: (TRANSFER, FRAUD),
    Reason.REGULATORY_OFFENCE: (TRANSFER, OFFENCE),
    Reason.SUPERVISION_COMPLAINT: (CASE, ""),
    Reason.REVIEW: (TRANSFER, "zuständiger Fachbereich"),
    Reason.NOT_OURS: (TRANSFER, ""),
}


@pytest.mark.parametrize("office", OFFICES)
def test_every_reason_goes_where_the_office_sends_it(office):
    found = {reason: propose(reason, RULES[office], AGENCY) for reason in Reason}
    assert {reason: (p.route, p.recipient) for reason, p in found.items()} == MATRIX[office] | EVERYWHERE


def test_only_data_protection_leaves_a_rest_with_the_krm():
    assert [r for r in Reason if propose(r, RULES["pankow"]).splits] == [Reason.DATA_PROTECTION]


def test_what_leaves_whole_while_the_case_stays_depends_on_what_the_office_registers():
    kept = {office: [r for r in Reason if propose(r, RULES[office]).keeps_case] for office in OFFICES}
    against = [Reason.AGAINST_MANAGEMENT]
    both = [Reason.CONDUCT_COMPLAINT, Reason.AGAINST_MANAGEMENT]
    assert kept == {"pankow": against, "germersheim": [], "gera": against, "sgb3": both}


def test_who_is_not_told_the_employer_still_names_the_dienstherr():
    assert propose(Reason.AGAINST_MANAGEMENT, RULES["gera"]).recipient == "Dienstherr der Geschäftsführung"


def test_a_named_geschaeftsfuehrung_turns_the_hint_towards_its_dienstherr():
    found = hints(
        "Ein ganz ruhiger Text.", RULES["germersheim"], Kind.CONDUCT_COMPLAINT, employer=AGENCY, names_management=True
    )
    assert [(h.words, h.proposal.reason, h.proposal.route, h.proposal.recipient) for h in found] == [
        ((), Reason.AGAINST_MANAGEMENT, TRANSFER, EMPLOYER)
    ]


def test_words_against_the_geschaeftsfuehrung_are_noticed():
    (hint,) = hints("Ich beschwere mich über die Geschäftsführerin.", RULES["pankow"])
    assert (hint.words, hint.proposal.reason) == (("Geschäftsführerin",), Reason.AGAINST_MANAGEMENT)
    assert hints("Ich schreibe an die Geschäftsführung.", RULES["pankow"]) == ()


def test_every_reason_has_a_label_a_rule_and_a_sentence():
    assert set(REASON_LABELS) == set(Reason)
    for reason in Reason:
        proposal = propose(reason, RULES["pankow"])
        assert proposal.rule
        assert proposal.sentence.endswith(".")


def test_the_other_reading_of_k8_hands_the_supervision_complaint_over():
    rules = RULES["gera"]
    reading = next(r for r in rules.provenance["supervision_complaint"].readings if r.key == "kein-krm")
    proposal = propose(Reason.SUPERVISION_COMPLAINT, replace(rules, supervision_complaint=reading.value))
    assert (proposal.route, proposal.recipient) == (TRANSFER, "zuständiger Fachbereich")


ALWAYS = "Nach dem Regelwerk der Dienststelle werden auch mündliche Kundenreaktionen immer erfasst (K5)."
WRITTEN = "Schriftliche Kundenreaktionen werden immer erfasst, auch wenn sie sofort erledigt sind."


@pytest.mark.parametrize(
    ("office", "channel", "sentence"),
    [
        ("pankow", Channel.PHONE, ALWAYS),
        ("sgb3", Channel.IN_PERSON, ALWAYS),
        ("germersheim", Channel.IN_PERSON, None),
        ("gera", Channel.PHONE, None),
        ("germersheim", Channel.LETTER, WRITTEN),
        ("gera", Channel.EMAIL, WRITTEN),
    ],
)
def test_only_what_is_oral_and_settled_at_once_may_be_tallied(office, channel, sentence):
    assert may_be_tallied(channel, RULES[office]) == sentence


LEADER = "Was eine Führungskraft ab Teamleitung erreicht, wird immer erfasst (K5)"
NEEDS_REASON = f"{LEADER}; gezählt wird es nur ohne neuen Sachvortrag und mit Begründung."


@pytest.mark.parametrize(
    ("office", "settled_by", "nothing_new", "sentence"),
    [
        ("gera", Role.EMPLOYEE, "", None),
        ("gera", Role.TEAM_LEAD, "", NEEDS_REASON),
        ("gera", Role.DIVISION_LEAD, "  ", NEEDS_REASON),
        ("gera", Role.MANAGEMENT, "dasselbe wie letzte Woche, schon beantwortet", None),
        ("gera", Role.KRM_OFFICER, "", NEEDS_REASON),
        ("germersheim", Role.TEAM_LEAD, "", None),
        ("germersheim", Role.MANAGEMENT, "", None),
        ("pankow", Role.TEAM_LEAD, "nichts Neues", ALWAYS),
    ],
)
def test_what_reached_a_leader_is_tallied_only_with_a_reason_where_k5_says_so(
    office, settled_by, nothing_new, sentence
):
    assert may_be_tallied(Channel.IN_PERSON, RULES[office], settled_by, nothing_new) == sentence


def test_without_the_exception_no_reason_helps():
    strict = replace(RULES["gera"].oral_registration, except_without_substance=False, always_from=Role.DIVISION_LEAD)
    rules = replace(RULES["gera"], oral_registration=strict)
    assert may_be_tallied(Channel.PHONE, rules, Role.TEAM_LEAD) is None
    assert may_be_tallied(Channel.PHONE, rules, Role.MANAGEMENT, "nichts Neues") == (
        "Was eine Führungskraft ab Bereichsleitung erreicht, wird immer erfasst (K5)."
    )


@pytest.mark.parametrize(
    ("decision_on", "known_on", "ends_on"),
    [
        (date(2026, 11, 2), date(2026, 11, 6), date(2026, 12, 7)),  # raw end Sun 6.12.
        (date(2024, 11, 4), date(2024, 11, 7), date(2024, 12, 9)),  # third day before 2025; raw end Sat 7.12.
        (date(2025, 1, 1), date(2025, 1, 5), date(2025, 2, 5)),  # the fiction does not move from Sunday
        (date(2026, 1, 27), date(2026, 1, 31), date(2026, 3, 2)),  # no 31 February; raw end Sat 28.2.
    ],
)
def test_the_period_of_a_widerspruch_is_a_month_from_the_deemed_bekanntgabe(decision_on, known_on, ends_on):
    period = objection_period(decision_on, Calendar("BE"))
    assert (period.deemed_known_on, period.ends_on) == (known_on, ends_on)
