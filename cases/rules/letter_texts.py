"""The words of the first letters: simple templates with a fixed list of placeholders, filled once for a draft.

What people have written is only ever put in as a value, never read as a template. `GAP` marks what the writer still
has to say herself; a letter that contains it cannot be issued.
"""

import re
from dataclasses import dataclass
from datetime import date

from cases.rules.kinds import Channel, Kind
from cases.rules.objections import asks_for_form
from cases.rules.triage import Reason

GAP = "[Bitte ergänzen:"
PLACEHOLDERS = frozenset(
    {"message", "thanks", "received_on", "expected_on", "recipient", "contact_name", "contact_phone", "reference"}
)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class LetterFacts:
    """What a template may say. `expected_on` is the open end of the closure deadline, if there is one."""

    channel: Channel
    received_on: date
    reference: str
    contact_name: str
    contact_phone: str
    written_on: date | None = None
    kind: Kind | None = None
    expected_on: date | None = None
    recipient: str = ""
    reason: Reason | None = None
    objection_until_on: date | None = None
    against_management: bool = False


@dataclass(frozen=True)
class LetterText:
    subject: str
    body: str


QUESTIONS = (
    "Haben Sie Fragen? Ihre Ansprechperson ist {contact_name}, Telefon {contact_phone}. "
    "Bitte nennen Sie bei einem Anruf die Nummer {reference}."
)
EXPECTED = (
    "Sie erhalten von uns voraussichtlich bis zum {expected_on} eine Antwort. Sollte es länger dauern, "
    "geben wir Ihnen vorher Bescheid."
)
NOT_KNOWN_YET = (
    "Wie lange das dauert, können wir heute noch nicht sicher sagen. Wir melden uns bei Ihnen, so bald es geht."
)
NO_OBJECTION = (
    "Noch ein wichtiger Hinweis: Eine Beschwerde ersetzt keinen Widerspruch. Wenn Sie gegen einen Bescheid vorgehen "
    "möchten, gilt die Frist, die im Bescheid steht."
)
WE_LAY_IT_BEFORE = (
    "Wir nehmen Ihr Anliegen ernst. Weil es die Geschäftsführung betrifft, haben wir es der Stelle vorgelegt, die für "
    "sie zuständig ist; im Haus befasst sich damit nur das Kundenreaktionsmanagement."
)
WE_LOOK_INTO_IT = (
    "Wir nehmen Ihr Anliegen ernst und gehen ihm nach. Dazu sprechen wir mit den Kolleginnen und Kollegen, die damit "
    "befasst sind."
)
FIRST_WORDS = {
    Kind.PRAISE: "Über Ihre freundlichen Worte freuen wir uns. Wir geben sie an die Kolleginnen und Kollegen weiter, "
    "für die sie bestimmt sind.",
    Kind.SUGGESTION: "Anregungen wie Ihre helfen uns, besser zu werden. Wir prüfen, was wir davon umsetzen können.",
}
ANSWERS = {
    Kind.PRAISE: "Über Ihre freundlichen Worte haben wir uns gefreut und sie weitergegeben.",
    Kind.SUGGESTION: "Wir haben Ihre Anregung geprüft.\n\n"
    "[Bitte ergänzen: Was setzen Sie davon um, und wann? Wenn nicht: Warum nicht?]",
}
ANSWER = "Wir haben Ihr Anliegen geprüft.\n\n[Bitte ergänzen: Was ist geschehen? Was ist das Ergebnis, und warum?]"
NOT_YET = (
    "Ihr Anliegen ist noch nicht abschließend geklärt. Wir arbeiten daran und brauchen dafür mehr Zeit als gedacht; "
    "bitte entschuldigen Sie das."
)
EXPECTED_LATER = "Sie erhalten unsere Antwort voraussichtlich bis zum {expected_on}."
DATA_PROTECTION = (
    "Wir haben geprüft, wie mit Ihren Daten umgegangen wurde.\n\n"
    "[Bitte ergänzen: Was hat die Prüfung ergeben? Was wird geändert?]"
)
DAY_OF_EINGANG = "Für die Frist zählt der Tag, an dem sie bei uns eingegangen ist, der {received_on}."
TRANSFER = {
    Reason.OBJECTION: "Wir verstehen Ihre Nachricht als Widerspruch und haben sie deshalb an die zuständige Stelle "
    "weitergegeben: {recipient}. Sie erhalten von dort einen schriftlichen Bescheid.",
    Reason.LAWSUIT: "Sie wenden sich gegen einen Widerspruchsbescheid. Wir haben Ihre Nachricht deshalb an die "
    "zuständige Stelle weitergegeben: {recipient}. Bitte beachten Sie: Gegen einen Widerspruchsbescheid ist die Klage "
    "beim Sozialgericht vorgesehen. Bis wann Sie klagen können, steht am Ende des Bescheids.",
    Reason.REVIEW: "Sie möchten, dass ein früherer Bescheid überprüft wird (§ 44 SGB X). Wir haben Ihren Antrag "
    "deshalb an die zuständige Stelle weitergegeben: {recipient}. Sie erhalten von dort einen schriftlichen Bescheid.",
}
TRANSFER_OTHERWISE = (
    "Für Ihr Anliegen ist eine andere Stelle zuständig. Wir haben es dorthin weitergegeben: {recipient}. "
    "Sie müssen nichts weiter tun; Sie erhalten von dort Nachricht."
)

# How the reaction came in: in a subject line, and after „vielen Dank für“.
_MESSAGES = {
    Channel.LETTER: ("Ihr Schreiben", "Ihr Schreiben", "das"),
    Channel.FAX: ("Ihr Fax", "Ihr Fax", "das"),
    Channel.EMAIL: ("Ihre E-Mail", "Ihre E-Mail", "die"),
    Channel.ONLINE_FORM: ("Ihre Online-Nachricht", "Ihre Nachricht über das Onlineformular", "die"),
    Channel.PHONE: ("Ihr Anruf", "Ihren Anruf", ""),
    Channel.IN_PERSON: ("Ihr Gespräch mit uns", "das Gespräch mit uns", ""),
    Channel.SERVICE_CENTER: ("Ihr Anruf", "Ihren Anruf beim Service-Center", ""),
    Channel.OPINION_CARD: ("Ihre Meinungskarte", "Ihre Meinungskarte", "die"),
}


def acknowledgement(facts: LetterFacts) -> LetterText:
    """First reaction: thanks, what happens now, until when, whom to call (GER-17, PAN-17, PAN-20)."""
    otherwise = WE_LAY_IT_BEFORE if facts.against_management else WE_LOOK_INTO_IT
    paragraphs = ["vielen Dank für {thanks}.", FIRST_WORDS.get(facts.kind, otherwise)]
    if facts.kind != Kind.PRAISE:
        paragraphs.append(EXPECTED if facts.expected_on else NOT_KNOWN_YET)
    paragraphs.append(QUESTIONS)
    if facts.kind in (Kind.COMPLAINT, Kind.CONDUCT_COMPLAINT):
        paragraphs.append(NO_OBJECTION)
    news = "Vielen Dank" if facts.kind == Kind.PRAISE else "Wir haben Ihr Anliegen aufgenommen"
    return _text(f"{{message}}: {news}", paragraphs, facts)


def final_letter(facts: LetterFacts) -> LetterText:
    """Answer with its contact person (GERA-14); the result itself is left to the writer."""
    paragraphs = ["vielen Dank für {thanks}.", ANSWERS.get(facts.kind, ANSWER), QUESTIONS]
    return _text("{message}: Unsere Antwort", paragraphs, facts)


def interim_letter(facts: LetterFacts) -> LetterText:
    """It takes longer, and how long (GERA-13, PAN-17); `expected_on` is the day that is promised now."""
    later = EXPECTED_LATER if facts.expected_on else NOT_KNOWN_YET
    return _text("{message}: Zwischennachricht", ["vielen Dank für {thanks}.", NOT_YET, later, QUESTIONS], facts)


def data_protection_letter(facts: LetterFacts) -> LetterText:
    """Answer to the part that is about personal data (PAN-11); the result is left to the writer."""
    return _text("{message}: Umgang mit Ihren Daten", ["vielen Dank für {thanks}.", DATA_PROTECTION, QUESTIONS], facts)


def transfer_letter(facts: LetterFacts) -> LetterText:
    """Who has the matter now, and what that means for a running period (GER-4, GER-5, PAN-9, PAN-10)."""
    paragraphs = ["vielen Dank für {thanks}.", TRANSFER.get(facts.reason, TRANSFER_OTHERWISE), QUESTIONS]
    if facts.reason == Reason.OBJECTION:
        paragraphs.insert(2, asks_for_form(facts.channel, facts.objection_until_on) or DAY_OF_EINGANG)
    return _text("{message}: Wir haben Ihr Anliegen weitergegeben", paragraphs, facts)


def salutation(title: str, first_name: str, last_name: str) -> str:
    """`title` is „Frau“, „Herr“ or empty; without a last name everybody at the address is greeted."""
    if not last_name:
        return "Sehr geehrte Damen und Herren,"
    if title == "Frau":
        return f"Sehr geehrte Frau {last_name},"
    if title == "Herr":
        return f"Sehr geehrter Herr {last_name},"
    return f"Guten Tag {first_name} {last_name},".replace("  ", " ")


def fill(template: str, values: dict[str, str]) -> str:
    """Put the values in once; braces inside a value stay as they are. KeyError for an unknown placeholder."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)


def _text(subject: str, paragraphs: list[str], facts: LetterFacts) -> LetterText:
    values = _values(facts)
    return LetterText(fill(subject, values), fill("\n\n".join(paragraphs), values))


def _values(facts: LetterFacts) -> dict[str, str]:
    noun, thanks_for, relative = _MESSAGES[facts.channel]
    received_on = _in_words(facts.received_on)
    written = f" vom {_in_words(facts.written_on)}" if facts.written_on and relative else ""
    thanks = (
        f"{thanks_for}{written}, {relative} am {received_on} bei uns eingegangen ist"
        if relative
        else f"{thanks_for} am {received_on}"
    )
    return {
        "message": f"{noun}{written}" if written else f"{noun} vom {received_on}",
        "thanks": thanks,
        "received_on": received_on,
        "expected_on": _in_words(facts.expected_on) if facts.expected_on else "",
        "recipient": facts.recipient,
        "contact_name": facts.contact_name,
        "contact_phone": facts.contact_phone,
        "reference": facts.reference,
    }


def _in_words(day: date) -> str:
    return f"{day:%d.%m.%Y}"
