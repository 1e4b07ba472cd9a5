"""What comes in: kind, way, person, words and Anliegen of one reaction, drawn at random."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from cases.models import Person
from cases.models.concern import Nature
from cases.rules.kinds import Channel, Kind
from cases.rules.registration import search_name
from krm.demo.bulk.house import Place, Team
from krm.demo.bulk.wording import BY_KIND, FIRST_NAMES, LAST_NAMES, STREETS, TOPICS

CONDUCT_TOPICS = ("Freundlichkeit", "Kompetenz", "Diskriminierung")
CONDUCT_SHARE = 0.29
KINDS = {
    Kind.COMPLAINT: 84,
    Kind.PRAISE: 7,
    Kind.SUGGESTION: 5,
    Kind.SUBMISSION: 3,
    Kind.PETITION: 1,
}
# share ten years ago and today
CHANNELS = {
    Channel.LETTER: (36, 16),
    Channel.FAX: (7, 1),
    Channel.EMAIL: (22, 32),
    Channel.ONLINE_FORM: (2, 19),
    Channel.PHONE: (16, 17),
    Channel.IN_PERSON: (11, 8),
    Channel.OPINION_CARD: (4, 2),
    Channel.SERVICE_CENTER: (2, 5),
}
ANONYMOUS, WITH_UNIT, WISHES, NAMES_SOMEBODY, REPRESENTED = 0.04, 0.75, 0.35, 0.15, 0.03
CONCERNS = (0.82, 0.96)  # up to which draw there is one, there are two; three beyond
PHONE_SHARE, EMAIL_SHARE, NUMBER_SHARE = 0.5, 0.5, 0.6


class Draw:
    """One of several things by their shares; quick, because the shares are added up once."""

    def __init__(self, shares: dict):
        self.things = list(shares)
        self.weights = list(accumulate(shares.values()))

    def of(self, rng: Random):
        return self.things[bisect(self.weights, rng.random() * self.weights[-1])]


def _of_year(share: float) -> Draw:
    return Draw({channel: old + (new - old) * share for channel, (old, new) in CHANNELS.items()})


STEPS = 20
_CHANNELS = [_of_year(step / STEPS) for step in range(STEPS + 1)]
_KINDS = Draw(KINDS)
_TOPICS = {
    Nature.CONDUCT: Draw({name: TOPICS[name][0] for name in CONDUCT_TOPICS}),
    Nature.MATTER: Draw({name: share for name, (share, _, _) in TOPICS.items() if name not in CONDUCT_TOPICS}),
}


@dataclass(frozen=True)
class Concern:
    nature: str
    topic_id: int
    unit_id: int | None


@dataclass(frozen=True)
class Reaction:
    """`persons` are rows without the case; `names` whom it is about: (person of the house, name in the letter)."""

    kind: Kind
    channel: Channel
    is_anonymous: bool
    wants_acknowledgement: bool
    subject: str
    text: str
    team: Team | None
    persons: tuple[tuple, ...]
    concerns: tuple[Concern, ...]
    names: tuple[int | None, str] | None

    @property
    def needs_answer(self) -> bool:
        """Nobody answers a card or somebody nameless."""
        return not self.is_anonymous and self.channel != Channel.OPINION_CARD


def reaction(rng: Random, place: Place, progress: float) -> Reaction:
    """One reaction; `progress` is how much of the period has gone by, from 0 to 1."""
    kind = _KINDS.of(rng)
    channel = Channel.LETTER if kind == Kind.PETITION else _CHANNELS[int(progress * STEPS)].of(rng)
    chance = 0.5 if channel == Channel.OPINION_CARD else ANONYMOUS if kind == Kind.COMPLAINT else 0
    is_anonymous = rng.random() < chance
    team = rng.choice(place.teams) if kind != Kind.PRAISE and rng.random() < WITH_UNIT else None
    nature = Nature.CONDUCT if rng.random() < CONDUCT_SHARE else Nature.MATTER
    topic = _TOPICS[nature].of(rng)
    subject, text = _words(rng, kind, topic)
    names = None
    if nature == Nature.CONDUCT and kind == Kind.COMPLAINT and rng.random() < NAMES_SOMEBODY:
        names = (rng.choice(team.staff_ids), "") if team else (None, f"Frau {rng.choice(LAST_NAMES)}")
    return Reaction(
        kind=kind,
        channel=channel,
        is_anonymous=is_anonymous,
        wants_acknowledgement=rng.random() < WISHES,
        subject=subject,
        text=text,
        team=team,
        persons=() if is_anonymous else _persons(rng, place),
        concerns=_concerns(rng, place, team, nature, topic),
        names=names,
    )


def _words(rng: Random, kind: Kind, topic: str) -> tuple[str, str]:
    if kind in BY_KIND:
        subject, text = BY_KIND[kind]
        return f"{subject}: {topic}", text
    _, subjects, texts = TOPICS[topic]
    text = " ".join(rng.sample(texts, rng.randrange(1, len(texts) + 1)))
    return rng.choice(subjects), f"{text} Bitte klären Sie das.".replace("{n}", str(rng.randrange(2, 10)))


def _concerns(rng: Random, place: Place, team: Team | None, nature: str, topic: str) -> tuple[Concern, ...]:
    unit_id = team.unit_id if team else None
    found = [Concern(nature, place.topics[topic], unit_id)]
    draw = rng.random()
    for limit in CONCERNS:
        if draw > limit:
            other = _TOPICS[Nature.MATTER].of(rng)
            found.append(Concern(Nature.MATTER, place.topics[other], unit_id))
    return tuple(found)


def _persons(rng: Random, place: Place) -> tuple[tuple, ...]:
    salutation = "ms" if rng.random() < 0.5 else "mr"
    first, last = rng.choice(FIRST_NAMES[salutation]), rng.choice(LAST_NAMES)
    found = [
        (
            Person.Capacity.COMPLAINANT.value,
            salutation,
            first,
            last,
            "",
            f"{rng.choice(STREETS)} {rng.randrange(1, 120)}",
            place.postcode,
            place.city,
            f"person{rng.randrange(100_000)}@post.example" if rng.random() < EMAIL_SHARE else "",
            f"{rng.randrange(100_000, 999_999)}" if rng.random() < PHONE_SHARE else "",
            f"{rng.randrange(100, 999)}A{rng.randrange(100_000, 999_999)}" if rng.random() < NUMBER_SHARE else "",
            search_name(last, first),
        )
    ]
    if rng.random() < REPRESENTED:
        name = f"Sozialverband {place.city}"
        found.append(
            (Person.Capacity.REPRESENTATIVE.value, "", "", "", name, f"{rng.choice(STREETS)} 1", place.postcode,
             place.city, "", "", "", search_name("", "", name))
        )  # fmt: skip
    return tuple(found)
