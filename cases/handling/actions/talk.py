"""The personal talk: whether it was offered first, and whether it took place (GERA-11)."""

from datetime import date

from cases.handling.actions.notes import keep_note
from cases.models import Case, Note
from cases.recording import locked, record, save
from cases.rules.intake import day_problem
from cases.rules.kinds import TALK_LABELS, Talk
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission

NOTED_BEFORE = "Das ist schon so vermerkt."
NO_TALK = "Bitte angeben, was aus dem Gespräch geworden ist."
NO_WORDS_OF_TALK = "Bitte kurz festhalten, was besprochen wurde."
NEEDS_WORDS = {
    Talk.HELD: NO_WORDS_OF_TALK,
    Talk.NOT_SUITABLE: "Bitte kurz begründen, warum ein Gespräch nicht möglich oder nicht sinnvoll ist.",
}


@action
def note_talk(*, by: Actor, case: Case, talk: str, on: date, note: str = "") -> Case:
    """Enter what became of the personal talk with the person; `on` lies between Eingang and today.

    What was said in a talk is a Kontaktvermerk, anything else stays in the house. NotAllowed without words where
    they are needed, for impossible days, and for what is entered already.
    """
    case = locked(case, by=by, permission=Permission.WORK)
    if talk not in TALK_LABELS:
        raise NotAllowed(NO_TALK, "talk")
    if problem := day_problem(on, received_on=case.received_on, today=by.today):
        raise NotAllowed(problem, "on")
    if talk in NEEDS_WORDS and not note.strip():
        raise NotAllowed(NEEDS_WORDS[Talk(talk)], "note")
    if (case.talk, case.talk_on) == (talk, on) and talk != Talk.HELD:
        raise NotAllowed(NOTED_BEFORE)
    if case.talk == Talk.HELD and talk != Talk.HELD:
        raise NotAllowed(
            f"Vermerkt ist schon, dass ein Gespräch stattgefunden hat (am {case.talk_on:%d.%m.%Y}).", "talk"
        )
    kept = _keep(case, talk, note, by)
    case.talk, case.talk_on = talk, on
    save(case)
    record(
        "case.talk",
        by=by,
        permission=Permission.WORK,
        office_id=case.office_id,
        case=case,
        note=kept,
        talk=TALK_LABELS[Talk(talk)],
        on=on.isoformat(),
    )
    return case


def _keep(case: Case, talk: str, note: str, by: Actor) -> Note | None:
    """The words, once: a second click brings the same again."""
    if not note.strip():
        return None
    kind = Note.Kind.CONTACT if talk == Talk.HELD else Note.Kind.INTERNAL
    if case.notes.filter(round=case.round, kind=kind, text=note.strip(), by=by.user_id).exists():
        raise NotAllowed(NOTED_BEFORE)
    return keep_note(case, note, by=by, kind=kind)
