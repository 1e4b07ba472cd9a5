"""Registering a list: the same action as the page, nothing twice, one line for each refused row."""

import os
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cases.management.commands import import_list
from cases.models import Case, Event, RegistrationDraft, Topic
from offices.models import Membership
from tests.cast import actor

SHARED = Path(os.environ.get("KRM_SHARED_DATA") or settings.BASE_DIR.parent / "shared" / "data")
REAL = SHARED / "citizen_reports.csv"
OFFICES = "berlin-nord, gera, germersheim, pankow, rd-bb"
HEADER = "ID,Gemeldet-am,Kategorie,Gruppe,Stadtteil,Text\n"
ROWS = """\
11,2020-01-07 08:12:00,Beleuchtung > Straßenlaternen defekt," Stadtwerke
",,"Lampe 7 defekt,
seit Montag "
12,2021-05-12 23:59:00,"Straßen, Fahrrad & Verkehr > Ampel defekt",Tiefbauamt,Altstadt,Die Ampel ist aus.
13,2022-10-31,Hinweise > Hinweise,,Keine Angabe,Bitte mehr Bänke.
"""


@pytest.fixture
def listed(house, tmp_path):
    """Writes rows into a file and imports it; the lines of standard output."""

    def run(rows=ROWS, *, header=HEADER, office="pankow", **options):
        path = tmp_path / "liste.csv"
        path.write_bytes((header + rows).encode(options.pop("encoding", "utf-8")))
        return imported(path, office=office, **options)

    return run


def imported(path, *, office="pankow", map="citizen_reports", **options):  # noqa: A002 - the option's name
    out = StringIO()
    call_command("import_list", str(path), office=office, map=map, stdout=out, **options)
    return out.getvalue().splitlines()


def test_rows_become_cases_through_the_action(listed):
    assert listed() == ["3 neu erfasst, 0 schon vorhanden, 0 abgelehnt."]
    cases = list(Case.objects.order_by("reference"))
    assert [(c.import_key, c.received_on, c.reached_krm_on, c.subject, c.text) for c in cases] == [
        (
            "citizen_reports:11",
            date(2020, 1, 7),
            date(2020, 1, 7),
            "Beleuchtung: Straßenlaternen defekt",
            "Lampe 7 defekt,\nseit Montag",
        ),
        (
            "citizen_reports:12",
            date(2021, 5, 12),
            date(2021, 5, 12),
            "Straßen, Fahrrad & Verkehr: Ampel defekt",
            "Die Ampel ist aus.",
        ),
        ("citizen_reports:13", date(2022, 10, 31), date(2022, 10, 31), "Hinweise", "Bitte mehr Bänke."),
    ]
    assert {(c.channel, c.is_anonymous, c.legal_area, c.registered_by.username) for c in cases} == {
        ("online_form", True, "sgb2", "pankow.krm")
    }
    assert [[(str(c.topic), c.nature, c.summary) for c in case.concerns.all()] for case in cases] == [
        [("Organisation: Räume und Barrierefreiheit", "matter", "Stadtwerke")],
        [("Erreichbarkeit: persönlich", "matter", "Tiefbauamt, Altstadt")],
        [("Sonstiges: Sonstiges", "matter", "")],
    ]
    assert Event.objects.filter(code="case.registered").count() == 3


def test_the_deadline_is_that_of_the_rules_in_force_then(listed):
    listed()
    first = Case.objects.get(import_key="citizen_reports:11")
    assert (first.rule_set.preset, first.next_due_on) == ("pankow", date(2020, 1, 21))  # 10 AT


def test_a_second_run_registers_nothing_twice(listed):
    listed()
    assert listed() == ["0 neu erfasst, 3 schon vorhanden, 0 abgelehnt."]
    assert Case.objects.count() == 3


def test_a_row_that_stands_twice_in_the_file_is_registered_once(listed):
    twice = ROWS.splitlines(keepends=True)[-1]
    assert listed(ROWS + twice) == ["3 neu erfasst, 1 schon vorhanden, 0 abgelehnt."]


def test_the_same_list_may_go_to_two_offices(listed):
    listed()
    assert listed(office="berlin-nord") == ["3 neu erfasst, 0 schon vorhanden, 0 abgelehnt."]
    assert Case.objects.filter(office__slug="berlin-nord", legal_area="sgb3").count() == 3


def test_a_dry_run_changes_nothing_and_says_what_would_be(listed):
    twice = ROWS.splitlines(keepends=True)[-1]
    assert listed(ROWS + twice + "14,gestern,A > B,,,Text\n", dry_run=True) == [
        "Zeile 5, ID 14: „gestern“ ist kein Datum.",
        "3 wären neu zu erfassen (Probelauf, nichts geändert), 1 schon vorhanden, 1 abgelehnt.",
    ]
    assert (Case.objects.count(), Event.objects.count()) == (0, 0)


def test_each_refused_row_has_one_clear_line_and_the_others_are_registered(listed):
    rows = (
        "21,,Hinweise > Hinweise,,,ohne Tag\n"
        "22,2020-02-30,Hinweise > Hinweise,,,30. Februar\n"
        "23,2021-01-04,Hinweise > Hinweise,,, \n"
        ",2021-01-04,Hinweise > Hinweise,,,ohne Nummer\n"
        "25,2031-01-04,Hinweise > Hinweise,,,aus der Zukunft\n"
        "26,2018-01-04,Hinweise > Hinweise,,,vor dem Konzept\n"
        "27,2021-01-04,Hinweise > Hinweise,,,zu viel,noch mehr\n"
        "28,2021-01-04\n"
        "29,2021-01-04,,,,ohne Kategorie\n"
    )
    assert listed(rows) == [
        "Zeile 1, ID 21: Die Spalte „Gemeldet-am“ ist leer.",
        "Zeile 2, ID 22: „2020-02-30“ ist kein Datum.",
        "Zeile 3, ID 23: Die Spalte „Text“ ist leer.",
        "Zeile 4, ID ohne: Die Spalte „ID“ ist leer.",
        "Zeile 5, ID 25: Das Datum liegt in der Zukunft.",
        "Zeile 6, ID 26: Für „Jobcenter Berlin Pankow“ ist am 04.01.2018 kein Regelwerk in Kraft.",
        "Zeile 7, ID 27: Die Zeile hat mehr Spalten als die Kopfzeile.",
        "Zeile 8, ID 28: Die Spalte „Text“ ist leer.",
        "1 neu erfasst, 0 schon vorhanden, 8 abgelehnt.",
    ]
    assert [c.subject for c in Case.objects.all()] == ["Meldung ohne Kategorie"]


def test_without_the_topic_a_row_goes_to_the_rest_and_without_the_rest_it_is_refused(listed):
    Topic.objects.filter(office__slug="pankow").exclude(name="Sonstiges").update(is_active=False)
    listed()
    assert {str(c.concerns.get().topic) for c in Case.objects.all()} == {"Sonstiges: Sonstiges"}
    Topic.objects.all().update(is_active=False)
    assert listed("31,2021-01-04,Hinweise > Hinweise,,,Text\n") == [
        "Zeile 1, ID 31: Der Themenkatalog kennt weder das Thema noch „Sonstiges“.",
        "0 neu erfasst, 0 schon vorhanden, 1 abgelehnt.",
    ]


def test_an_interrupted_run_keeps_what_it_has_and_the_next_one_goes_on(listed, monkeypatch):
    register, calls = import_list.register, []

    def interrupted_at_the_second(**kwargs):
        calls.append(kwargs)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return register(**kwargs)

    monkeypatch.setattr(import_list, "register", interrupted_at_the_second)
    with pytest.raises(CommandError) as stopped:
        listed()
    assert str(stopped.value) == (
        "Abgebrochen. 1 neu erfasst, 0 schon vorhanden, 0 abgelehnt. Ein neuer Lauf macht dort weiter."
    )
    assert listed() == ["2 neu erfasst, 1 schon vorhanden, 0 abgelehnt."]


def test_the_half_filled_form_of_the_officer_stays(listed):
    by = actor("pankow.krm")
    RegistrationDraft.objects.create(user=by.user, data={"subject": ["x"]}, saved_at="2026-11-23T08:00:00Z")
    listed()
    assert RegistrationDraft.objects.count() == 1


def test_somebody_else_may_be_named_as_acting(listed):
    listed(by="pankow.vz")
    assert {c.registered_by.username for c in Case.objects.all()} == {"pankow.vz"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"office": "bonn"}, f"Eine Dienststelle „bonn“ gibt es nicht; vorhanden: {OFFICES}."),
        ({"map": "emails"}, "Eine Liste „emails“ ist nicht bekannt; möglich ist: citizen_reports."),
        ({"by": "niemand"}, "Eine Person „niemand“ gibt es nicht."),
        ({"by": "gera.krm"}, "„gera.krm“ darf in dieser Dienststelle nicht erfassen."),
    ],
)
def test_what_makes_the_command_impossible_is_said_in_german(listed, options, sentence):
    with pytest.raises(CommandError) as refusal:
        listed(**options)
    assert str(refusal.value) == sentence


def test_an_office_without_officers_asks_for_a_name(listed):
    Membership.objects.filter(office__slug="pankow", role="krm_officer").delete()
    with pytest.raises(CommandError) as refusal:
        listed()
    assert str(refusal.value) == (
        "„Jobcenter Berlin Pankow“ hat keine KRM-Beauftragten; bitte mit --by angeben, wer erfasst."
    )


def test_a_file_that_is_no_such_list_is_refused_as_a_whole(listed, tmp_path):
    path = tmp_path / "liste.csv"
    columns = "Gemeldet-am, Kategorie, Gruppe, Stadtteil"

    def refusal(action, *args, **options):
        with pytest.raises(CommandError) as refused:
            action(*args, **options)
        return str(refused.value)

    assert refusal(listed, header="ID,Text\n") == (
        f"„{path}“ hat nicht die Spalten der Liste „citizen_reports“; es fehlt: {columns}."
    )
    assert refusal(listed, encoding="cp1252") == f"„{path}“ ist nicht in UTF-8 geschrieben."
    assert refusal(imported, tmp_path / "fehlt.csv") == f"Die Datei „{tmp_path / 'fehlt.csv'}“ gibt es nicht."
    assert refusal(imported, tmp_path) == f"„{tmp_path}“ lässt sich nicht lesen."


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('14,2022-10-31,A,B,C,"Die Lampe', "Ein Anführungszeichen wird nicht geschlossen"),
        (f"14,2022-10-31,A,B,C,{'x' * 131_073}", "Ein Feld ist länger als 131.072 Zeichen"),
    ],
)
def test_a_file_that_ends_in_the_middle_or_runs_over_is_refused_by_name(listed, row, reason):
    with pytest.raises(CommandError, match=rf"ab Zeile \d+ keine gültige CSV-Datei: {reason}\."):
        listed(ROWS + row)
    assert not Case.objects.exists()


def test_a_moment_with_its_time_zone_is_the_day_it_was_here(listed):
    listed("15,2022-07-31T22:30:00Z,A,B,C,Spät am Abend.\n16,2022-07-31T22:30:00+02:00,A,B,C,Auch spät.\n")
    assert [c.received_on for c in Case.objects.order_by("pk")] == [date(2022, 8, 1), date(2022, 7, 31)]


def test_a_byte_order_mark_at_the_beginning_does_no_harm(listed):
    assert listed(encoding="utf-8-sig") == ["3 neu erfasst, 0 schon vorhanden, 0 abgelehnt."]


@pytest.mark.skipif(not REAL.exists(), reason="the real list lies beside the checkout")
def test_the_300_real_reports_are_registered_once(house):
    assert imported(REAL) == ["300 neu erfasst, 0 schon vorhanden, 0 abgelehnt."]
    assert imported(REAL) == ["0 neu erfasst, 300 schon vorhanden, 0 abgelehnt."]
    cases = Case.objects.filter(office=house["pankow"], is_anonymous=True)
    days = cases.order_by("received_on").values_list("received_on", flat=True)
    assert (len(days), days[0], days.reverse()[0]) == (300, date(2020, 1, 1), date(2022, 10, 31))
    assert cases.exclude(deadlines__kind="closure").count() == 0
    topics = {str(topic) for topic in Topic.objects.filter(pk__in=cases.values("concerns__topic"))}
    assert topics == {"Organisation: Räume und Barrierefreiheit", "Erreichbarkeit: persönlich", "Sonstiges: Sonstiges"}


@pytest.mark.skipif(not REAL.exists(), reason="the real list lies beside the checkout")
def test_under_rules_that_have_expired_every_real_report_is_refused(house):
    lines = imported(REAL, office="rd-bb")
    assert lines[0] == (
        "Zeile 1, ID 2972: Für „Regionaldirektion Berlin-Brandenburg“ ist am 01.01.2020 kein Regelwerk in Kraft."
        " Das letzte galt bis 31.12.2019; erfasst wird erst wieder mit einer neuen Fassung."
    )
    assert (len(lines), lines[-1]) == (301, "0 neu erfasst, 0 schon vorhanden, 300 abgelehnt.")


@pytest.mark.parametrize("identity", ["9" * 41, "1\x1b[31m", "\u202e11"])
def test_row_whose_number_is_none_is_refused(listed, identity):
    line, summary = listed(f"{identity},2022-10-31,Hinweise > Hinweise,,Keine Angabe,Bitte mehr Bänke.\n")

    assert line.endswith("Die Spalte „ID“ ist keine Nummer.")
    assert summary == "0 neu erfasst, 0 schon vorhanden, 1 abgelehnt."
