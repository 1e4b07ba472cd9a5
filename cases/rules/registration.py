"""What is entered at registration, as frozen values: the form builds them, the action reads them."""

from dataclasses import dataclass
from datetime import date

from cases.rules.kinds import Channel, Kind, LegalArea


@dataclass(frozen=True)
class PersonData:
    """Fields of cases.models.Person by the same names."""

    last_name: str = ""
    first_name: str = ""
    salutation: str = ""
    organisation: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""
    customer_number: str = ""
    accessible_form: str = ""
    language: str = ""


@dataclass(frozen=True)
class ConcernData:
    """`topic_id` and `unit_id` belong to the office; the action checks it."""

    nature: str
    topic_id: int
    unit_id: int | None = None
    summary: str = ""


@dataclass(frozen=True)
class EmployeeData:
    """Somebody complained about: a person of the house, or only a name from the letter."""

    user_id: int | None = None
    name: str = ""


@dataclass(frozen=True)
class UploadedFile:
    """A checked upload: type by content, size and SHA-256 of `content`."""

    name: str
    content_type: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class Registration:
    subject: str
    text: str
    received_on: date
    reached_krm_on: date
    written_on: date | None = None
    kind: Kind = Kind.COMPLAINT
    channel: Channel = Channel.LETTER
    legal_area: LegalArea = LegalArea.SGB2
    is_anonymous: bool = False
    wants_acknowledgement: bool = False
    is_sealed: bool = False
    unit_id: int | None = None
    unit_dealt_on: date | None = None
    person: PersonData | None = None
    representative: PersonData | None = None
    concerns: tuple[ConcernData, ...] = ()
    employees: tuple[EmployeeData, ...] = ()
    files: tuple[UploadedFile, ...] = ()
    import_key: str = ""


LONGEST_SEARCH_NAME = 240  # folding makes two or three letters of some


def search_name(last_name: str, first_name: str, organisation: str = "") -> str:
    """A person's name as it is looked up: lower case, ß as ss, one blank between „nachname vorname“."""
    name = f"{last_name} {first_name}" if last_name else organisation
    return " ".join(name.casefold().split())[:LONGEST_SEARCH_NAME]
