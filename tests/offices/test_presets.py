"""The five published rule sets: what each document says stands in its data, cell by cell of the rulebook's matrix."""

from datetime import date

import pytest

from offices.calendars import Period, Unit
from offices.roles import Role, Visibility
from offices.rules import presets
from offices.rules.parameters import FIELDS, ParameterErrors
from offices.rules.presets import Participation, load
from offices.rules.vocabulary import (
    Binding,
    Channel,
    DeputyScope,
    Duty,
    Form,
    LegalArea,
    OralRule,
    Rhythm,
    Route,
)

OFFICES = ("sgb3", "germersheim", "gera", "pankow")


def calendar_days(amount: int) -> Period:
    return Period(amount, Unit.CALENDAR_DAYS)


def working_days(amount: int) -> Period:
    return Period(amount, Unit.WORKING_DAYS)


def cells(rule, question, *answers):
    """One row of the matrix: the answer of each office to the same question."""
    return [
        pytest.param(slug, question, answer, id=f"{rule}-{slug}") for slug, answer in zip(OFFICES, answers, strict=True)
    ]


def route(name):
    return lambda p: (getattr(p, name).route, getattr(p, name).recipient)


CASE, TRANSFER = Route.CASE, Route.TRANSFER
KRM, GF, TL, BL, MA = Role.KRM_OFFICER, Role.MANAGEMENT, Role.TEAM_LEAD, Role.DIVISION_LEAD, Role.EMPLOYEE

MATRIX = [
    *cells("K1-period", lambda p: p.acknowledgement.period, working_days(3), working_days(7), None, working_days(3)),
    *cells(
        "K1-letter",
        lambda p: p.acknowledgement.duty_for(Channel.LETTER),
        Duty.ALWAYS,
        Duty.ALWAYS,
        Duty.DISCRETION,
        Duty.USUALLY,
    ),
    *cells(
        "K1-email",
        lambda p: p.acknowledgement.duty_for(Channel.EMAIL),
        Duty.ALWAYS,
        Duty.ALWAYS,
        Duty.DISCRETION,
        Duty.DISCRETION,
    ),
    *cells("K1-interim-counts", lambda p: p.acknowledgement.interim_counts, False, True, False, False),
    *cells(
        "K2-period",
        lambda p: p.closure.period,
        calendar_days(14),
        working_days(14),
        calendar_days(14),
        working_days(10),
    ),
    *cells("K2-form", lambda p: p.closure.applies_to, Form.ALL, Form.WRITTEN, Form.ALL, Form.ALL),
    *cells("K3-required", lambda p: p.interim.required, False, False, True, True),
    *cells("K3-period", lambda p: p.interim.period, None, None, calendar_days(14), None),
    *cells("K3-states-duration", lambda p: p.interim.must_state_duration, False, False, True, False),
    *cells("K3-consults", lambda p: p.interim.consults, (), (), (), (TL, BL)),
    *cells("K3-author", lambda p: p.interim.author, None, None, None, KRM),
    *cells(
        "K4-rungs",
        lambda p: [rung.roles for rung in p.ladder.rungs],
        [(MA, TL), ()],
        [(MA,), (TL,), (KRM, GF)],
        [(MA,), (TL,), (KRM,), (TL, BL, GF)],
        [(TL,), (BL,), (GF,)],
    ),
    *cells("K4-form", lambda p: p.ladder.applies_to, Form.ALL, Form.ORAL, Form.ORAL, Form.ALL),
    *cells("K4-no-skipping", lambda p: p.ladder.skipping_forbidden, False, False, True, True),
    *cells(
        "K5-rule",
        lambda p: p.oral_registration.rule,
        OralRule.ALWAYS,
        OralRule.NOT_IF_SETTLED_AT_ONCE,
        OralRule.NOT_IF_SETTLED_SAME_DAY,
        OralRule.ALWAYS,
    ),
    *cells("K5-phone-to-krm", lambda p: p.oral_registration.always_when_received_by_krm, False, True, False, False),
    *cells("K5-from-leader", lambda p: p.oral_registration.always_from, None, None, TL, None),
    *cells("K5-without-substance", lambda p: p.oral_registration.except_without_substance, False, False, True, False),
    *cells("K6-mandatory", lambda p: p.registration.mandatory, True, True, True, True),
    *cells("K7-registered", lambda p: p.conduct_complaint.registered, True, False, True, True),
    *cells("K7-not-assessable", lambda p: p.conduct_complaint.closed_as_not_assessable, True, False, False, False),
    *cells(
        "K7-handed-to",
        lambda p: p.conduct_complaint.handed_to,
        "Interner Service",
        "Geschäftsführung",
        "",
        "jeweilige Führungskraft",
    ),
    *cells("K7-assessed-by", lambda p: p.conduct_complaint.assessed_by, None, None, KRM, None),
    *cells("K7-handled-by", lambda p: p.conduct_complaint.handled_by, (), (GF,), (TL,), (TL, BL)),
    *cells("K7-signed-by", lambda p: p.conduct_complaint.signed_by, None, None, GF, GF),
    *cells("K8-route", lambda p: p.supervision_complaint.route, CASE, CASE, CASE, CASE),
    *cells("K9-route", lambda p: p.inquiry.route, TRANSFER, TRANSFER, TRANSFER, TRANSFER),
    *cells(
        "K10-recipient",
        route("objection"),
        (TRANSFER, "Rechtsbehelfsstelle"),
        (TRANSFER, "Widerspruchsstelle / Sachgebiet SGG"),
        (TRANSFER, "Rechtsbehelfsstelle"),
        (TRANSFER, "Rechtsbehelfsstelle 791/792"),
    ),
    *cells(
        "K10-lawsuit",
        lambda p: p.objection.lawsuit_recipient,
        "Rechtsbehelfsstelle",
        "Sachgebiet SGG",
        "Rechtsbehelfsstelle",
        "SGG-Stelle",
    ),
    *cells("K10-together", lambda p: p.objection.concluded_with_case, False, False, False, True),
    *cells("K11-route", lambda p: p.data_protection.route, TRANSFER, TRANSFER, TRANSFER, TRANSFER),
    *cells("K11-signed-by", lambda p: p.data_protection.signed_by, None, None, None, GF),
    *cells(
        "K12-routes",
        lambda p: {
            p.misconduct.corruption.route,
            p.misconduct.benefit_fraud.route,
            p.misconduct.regulatory_offence.route,
        },
        {TRANSFER},
        {TRANSFER},
        {TRANSFER},
        {TRANSFER},
    ),
    *cells("K13-registered", lambda p: p.anonymous.registered, True, True, True, True),
    *cells("K13-archive-card", lambda p: p.anonymous.archive_card, True, True, True, False),
    *cells("K14-registered", lambda p: p.praise.registered, True, True, True, True),
    *cells("K14-way", lambda p: (p.praise.via, p.praise.informs), ((), (TL,)), ((GF,), (TL,)), ((), ()), ((), (TL,))),
    *cells("K15-period", lambda p: p.petition_deadline.period, None, Period(2, Unit.WEEKS), None, None),
    *cells("K15-backward", lambda p: p.petition_deadline.before_outside_deadline, None, calendar_days(14), None, None),
    *cells("K15-same-day", lambda p: p.petition_deadline.same_day_to_management, False, False, False, True),
    *cells(
        "K16-stations",
        lambda p: p.petition_route.stations,
        ("Regionaldirektion", "BMAS"),
        ("KRM AA Landau", "RD RPS"),
        ("RD SAT", "BMAS", "Petitionsausschuss des Deutschen Bundestages"),
        ("AA Berlin Nord", "RD BB"),
    ),
    *cells("K17-route", lambda p: p.owners_assembly.route, CASE, CASE, CASE, TRANSFER),
    *cells(
        "K18-who",
        lambda p: p.visibility.who,
        Visibility.KRM_AND_UNIT_LEADERS,
        Visibility.KRM_AND_MANAGEMENT_ONLY,
        Visibility.KRM_AND_UNIT_LEADERS,
        Visibility.KRM_AND_ALL_LEADERS,
    ),
    *cells("K19-letter", lambda p: p.first_stop.stops_for(Channel.LETTER), (KRM,), (KRM,), (GF, KRM), (KRM, GF)),
    *cells("K19-email", lambda p: p.first_stop.stops_for(Channel.EMAIL), (KRM,), (KRM,), (GF, KRM), (KRM, BL)),
    *cells("K19-phone", lambda p: p.first_stop.stops_for(Channel.PHONE), (), (), (), ()),
    *cells(
        "K20-rhythms",
        lambda p: [report.rhythm for report in p.reports.entries],
        [Rhythm.YEARLY],
        [Rhythm.YEARLY, Rhythm.YEARLY, Rhythm.REGULARLY, Rhythm.REGULARLY],
        [Rhythm.REGULARLY, Rhythm.ON_DEMAND, Rhythm.REGULARLY],
        [Rhythm.QUARTERLY, Rhythm.HALF_YEARLY, Rhythm.YEARLY, Rhythm.HALF_YEARLY],
    ),
    *cells("K21-final", lambda p: p.signature.final_letter, (KRM, TL), (KRM,), (KRM, TL), (TL, BL, GF)),
    *cells("K21-specialist", lambda p: p.signature.agreed_with_specialist, False, True, False, False),
    *cells("K22-verbis", lambda p: p.documentation.verbis_tick, False, False, True, False),
    *cells(
        "K23-deputies",
        lambda p: [(entry.deputy, entry.scope) for entry in p.deputies.entries],
        [],
        [(TL, DeputyScope.ALL)],
        [(KRM, DeputyScope.ALL)],
        [(Role.EXPERT, DeputyScope.DECISIONS), (Role.FRONT_OFFICE, DeputyScope.ADMINISTRATION)],
    ),
    *cells("K24-state", lambda p: p.state.code, None, "RP", "TH", "BE"),
]


@pytest.mark.parametrize(("slug", "question", "answer"), MATRIX)
def test_the_matrix_of_the_offices_is_in_the_data(slug, question, answer):
    assert question(load(slug).parameters) == answer


def test_there_are_five_presets_and_each_can_be_loaded():
    assert [preset.slug for preset in map(presets.load, presets.slugs())] == [
        "gera",
        "germersheim",
        "hega-2015",
        "pankow",
        "sgb3",
    ]


def test_an_unknown_preset_is_no_preset():
    with pytest.raises(KeyError):
        load("../pankow")


READINGS = [
    pytest.param("pankow", "acknowledgement", "drei-arbeitstage", ["drei-arbeitstage", "dritter-tag"], id="K1"),
    pytest.param("gera", "supervision_complaint", "erfassen", ["erfassen", "kein-krm"], id="K8"),
    pytest.param("gera", "inquiry", "fachaufgabe", ["fachaufgabe", "krm"], id="K9"),
    pytest.param("germersheim", "petition_deadline", "zwei-wochen", ["zwei-wochen", "vierzehn-arbeitstage"], id="K15"),
]


@pytest.mark.parametrize(("slug", "name", "chosen", "keys"), READINGS)
def test_a_contradiction_is_an_explicit_choice_with_a_note(slug, name, chosen, keys):
    origin = load(slug).parameters.provenance[name]

    assert (origin.chosen, [reading.key for reading in origin.readings]) == (chosen, keys)
    assert len({reading.value for reading in origin.readings}) == 2
    assert origin.note


def test_no_other_parameter_offers_readings():
    offering = {
        (preset.slug, name)
        for preset in map(presets.load, presets.slugs())
        for name, origin in preset.parameters.provenance.items()
        if origin.readings
    }
    assert offering == {(*case.values[:2],) for case in READINGS}


UNCONFIRMED = {
    "pankow": {"misconduct", "practice", "reminders"},
    "germersheim": {"inquiry", "data_protection", "misconduct", "anonymous", "filing", "practice", "reminders"},
    "gera": {
        "objection",
        "data_protection",
        "misconduct",
        "petition_route",
        "owners_assembly",
        "visibility",
        "signature",
        "filing",
        "practice",
        "reminders",
    },
    "hega-2015": set(FIELDS) - {"petition_route", "reports"},
}


@pytest.mark.parametrize(("slug", "names"), UNCONFIRMED.items(), ids=list(UNCONFIRMED))
def test_what_a_document_does_not_say_is_marked_and_explained(slug, names):
    origins = load(slug).parameters.provenance

    assert {name for name, origin in origins.items() if not origin.confirmed} == names
    assert all(origins[name].note for name in names)


def test_a_gap_is_filled_from_the_standard_and_says_so():
    gera, standard = load("gera").parameters, load("sgb3").parameters

    assert gera.visibility == standard.visibility
    assert gera.provenance["visibility"].note.startswith(
        "Das Dokument sagt dazu nichts. Vorläufig übernommen aus „BA-Standard SGB III“; bitte vor Ort festlegen."
    )


def test_hega_is_expired_after_its_last_day_h2():
    hega = load("hega-2015").about

    assert (hega.valid_from, hega.valid_until) == (date(2015, 9, 21), date(2019, 12, 31))
    assert not hega.is_expired(date(2019, 12, 31))
    assert hega.is_expired(date(2020, 1, 1))
    assert not load("pankow").about.is_expired(date(2099, 1, 1))


def test_hega_has_reference_and_validity_per_legal_area_h1():
    hega = load("hega-2015").about

    assert hega.reference == "FU-1492 / II-6000 / 8035"
    assert hega.legal_areas == (LegalArea.SGB2, LegalArea.SGB3)
    assert hega.binding is Binding.BINDING


def test_hega_names_what_it_revokes_and_what_had_lapsed_h3():
    hega = load("hega-2015").about

    assert hega.revokes == (
        "HEGA 03/2009-08",
        "HEGA 07/2011-04",
        "HEGA 11/2011-08",
        "HEGA 02/2012-08",
        "HEGA 09/2013-03",
    )
    assert hega.lapsed == (
        "HEGA 11/2007-22",
        "HEGA 11/2007-26",
        "E-Mail-Info SGB II und SGB III vom 07.11.2008",
        "HEGA 07/2009-07",
        "Verfahrensinformation SGB III und SGB II vom 24.04.2013",
    )


def test_germersheim_cites_three_instructions_that_are_gone_h3():
    hega, germersheim = load("hega-2015").about, load("germersheim").about

    assert sorted(set(germersheim.based_on) & {*hega.revokes, *hega.lapsed}) == [
        "HEGA 02/2012-08",
        "HEGA 07/2011-04",
        "HEGA 11/2007-22",
    ]


def test_participation_is_recorded_with_unknown_dates_h17_ger38():
    assert load("hega-2015").about.participation == (Participation("Hauptpersonalrat"),)
    assert load("germersheim").about.participation == (
        Participation("Personalrat"),
        Participation("Gleichstellungsbeauftragte"),
    )


@pytest.mark.parametrize(
    ("slug", "valid_from"),
    [("germersheim", date(2012, 5, 22)), ("gera", date(2012, 2, 16)), ("pankow", date(2019, 3, 1))],
    ids=["GER-1", "GERA-1", "PAN-1"],
)
def test_the_instructions_of_the_jobcenters_hold_until_revoked(slug, valid_from):
    about = load(slug).about

    assert (about.valid_from, about.valid_until, about.legal_areas) == (valid_from, None, (LegalArea.SGB2,))


def test_pankow_says_that_only_the_month_is_known_and_that_it_is_reviewed_pan42():
    pankow = load("pankow").about

    assert "nur „März 2019“" in pankow.note
    assert (pankow.review_on, "KRM-Beauftragten" in pankow.review_note) == (None, True)


def test_pankow_files_by_its_own_plan_for_ten_years_pan37():
    parameters = load("pankow").parameters

    assert parameters.retention_years == 10
    assert {kind: parameters.file_plan.reference_for(kind) for kind in vars(parameters.file_plan)} == {
        "general": "II-6000",
        "complaint": "II-6001",
        "conduct_complaint": "II-6001.1",
        "submission": "II-6002",
        "petition": "II-6003",
        "praise": "II-6000",
        "suggestion": "II-6000",
        "evaluation": "II-6004",
    }


def test_practice_is_three_concerns_and_dienstfreie_days_count_everywhere():
    assert {
        (preset.parameters.max_concerns, preset.parameters.closed_days_are_working_days)
        for preset in map(presets.load, presets.slugs())
    } == {(3, True)}


def test_a_broken_head_of_a_preset_is_refused_at_its_places():
    with pytest.raises(ParameterErrors) as caught:
        presets.parse("x", {"title": "", "issuer": "A", "valid_from": "2019-02-30", "binding": "binding", "y": 1})

    assert caught.value.errors == {
        "title": "Dieser Text darf nicht leer sein.",
        "valid_from": "„2019-02-30“ ist kein Datum (JJJJ-MM-TT).",
        "legal_areas": "Diese Angabe fehlt.",
        "y": "Diese Angabe ist unbekannt.",
    }
