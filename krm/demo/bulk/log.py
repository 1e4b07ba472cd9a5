"""The event log of all generated offices: kept back until its day comes, then chained in the order of time."""

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256

from cases.rules.chain import GENESIS
from krm.demo.bulk.days import moment, timestamp

Entry = tuple[int, int, int, str, int, int | None, str]  # second, office, case, code, by, note, data


def data_text(data: dict[str, str | int | None]) -> str:
    """What an event holds, in the canonical form of JSON that its hash covers; labels, dates and numbers only."""
    return f"{{{','.join([_pair(key, data[key]) for key in sorted(data)])}}}"


def _pair(key: str, value: str | int | None) -> str:
    return f'"{key}":"{value}"' if isinstance(value, str) else f'"{key}":{"null" if value is None else value}'


@dataclass
class Log:
    """`heads`: office -> last place and hash. `rows` are those of closed days, ready to be written."""

    heads: dict[int, tuple[int, str]] = field(default_factory=dict)
    rows: list[tuple] = field(default_factory=list)
    _ahead: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def add(self, day: int, entry: Entry) -> None:
        self._ahead[day].append(entry)

    def close_day(self, day: int) -> None:
        """Chain what happened on the day; days are closed one after the other."""
        for second, office, case, code, by, note, data in sorted(self._ahead.pop(day, ()), key=lambda e: e[0]):
            seq, previous = self.heads.get(office, (0, GENESIS))
            seq += 1
            hashed = _digest(previous, office, seq, case, timestamp(day, second), code, by, note, data)
            self.rows.append((office, seq, case, moment(day, second), code, by, note, data, previous, hashed))
            self.heads[office] = seq, hashed

    @property
    def is_empty(self) -> bool:
        return not self._ahead


def _digest(
    previous: str, office: int, seq: int, case: int, at: int, code: str, by: int, note: int | None, data: str
) -> str:
    """cases.rules.chain.digest for the entries made here, without taking a canonical text apart and together again."""
    content = (
        f'{previous}\n{{"at":{at}.0,"by":{by},"case":{case},"code":"{code}","data":{data},"for_user":null,'
        f'"note":{note or "null"},"office":{office},"seq":{seq},"transfer":null}}'
    )
    return sha256(content.encode()).hexdigest()
