"""What stands beside the figures of the demo offices: survey, households, measures, reports in every state."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from offices.models import Office, User
from offices.queries import Actor, actor_for
from reporting.actions.beside import SurveyRow, carry_out, enter_households, enter_surveys, plan_measure
from reporting.actions.reports import approve_report, count_waiting, draft_owed, edit_texts, present_report
from reporting.models import Report

GRADES = ("2,6", "2,5", "2,7", "2,4")
SUMMARY = (
    "Es gingen {received} Vorgänge ein, {closed} wurden abgeschlossen. Die Abschlussfrist wurde zu {closed_in_time} "
    "gehalten.\nAufgefallen sind die Kosten der Unterkunft: Heizkosten werden häufiger nachgefragt als im Vorjahr."
)


def populate(office: Office, today: date) -> None:
    """Results of two years, two measures, the reports that are owed: one approved, one presented, the others drafts."""
    krm, controlling, leader = (_acting(office, part, today) for part in ("krm", "controlling", "gf"))
    halves = [(today.year - 2, 2), (today.year - 1, 1), (today.year - 1, 2), (today.year, 1)]
    rows = [
        SurveyRow(year, half, Decimal(grade.replace(",", ".")), 100)
        for (year, half), grade in zip(halves, GRADES, strict=True) if date(year, 6 * half - 5, 1) <= today
    ]  # fmt: skip
    enter_surveys(by=controlling, office=office, rows=rows)
    for year in (today.year - 2, today.year - 1, today.year):
        enter_households(by=controlling, office=office, year=year, number=9_000 + 37 * (year % 7))
    _measures(office, krm, today)
    draft_owed(by=Actor(user=None, today=today), office=office)
    count_waiting(timezone.now())
    for place, report in enumerate(Report.objects.filter(office=office).order_by("pk")):
        _write(report, krm)
        if place < 2:
            report.refresh_from_db()
            present_report(by=krm, report=report, expected_version=report.version)
        if place == 0:
            report.refresh_from_db()
            approve_report(by=leader, report=report, expected_version=report.version)


def _measures(office: Office, krm: Actor, today: date) -> None:
    unit = office.units.get(number="722")
    plan_measure(
        by=krm, office=office, unit=unit, due_on=today + timedelta(days=30), check_on=today + timedelta(days=120),
        cause="Beschwerden über lange Bearbeitung in der Leistungsgewährung häufen sich.",
        what="Zwei Kräfte aus Team Leistung A helfen bis zum Jahresende aus.",
    )  # fmt: skip
    done = plan_measure(
        by=krm, office=office, unit=None, due_on=today + timedelta(days=5), check_on=today + timedelta(days=60),
        cause="Die automatische Tür am Eingang war mehrmals außer Betrieb.",
        what="Wartungsvertrag geschlossen; am Empfang hängt die Nummer der Haustechnik.",
    )  # fmt: skip
    carry_out(by=krm, measure=done, on=today)


def _write(report: Report, krm: Actor) -> None:
    report.refresh_from_db()
    edit_texts(by=krm, report=report, expected_version=report.version, texts={"summary": SUMMARY})


def _acting(office: Office, part: str, today: date) -> Actor:
    return actor_for(User.objects.get(username=f"{office.slug}.{part}"), today)
