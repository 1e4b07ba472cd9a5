"""Which tests run a line, and in which order they are tried."""

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from pathlib import Path

GROUND = ""  # in place of a test: what runs at import, or for what many tests share
PARTS = (4, 20)  # seconds of tests tried at first, and until the second pause; then all others


@dataclass(frozen=True)
class Selection:
    """The tests with the seconds each takes, and by module and line which of them run it."""

    seconds: dict[str, float]
    by_line: dict[str, dict[int, set[str]]]

    def running(self, path: str, lines: Iterable[int]) -> list[str]:
        """Tests that run one of the lines: those of the same subject first, of those the shortest.

        What runs at import or for what tests share is also for all tests of its subject, and if it runs only then, for
        all that run anything of its module.
        """
        by_line, nearest = self.by_line[path], self.of_subject(path)
        found = {test for line in lines for test in by_line.get(line, ())}
        if found == {GROUND}:
            found.update(*by_line.values())
        if GROUND in found:
            found |= nearest
        return sorted(found - {GROUND}, key=lambda test: (test not in nearest, self.seconds[test], test))

    def of_subject(self, path: str) -> set[str]:
        """The tests in the folder that mirrors that of the module, or else the nearest one above."""
        folders = {test: Path(test.partition("::")[0]).parent.relative_to("tests") for test in self.seconds}
        above = [folder for folder in Path(path).parents if folder in folders.values()]
        return {test for test, folder in folders.items() if folder in above[:1]}

    def parts(self, tests: list[str], at_most: float) -> Iterator[list[str]]:
        """The tests in growing parts, so that the first failure is near; those that end by that many seconds."""
        ends = accumulate(self.seconds[test] for test in tests)
        tried = [(test, end) for test, end in zip(tests, ends, strict=True) if end <= at_most]
        for _, part in groupby(tried, key=lambda pair: bisect(PARTS, pair[1])):
            yield [test for test, _ in part]
