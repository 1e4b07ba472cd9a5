"""The office's text blocks: kept by the KRM desk, put into drafts."""

from cases.letters.actions.writing import edit_letter
from cases.letters.reading.blocks import blocks_for, values_for
from cases.models import Letter, Statement, TextBlock
from cases.permissions import check_may_in
from cases.recording import record
from cases.rules.placeholders import PLACEHOLDERS, fill, unknown, with_paragraph
from cases.statements.reading.way import approved_texts
from cases.unit_of_work import action
from offices.actions import save_checked
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission

LONGEST_BODY = 20_000  # signs, as long as the form of a letter takes


@action
def save_text_block(*, by: Actor, block: TextBlock, seen_text: str | None = None) -> TextBlock:
    """Add or change a text block; what already stands in letters stays there.

    NotAllowed at `text` for a placeholder that is not in the list (rules/placeholders.py), and where somebody else
    changed the text since the page showed `seen_text`; for whom blocks are not part of the role; for a name twice.
    """
    check_may_in(by, Permission.CHANGE_TEXT_BLOCKS, block.office_id)
    is_new = block.pk is None
    if not is_new and seen_text is not None:
        _check_unchanged(block, seen_text)
    block.text = _tidy(block.text)
    if wrong := unknown(block.text):
        allowed = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise NotAllowed(f"Diese Platzhalter gibt es nicht: {', '.join(wrong)}. Möglich sind: {allowed}.", "text")
    save_checked(block)
    record(
        "text_block.added" if is_new else "text_block.changed",
        by=by,
        permission=Permission.CHANGE_TEXT_BLOCKS,
        office_id=block.office_id,
        text_block=block.pk,
    )
    return block


def insert_text_block(*, by: Actor, letter: Letter, block: TextBlock, expected_version: int, **fields: str) -> Letter:
    """Save a draft as it was typed, with the filled block before its closing paragraph; a second click adds nothing.

    `fields` are those of letters.EDITABLE; ChangedMeanwhile as `edit_letter` raises it. NotAllowed for a block that
    this letter is not offered.
    """
    if not blocks_for(letter).filter(pk=block.pk).exists():
        raise NotAllowed("Dieser Textbaustein wird für das Schreiben nicht angeboten.")
    for name, value in fields.items():
        setattr(letter, name, value)
    paragraph = fill(block.text, values_for(letter, by.today))
    return _insert(by, letter, paragraph, expected_version, fields)


def insert_statement(*, by: Actor, letter: Letter, statement: Statement, expected_version: int, **fields) -> Letter:
    """The same with an approved statement, word for word (GERA-27).

    NotAllowed for what was not approved in the round of the case, and for letters other than the answer.
    """
    approved = approved_texts(letter.case) if letter.kind == Letter.Kind.FINAL else []
    text = next((a.text for a in approved if a.statement == statement), None)
    if text is None:
        raise NotAllowed("Eingefügt wird nur eine freigegebene Stellungnahme, und nur in die Antwort.")
    for name, value in fields.items():
        setattr(letter, name, value)
    return _insert(by, letter, text, expected_version, fields)


def _insert(by: Actor, letter: Letter, paragraph: str, expected_version: int, fields: dict) -> Letter:
    body = with_paragraph(_tidy(letter.body), paragraph)
    if len(body) > LONGEST_BODY:
        raise NotAllowed("Mit diesem Text wäre das Schreiben zu lang.", "body")
    return edit_letter(by=by, letter=letter, expected_version=expected_version, **fields | {"body": body})


def _check_unchanged(block: TextBlock, seen_text: str) -> None:
    stored = TextBlock.objects.select_for_update(of=("self",), no_key=True).get(pk=block.pk)
    if _tidy(stored.text) != _tidy(seen_text):
        now = f"Jetzt lautet er: „{_tidy(stored.text)}“"
        raise NotAllowed(f"Jemand anders hat diesen Textbaustein inzwischen geändert. {now}", "text")


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
