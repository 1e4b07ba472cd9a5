"""Who signs which letter in the four offices, and how the signature is marked."""

from dataclasses import replace

import pytest

from cases.rules import signing
from cases.rules.kinds import Kind
from cases.rules.signing import LetterKind, Matter
from offices.errors import NotAllowed
from offices.roles import Role
from offices.rules.parameters import Parameters
from offices.rules.presets import load

KRM, TL, BL, GF = Role.KRM_OFFICER, Role.TEAM_LEAD, Role.DIVISION_LEAD, Role.MANAGEMENT
OFFICES = ("pankow", "germersheim", "gera", "sgb3")


def rules(office: str) -> Parameters:
    return load(office).parameters


def signed_by(letter: LetterKind, kind: Kind | None = Kind.COMPLAINT, **facts) -> dict[str, tuple | str]:
    return {office: who(office, Matter(letter, kind, **facts)) for office in OFFICES}


def who(office: str, matter: Matter) -> tuple[Role, ...] | str:
    try:
        return signing.who_signs(rules(office), matter)
    except NotAllowed as refusal:
        return refusal.reason


@pytest.mark.parametrize("letter", [LetterKind.ACKNOWLEDGEMENT, LetterKind.INTERIM, LetterKind.TRANSFER])
def test_acknowledgements_interim_letters_and_abgaben_are_signed_by_the_krm_k3_k21(letter):
    assert signed_by(letter) == {"pankow": (KRM,), "germersheim": (KRM,), "gera": (KRM,), "sgb3": (KRM,)}


def test_the_answer_is_signed_as_k21_says():
    assert signed_by(LetterKind.FINAL) == {
        "pankow": signing.NO_LEVEL,
        "germersheim": (KRM,),
        "gera": (KRM, TL),
        "sgb3": (KRM, TL),
    }


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (TL, {"pankow": (TL,), "germersheim": (KRM,), "gera": (TL,), "sgb3": (TL,)}),
        (BL, {"pankow": (BL,), "germersheim": (KRM,), "gera": (KRM, TL), "sgb3": (KRM, TL)}),
        (GF, {"pankow": (GF,), "germersheim": (KRM,), "gera": (KRM, TL), "sgb3": (KRM, TL)}),
        (KRM, {"pankow": signing.NO_LEVEL, "germersheim": (KRM,), "gera": (KRM,), "sgb3": (KRM,)}),
    ],
)
def test_the_level_of_the_verfuegung_wins_among_those_allowed_pan23(level, expected):
    assert signed_by(LetterKind.FINAL, level=level) == expected


@pytest.mark.parametrize("kind", [Kind.PETITION, Kind.SUBMISSION])
def test_petitions_and_eingaben_are_signed_by_the_geschaeftsfuehrung_where_k21_says_so(kind):
    expected = {"pankow": (GF,), "germersheim": (KRM,), "gera": (GF,), "sgb3": (GF,)}
    assert signed_by(LetterKind.FINAL, kind) == expected


def test_the_answer_to_a_dienstaufsichtsbeschwerde_follows_k7():
    assert signed_by(LetterKind.FINAL, Kind.CONDUCT_COMPLAINT) == {
        "pankow": (GF,),
        "germersheim": (KRM,),
        "gera": (GF,),
        "sgb3": (KRM, TL),
    }


def test_the_answer_about_data_protection_is_signed_by_the_geschaeftsfuehrung_k11():
    assert set(signed_by(LetterKind.DATA_PROTECTION, None).values()) == {(GF,)}


@pytest.mark.parametrize("letter", LetterKind)
def test_a_complaint_against_the_geschaeftsfuehrung_is_signed_by_nobody_who_leads_pan7(letter):
    found = signed_by(letter, Kind.CONDUCT_COMPLAINT, against_management=True, level=GF)
    assert set(found.values()) == {(KRM,)}


def test_only_germersheim_agrees_the_answer_with_the_fachkraft_ger21():
    agreed = {(o, k) for o in OFFICES for k in LetterKind if signing.is_agreed_with_specialist(rules(o), Matter(k))}
    assert agreed == {("germersheim", LetterKind.FINAL)}


def test_who_is_consulted_before_the_signature_gera5_k3():
    found = {
        (office, kind): roles
        for office in OFFICES
        for kind in LetterKind
        if (roles := signing.to_consult(rules(office), Matter(kind), has_statement=False))
    }
    assert found == {("pankow", LetterKind.INTERIM): (TL, BL), ("gera", LetterKind.FINAL): (TL,)}
    assert signing.consultation((TL, BL)) == "Rücksprache mit Teamleitung und Bereichsleitung ist gehalten"


def test_an_approved_statement_stands_for_the_consultation_of_the_answer_only():
    assert signing.to_consult(rules("gera"), Matter(LetterKind.FINAL), has_statement=True) == ()
    assert signing.to_consult(rules("pankow"), Matter(LetterKind.INTERIM), has_statement=True) == (TL, BL)


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("letter", LetterKind)
def test_against_the_geschaeftsfuehrung_nobody_is_consulted_and_nobody_co_signs_pan7(office, letter):
    matter = Matter(letter, Kind.COMPLAINT, against_management=True)
    assert signing.to_consult(rules(office), matter, has_statement=False) == ()
    assert not signing.is_agreed_with_specialist(rules(office), matter)


@pytest.mark.parametrize(
    ("role", "deputises", "line"),
    [
        (GF, False, "Gudrun Falk"),
        (GF, True, "i. V. Gudrun Falk"),
        (KRM, False, "i. A. Gudrun Falk"),
        (TL, False, "i. A. Gudrun Falk"),
        (TL, True, "i. V. Gudrun Falk"),
    ],
)
def test_only_the_geschaeftsfuehrung_signs_without_a_mark_b5(role, deputises, line):
    lines = signing.signature_lines(rules("pankow").practice, role, "Gudrun Falk", "", deputises=deputises)
    assert lines.splitlines()[0] == line


def test_the_marks_are_written_as_the_office_writes_them():
    practice = replace(rules("pankow").practice, deputy_mark="In Vertretung", by_order_mark="")
    both = [signing.signature_lines(practice, TL, "Tobias Lindner", "", deputises=d) for d in (True, False)]
    assert both == ["In Vertretung Tobias Lindner\nTeamleitung", "Tobias Lindner\nTeamleitung"]


def test_the_desk_signs_as_kundenreaktionsmanagement_and_an_own_function_comes_first():
    practice = rules("pankow").practice
    assert [signing.signature_lines(practice, KRM, "Karin Ahrens", f, deputises=False) for f in ("", "Referentin")] == [
        "i. A. Karin Ahrens\nKundenreaktionsmanagement",
        "i. A. Karin Ahrens\nReferentin",
    ]
