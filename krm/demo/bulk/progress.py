"""A progress bar in plain text: one line that grows on a terminal, a line now and then everywhere else."""

import time
from types import TracebackType
from typing import Self, TextIO

from tqdm import tqdm

SECONDS = 20  # between two lines where there is no terminal


class Progress:
    def __init__(self, what: str, total: int, out: TextIO):
        self.what, self.total, self.out, self.done = what, total, out, 0
        self.bar = tqdm(total=total, desc=what, unit="", file=out) if out.isatty() else None
        self.began = self.said = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.close()

    def add(self, number: int) -> None:
        self.done += number
        if self.bar is not None:
            self.bar.update(number)
        elif self.done == self.total or time.monotonic() - self.said >= SECONDS:
            self._say()

    def _say(self) -> None:
        self.said = time.monotonic()
        percent = 100 * self.done // self.total if self.total else 100
        seconds = round(self.said - self.began)
        self.out.write(f"{self.what}: {self.done} von {self.total} ({percent} %), {seconds} s\n")
        self.out.flush()
