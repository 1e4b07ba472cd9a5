"""The values of the parameters: one frozen record for each of K1-K24, for filing, practice and reminders.

`problems` of a record yields (field, German sentence) for what its fields do not allow together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from offices.calendars import STATES, Period, Unit
from offices.roles import Role, Visibility
from offices.rules.vocabulary import Channel, DeputyScope, Duty, Form, Moment, OralRule, Recipient, Rhythm, Route

Problems = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class WrittenDuties:
    letter: Duty
    fax: Duty
    email: Duty
    online_form: Duty


@dataclass(frozen=True)
class Acknowledgement:
    """K1. `period` from Eingang, its day not counted; None where the document names none (GER-18, PAN-17)."""

    duties: WrittenDuties
    period: Period | None = None
    interim_counts: bool = False

    def duty_for(self, channel: Channel) -> Duty | None:
        """How strictly this channel is owed an acknowledgement; None for oral reactions and opinion cards."""
        return getattr(self.duties, channel.value) if channel.is_written else None


@dataclass(frozen=True)
class Closure:
    """K2. `period` runs from Eingang, its day not counted (GER-20, GERA-12, PAN-17)."""

    period: Period
    applies_to: Form = Form.ALL

    def period_for(self, channel: Channel) -> Period | None:
        return self.period if self.applies_to.includes(channel) else None


@dataclass(frozen=True)
class Interim:
    """K3: the letter owed when closure takes longer (GERA-13, PAN-17).

    `period` runs from Eingang; None where it falls together with the end of the closure period.
    """

    required: bool
    period: Period | None = None
    must_state_duration: bool = False
    author: Role | None = None
    consults: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Rung:
    """One step of the ladder; without roles it lies outside the house."""

    number: int
    label: str
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Ladder:
    """K4: ordered, because „Stufe 1“ is somebody else in every office (GER-10 to 12, GERA-7, PAN-16)."""

    rungs: tuple[Rung, ...]
    applies_to: Form
    skipping_forbidden: bool

    def problems(self) -> Problems:
        if not self.rungs:
            yield "rungs", "Die Leiter braucht mindestens eine Stufe."
        elif [rung.number for rung in self.rungs] != list(range(1, len(self.rungs) + 1)):
            yield "rungs", "Die Stufen müssen lückenlos ab 1 gezählt sein."


@dataclass(frozen=True)
class OralRegistration:
    """K5: which oral reactions become a case (GER-30, GERA-8, PAN-2).

    `front_office_same_day`: the Vorzimmer takes negative ones only when the unit dealt with it that day (PAN-35).
    """

    rule: OralRule
    sentence: str
    always_when_received_by_krm: bool = False
    always_from: Role | None = None
    except_without_substance: bool = False
    front_office_same_day: bool = False

    def problems(self) -> Problems:
        if self.except_without_substance and self.always_from is None:
            yield "except_without_substance", "Die Ausnahme setzt eine genannte Führungsebene voraus."


@dataclass(frozen=True)
class Registration:
    """K6: whether and where reactions are registered (BLOG-3, GER-19)."""

    mandatory: bool
    register: str
    sentence: str


@dataclass(frozen=True)
class ConductComplaint:
    """K7: the way of a Dienstaufsichtsbeschwerde (GER-7, BLOG-5, GERA-27, PAN-7).

    `inside`: who it is where `handed_to` is somebody of the house; empty for a body outside.
    """

    registered: bool
    closed_as_not_assessable: bool = False
    first_to: Role | None = None
    assessed_by: Role | None = None
    handled_by: tuple[Role, ...] = ()
    handed_to: str = ""
    signed_by: Role | None = None
    against_management: str = ""
    inside: tuple[Role, ...] = ()

    @property
    def route(self) -> Route:
        return Route.CASE if self.registered else Route.TRANSFER

    def problems(self) -> Problems:
        if not self.registered and not self.handed_to.strip():
            yield "handed_to", "Was nicht erfasst wird, braucht eine Stelle, an die es geht."
        if self.closed_as_not_assessable and not self.registered:
            yield "closed_as_not_assessable", "Nur ein erfasster Vorgang kann als „nicht bewertbar“ enden."


@dataclass(frozen=True)
class Routing:
    """A matter that is a case or is handed over; a hand-over names who gets it.

    `inside`: in which roles, where the recipient is somebody of the house; empty for a body outside.
    """

    route: Route
    recipient: str = ""
    inside: tuple[Role, ...] = ()

    def problems(self) -> Problems:
        if self.route == Route.TRANSFER and not self.recipient.strip():
            yield "recipient", "Eine Abgabe braucht eine empfangende Stelle."


@dataclass(frozen=True)
class SupervisionComplaint(Routing):
    """K8: Fachaufsichtsbeschwerde (GERA-15)."""


@dataclass(frozen=True)
class Inquiry(Routing):
    """K9: question for information without any evaluation (GERA-15, PAN-8)."""


@dataclass(frozen=True)
class Objection(Routing):
    """K10: against a Verwaltungsakt (GER-4, GER-5, PAN-9, PAN-10).

    `lawsuit_recipient` gets what attacks a Widerspruchsbescheid, `review_recipient` an Überprüfungsantrag (§ 44 SGB X);
    without one it goes where an Anfrage goes.
    """

    lawsuit_recipient: str = ""
    review_recipient: str = ""
    concluded_with_case: bool = False


@dataclass(frozen=True)
class DataProtection(Routing):
    """K11; `split_remaining`: what goes beyond data protection stays a case of its own (PAN-11)."""

    involves: tuple[Role, ...] = ()
    signed_by: Role | None = None
    split_remaining: bool = False


@dataclass(frozen=True)
class Misconduct:
    """K12: suspicion of corruption, benefit fraud, Ordnungswidrigkeit (BLOG-4, GERA-15)."""

    corruption: Routing
    benefit_fraud: Routing
    regulatory_offence: Routing


@dataclass(frozen=True)
class Anonymous:
    """K13 (GERA-8, PAN-18)."""

    registered: bool
    archive_card: bool = True


@dataclass(frozen=True)
class Praise:
    """K14: who is told, and through whom (GER-24, PAN-18)."""

    registered: bool
    informs: tuple[Role, ...] = ()
    via: tuple[Role, ...] = ()


@dataclass(frozen=True)
class PetitionDeadline:
    """K15: `period` counts forward from Eingang of the petition (GER-26 to 28, GERA-26, PAN-28).

    `before_outside_deadline` counts backward from the committee's date in matters of the Trägerversammlung.
    """

    period: Period | None = None
    recipient: str = ""
    before_outside_deadline: Period | None = None
    same_day_to_management: bool = False
    set_by_officer: bool = False


@dataclass(frozen=True)
class PetitionRoute:
    """K16: stations upwards; `otherwise` outside the competence of the BA (BLOG-7, PAN-29, PAN-30)."""

    stations: tuple[str, ...]
    otherwise: str = ""

    def problems(self) -> Problems:
        if not self.stations:
            yield "stations", "Der Berichtsweg braucht mindestens eine Station."


@dataclass(frozen=True)
class OwnersAssembly(Routing):
    """K17: petitions in matters of the Trägerversammlung (GER-29, PAN-33)."""

    authorised_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseVisibility:
    """K18 (GER-33, PAN-36)."""

    who: Visibility


@dataclass(frozen=True)
class FirstStop:
    """K19: the desks a written reaction passes, in order (GER-13, GERA-17, PAN-19, PAN-26).

    `must_present` names the vorlagepflichtigen Fälle that the Geschäftsführung sees whatever the channel,
    `lgf_copy_units` the numbers of the Bereiche whose Verfügungen the LGF gets in copy (PAN-21). With
    `division_informed` the Bereichsleitung is told in advance as soon as a reaction is registered (PAN-19).
    """

    letter: tuple[Role, ...]
    fax: tuple[Role, ...]
    email: tuple[Role, ...]
    online_form: tuple[Role, ...]
    must_present: tuple[str, ...] = ()
    lgf_copy_units: tuple[str, ...] = ()
    division_informed: bool = False

    def stops_for(self, channel: Channel) -> tuple[Role, ...]:
        """Desks in order; empty for oral reactions and opinion cards, on which K19 is silent."""
        return getattr(self, channel.value) if channel.is_written else ()

    def problems(self) -> Problems:
        for name in ("letter", "fax", "email", "online_form"):
            if not getattr(self, name):
                yield name, "Mindestens eine Stelle muss genannt sein."


@dataclass(frozen=True)
class Report:
    recipient: str
    rhythm: Rhythm
    via: str = ""
    content: str = ""


@dataclass(frozen=True)
class Reports:
    """K20 (H-5, GER-9, GERA-4, PAN-39 to 41)."""

    entries: tuple[Report, ...] = ()


@dataclass(frozen=True)
class Signature:
    """K21: who signs what; with `final_by_directive` the Verfügung names one of `final_letter` (PAN-23).

    `consults` are heard before the KRM decides (GERA-5).
    """

    acknowledgement: tuple[Role, ...]
    final_letter: tuple[Role, ...]
    final_by_directive: bool = False
    agreed_with_specialist: bool = False
    petition: Role | None = None
    consults: tuple[Role, ...] = ()

    def problems(self) -> Problems:
        for name in ("acknowledgement", "final_letter"):
            if not getattr(self, name):
                yield name, "Mindestens eine Funktion muss zeichnen dürfen."


@dataclass(frozen=True)
class Documentation:
    """K22 (GER-19, GERA-16, PAN-38)."""

    record_in: tuple[str, ...]
    verbis_tick: bool = False
    benefit_enclosures_to_efile: bool = False

    def problems(self) -> Problems:
        if not self.record_in:
            yield "record_in", "Mindestens ein Ablageort muss genannt sein."


@dataclass(frozen=True)
class Deputy:
    role: Role
    deputy: Role
    scope: DeputyScope
    label: str = ""


@dataclass(frozen=True)
class Deputies:
    """K23: which function stands in for which (GERA-3, PAN-14)."""

    entries: tuple[Deputy, ...] = ()


@dataclass(frozen=True)
class HolidayState:
    """K24; None where the document holds for several Länder and each office brings its own."""

    code: str | None = None

    def problems(self) -> Problems:
        if self.code is not None and self.code not in STATES:
            yield "code", f"„{self.code}“ ist kein Bundesland; erlaubt sind: {', '.join(sorted(STATES))}."


@dataclass(frozen=True)
class FilePlan:
    """Kind of case -> Aktenzeichen; a kind without its own is filed under `general` (PAN-37)."""

    general: str = "II-6000"
    complaint: str = ""
    conduct_complaint: str = ""
    submission: str = ""
    petition: str = ""
    praise: str = ""
    suggestion: str = ""
    evaluation: str = ""

    def reference_for(self, kind: str) -> str:
        """The Aktenzeichen of a kind; kinds the plan does not know are filed under `general`."""
        return getattr(self, kind, "") or self.general


@dataclass(frozen=True)
class Filing:
    """Where closed cases are filed and for how many years (PAN-37)."""

    file_plan: FilePlan = field(default_factory=FilePlan)
    retention_years: int = 10


@dataclass(frozen=True)
class Practice:
    """What is laid down on the spot: concerns a case may hold, whether dienstfreie Tage count as Arbeitstage,
    whether a personal talk comes first (GERA-11), what stands before a name that signs for another (B5), and from how
    many cases on a report that leaves the house tells a number (B4-10).
    """

    max_concerns: int = 3
    closed_days_are_working_days: bool = True
    talk_first: bool = False
    deputy_mark: str = "i. V."
    by_order_mark: str = "i. A."
    smallest_told: int = 3

    def problems(self) -> Problems:
        if not 2 <= self.smallest_told <= 20:
            yield "smallest_told", "Bitte eine Zahl von 2 bis 20 angeben."


@dataclass(frozen=True)
class ReminderStep:
    """When a deadline is recalled and to whom; `working_days` are Arbeitstage of the office, none on the day."""

    moment: Moment
    tells: tuple[Recipient, ...]
    working_days: int | None = None

    @property
    def offset(self) -> int:
        """Arbeitstage from the day it is due: negative before, 0 on the day, positive after."""
        days = self.working_days or 0
        return -days if self.moment == Moment.BEFORE else days

    @property
    def words(self) -> str:
        """„2 AT vorher“, „am Tag“, „1 AT danach“."""
        if self.moment == Moment.ON_THE_DAY:
            return self.moment.label
        return f"{self.working_days} AT {self.moment.label}"

    def problems(self) -> Problems:
        if not self.tells:
            yield "tells", "Mindestens eine Stelle muss erinnert werden."
        if (self.working_days is None) != (self.moment == Moment.ON_THE_DAY):
            yield "working_days", "Vorher und danach brauchen eine Zahl von Arbeitstagen, der Tag selbst keine."


LAST_HOUR = 22
STEPS_OF = ("desk", "closure", "statements", "directives", "follow_ups", "rests", "presentation")
_R = Recipient
_BEFORE = ReminderStep(Moment.BEFORE, (_R.RESPONSIBLE,), 2)
_ON_THE_DAY = ReminderStep(Moment.ON_THE_DAY, (_R.RESPONSIBLE,))
UP_THE_LINE = (
    _BEFORE,
    _ON_THE_DAY,
    ReminderStep(Moment.AFTER, (_R.RESPONSIBLE, _R.ONE_ABOVE), 1),
    ReminderStep(Moment.AFTER, (_R.RESPONSIBLE, _R.TWO_ABOVE), 3),
    ReminderStep(Moment.AFTER, (_R.RESPONSIBLE, _R.THREE_ABOVE), 5),
)
ONE_S_OWN = (_ON_THE_DAY, *(ReminderStep(Moment.AFTER, (_R.RESPONSIBLE,), days) for days in (1, 3)))
SAME_DAY = (
    _ON_THE_DAY,
    ReminderStep(Moment.AFTER, (_R.RESPONSIBLE, _R.MANAGEMENT), 1),
    ReminderStep(Moment.AFTER, (_R.RESPONSIBLE, _R.MANAGEMENT), 3),
)


@dataclass(frozen=True)
class Reminders:
    """Who is reminded of what and when; told from `hour` o'clock on Arbeitstagen of the office.

    The levels above are counted from whoever has it in hand: Teamleitung, Bereichsleitung, Geschäftsführung, who ends
    the line. `desk` is for what the KRM owes wherever the case lies: acknowledgement and interim letter (K1, K3); above
    the desk stands the Geschäftsführung. A rest of which nobody said when it ends is looked at after `review_of_rest`.
    """

    hour: int = 7
    desk: tuple[ReminderStep, ...] = UP_THE_LINE
    closure: tuple[ReminderStep, ...] = UP_THE_LINE
    statements: tuple[ReminderStep, ...] = UP_THE_LINE
    directives: tuple[ReminderStep, ...] = UP_THE_LINE
    follow_ups: tuple[ReminderStep, ...] = ONE_S_OWN
    rests: tuple[ReminderStep, ...] = (_BEFORE, *ONE_S_OWN)
    presentation: tuple[ReminderStep, ...] = SAME_DAY
    review_of_rest: Period = Period(10, Unit.WORKING_DAYS)

    def problems(self) -> Problems:
        if self.hour > LAST_HOUR:
            yield "hour", f"Die Stunde muss zwischen 1 und {LAST_HOUR} liegen."
        for name in STEPS_OF:
            offsets = [step.offset for step in getattr(self, name)]
            if not offsets:
                yield name, "Mindestens eine Stufe muss genannt sein, sonst wird die Frist vergessen."
            if offsets != sorted(set(offsets)):
                yield name, "Die Stufen müssen zeitlich aufeinander folgen, jede an einem anderen Tag."
