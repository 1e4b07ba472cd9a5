"""What the pages about statements show: the stations with their state, the versions with their differences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cases.models import Case, Note, Signature, Statement, StatementStation, StatementVersion
from cases.rule_lines import RuleLine, rule_line
from cases.rules.kinds import Kind
from cases.rules.statements import Part, earlier_positions, next_position
from cases.rules.word_diff import Piece, word_diff
from cases.statements.reading.way import hash_of, parts_of, signature_at, signed_positions, station_of
from offices.roles import Role

SIGNED = {Part.CO_SIGN: "mitgezeichnet", Part.APPROVE: "freigegeben"}


def rule_behind(case: Case) -> RuleLine:
    """The office's rule for which the statement is needed: who answers in the end, or the way of a complaint (K7)."""
    if case.kind == Kind.CONDUCT_COMPLAINT:
        return rule_line(case, "conduct_complaint")
    roles = " oder ".join(Role(role).label for role in case.rule_set.parameters.signature.final_letter)
    return rule_line(case, "signature", f"die Antwort zeichnet {roles}")


@dataclass(frozen=True)
class StationRow:
    """A station in words: `state` is what happened, `badge` how it looks, `at` since or when."""

    station: StatementStation
    state: str
    badge: str
    at: date | datetime | None = None
    by: str = ""
    in_place_of: str = ""


@dataclass(frozen=True)
class VersionRow:
    """A version with what changed since the one before; the first one has no differences."""

    version: StatementVersion
    differences: list[Piece]


def station_rows(statement: Statement) -> list[StationRow]:
    """The stations in order, each with where it stands now."""
    signatures, text_hash = list(statement.signatures.all()), hash_of(statement)
    return [_station_row(station, statement, signatures, text_hash) for station in statement.stations.all()]


def _station_row(
    station: StatementStation, statement: Statement, signatures: list[Signature], text_hash: str
) -> StationRow:
    if statement.is_open and station.position == statement.position:
        return StationRow(station, "liegt hier seit", "info", lies_since(statement))
    if signature := signature_at(station, signatures, text_hash):
        state = SIGNED[Part(station.part)]
        return StationRow(station, state, "success", signature.at, str(signature.by), str(signature.for_user or ""))
    if station.part == Part.DRAFT and (last := _last(statement)):
        other = last.by_id != station.user_id
        return StationRow(station, "geschrieben", "success", last.at, str(last.by), str(station.user) if other else "")
    if fallen := [s for s in signatures if station.user_id == (s.for_user_id or s.by_id) and s.voided_at]:
        return StationRow(station, "Zeichnung hinfällig seit", "warning", fallen[-1].voided_at)
    return StationRow(station, "noch nicht gezeichnet", "neutral")


def lies_since(statement: Statement) -> date | None:
    """The day since which it lies where it lies."""
    open_rows = [row.since_on for row in statement.assignments.all() if row.is_open]
    return max(open_rows, default=None)


def version_rows(statement: Statement) -> list[VersionRow]:
    """All versions handed on, newest first."""
    versions = list(statement.versions.all())
    earlier = [None, *versions]
    rows = [
        VersionRow(version, word_diff(before.text, version.text) if before else [])
        for before, version in zip(earlier, versions, strict=False)
    ]
    return rows[::-1]


def unsaved_differences(statement: Statement) -> list[Piece]:
    """What changed since the last version was handed on; nothing before the first."""
    last = _last(statement)
    return word_diff(last.text, statement.text) if last and last.text != statement.text else []


def return_stations(statement: Statement) -> list[StatementStation]:
    """The stations to which it may be returned now."""
    stations = list(statement.stations.all())
    positions = earlier_positions(
        statement.position, stations=len(stations), is_approved=statement.approved_at is not None
    )
    return [station for station in stations if station.position in positions]


def return_note(statement: Statement) -> Note | None:
    """The note with which it came back to where it lies."""
    notes = [row.note for row in statement.assignments.all() if row.is_open and row.note]
    return notes[-1] if notes else None


def sign_button(statement: Statement) -> str:
    return "Freigeben" if station_of(statement).part == Part.APPROVE else "Mitzeichnen"


def sign_consequence(statement: Statement) -> str:
    """What happens when the station signs, in one sentence."""
    if station_of(statement).part == Part.APPROVE:
        return (
            "Die Stellungnahme geht in genau dieser Fassung an das KRM und kann so in das Schreiben übernommen werden."
        )
    ahead = next_position(parts_of(statement), signed_positions(statement) | {statement.position})
    following = next(station for station in statement.stations.all() if station.position == ahead)
    return f"Die Stellungnahme geht in dieser Fassung weiter an {following.user} ({following.get_part_display()})."


@dataclass(frozen=True)
class StatementRow:
    """A statement in one line of the case's page: where it lies, since when, until when."""

    statement: Statement
    state: str
    badge: str
    with_whom: str
    since: date | datetime | None


def statement_row(statement: Statement) -> StatementRow:
    if statement.withdrawn_on:
        return StatementRow(statement, "zurückgezogen", "neutral", "", statement.withdrawn_on)
    if statement.approved_at:
        return StatementRow(statement, "freigegeben", "success", "", statement.approved_at)
    station = station_of(statement)
    part = station.get_part_display()
    return StatementRow(statement, part, "info", str(station.user), lies_since(statement))


def _last(statement: Statement) -> StatementVersion | None:
    versions: Iterable[StatementVersion] = statement.versions.all()
    return max(versions, key=lambda version: version.number, default=None)
