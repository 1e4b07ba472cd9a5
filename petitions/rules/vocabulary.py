"""The closed lists of words that petitions, their routes and their stations are written in, with German labels."""

from offices.rules.vocabulary import Labelled, LegalArea

__all__ = [
    "AnswerForm",
    "CheckArea",
    "Competence",
    "Direction",
    "DispatchWay",
    "LegalArea",
    "Outcome",
    "PetitionForm",
    "PetitionKind",
    "RequestKind",
    "Requester",
    "Section",
    "StationRole",
    "Topic",
    "Way",
]


class PetitionKind(Labelled):
    """To whom it was addressed: a petition to a parliament, an Eingabe to a government body (GER-8, PAN-6)."""

    PETITION = "petition", "Petition"
    SUBMISSION = "submission", "Eingabe"


class Requester(Labelled):
    """Who asks for the Stellungnahme (B2-8)."""

    BUNDESTAG = "bundestag", "Petitionsausschuss des Deutschen Bundestages"
    LANDTAG = "landtag", "Petitionsausschuss des Landtags oder Abgeordnetenhauses"
    OMBUDSPERSON = "ombudsperson", "Bürgerbeauftragte"
    BMAS = "bmas", "BMAS"
    STATE_CHANCELLERY = "state_chancellery", "Staatskanzlei oder Regierender Bürgermeister"
    PRESIDENT = "president", "Bundespräsident"
    MEMBER_OF_PARLIAMENT = "member_of_parliament", "MdB oder MdL"
    REGIONAL_DIRECTORATE = "regional_directorate", "Regionaldirektion"
    OTHER = "other", "andere anfordernde Stelle"


class Competence(Labelled):
    """Who answers for the matter (B2-9; §§ 6, 6a, 44b, 44c SGB II)."""

    FEDERAL = "federal", "Bundesagentur für Arbeit"
    MUNICIPAL = "municipal", "Kommune"
    OWNERS_ASSEMBLY = "owners_assembly", "Trägerversammlung"
    LICENSED = "licensed", "zugelassener kommunaler Träger"
    MIXED = "mixed", "mehrere Zuständigkeiten"


class Topic(Labelled):
    """What it is about, as far as the way depends on it (H-7, H-9 to H-13)."""

    BENEFITS = "benefits", "Leistungen zum Lebensunterhalt"
    PLACEMENT = "placement", "Vermittlung und Eingliederung"
    HOUSING_COSTS = "housing_costs", "Unterkunft und Heizung"
    ORGANISATION = "organisation", "Organisation und Personal"
    STAFF_CONDUCT = "staff_conduct", "Verhalten von Beschäftigten"
    SERVICE_CENTRE = "service_centre", "Service-Center"
    COLLECTION = "collection", "Inkasso und Zentralkasse"
    LABOUR_MARKET_ADMISSION = "labour_market_admission", "Arbeitsmarktzulassung"
    CHILD_BENEFIT = "child_benefit", "Kindergeld und Kinderzuschlag"
    FUNDAMENTAL = "fundamental", "Grundsätzliches und Geschäftspolitisches"
    OTHER = "other", "Sonstiges"


class StationRole(Labelled):
    """What a station does with it; the words follow the name of the body."""

    REQUEST = "request", "fordert die Stellungnahme an"
    FORWARD = "forward", "leitet weiter"
    REGISTER = "register", "erfasst"
    NOTE = "note", "nimmt zur Kenntnis"
    DIRECT = "direct", "verfügt"
    DRAFT = "draft", "entwirft die Stellungnahme"
    WRITE = "write", "schreibt die Stellungnahme in der vorgeschriebenen Form"
    CHECK = "check", "prüft Form und Inhalt"
    AGREE = "agree", "stimmt zu"
    AUTHORISE = "authorise", "autorisiert für den Träger"
    RELEASE = "release", "gibt fachlich frei"
    JOIN = "join", "führt die Teile zusammen"
    SIGN = "sign", "zeichnet schluss"
    DISPATCH = "dispatch", "versendet"
    SAMPLE = "sample", "sieht jede fünfte Stellungnahme vorab"
    OWN = "own", "verantwortet den Gesamtvorgang"
    RECEIVE = "receive", "erhält die Stellungnahme"

    @property
    def is_approval(self) -> bool:
        """Whether the station says yes to a text; a part of a mixed statement is not whole without it."""
        return self in (StationRole.CHECK, StationRole.AGREE, StationRole.AUTHORISE, StationRole.RELEASE)


class Way(Labelled):
    DOWN = "down", "abwärts"
    HOUSE = "house", "im Haus"
    UP = "up", "aufwärts"


class Direction(Labelled):
    """How a date is counted: forward from the Eingang, or back from a later date."""

    FORWARD = "forward", "vorwärts"
    BACK = "back", "rückwärts"


class Outcome(Labelled):
    """What became of a station's turn."""

    PASSED_ON = "passed_on", "weitergegeben"
    RETURNED = "returned", "zurückgegeben"
    SKIPPED = "skipped", "übersprungen"
    NOTED = "noted", "zur Kenntnis genommen"


class PetitionForm(Labelled):
    """How many stand behind it (B2-4)."""

    SINGLE = "single", "Einzelpetition"
    MULTIPLE = "multiple", "Mehrfachpetition"
    COLLECTIVE = "collective", "Sammelpetition"


class RequestKind(Labelled):
    """What is asked for under the number of a petition (B2-4, B2-5)."""

    FIRST = "first", "Anforderung einer Stellungnahme"
    SUPPLEMENTARY = "supplementary", "ergänzende Anforderung"
    STATE = "state", "Sachstandsanfrage"
    EXTENSION = "extension", "Fristverlängerung"
    FILES = "files", "Aktenanforderung"


class AnswerForm(Labelled):
    FULL = "full", "ausführliche Stellungnahme"
    SHORT = "short", "kurze Stellungnahme"
    ORAL = "oral", "mündliche Auskunft"
    FILES = "files", "Akten"


class DispatchWay(Labelled):
    POST = "post", "Post"
    COURIER = "courier", "Kurier"
    EMAIL = "email", "E-Mail"
    EXCHANGE = "exchange", "elektronischer Aktenaustausch"


class Section(Labelled):
    """The fixed sections of a Stellungnahme, in their order (B2-10)."""

    SUMMARY = "summary", "Kurzfassung"
    FACTS = "facts", "Sachverhalt"
    LAW = "law", "Rechtslage"
    RESULT = "result", "Ergebnis"
    CLOSING = "closing", "Weiteres Verfahren"


class CheckArea(Labelled):
    """What KRM checks a Stellungnahme for (PAN-29)."""

    FORM = "form", "Form"
    CLARITY = "clarity", "Klarheit"
    COMPLETENESS = "completeness", "Vollständigkeit"
    PLAUSIBILITY = "plausibility", "Plausibilität"
