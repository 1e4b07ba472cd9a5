"""Lines of the log: where something failed, but not the row it failed on."""

import logging
from types import TracebackType

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Line(logging.Formatter):
    """Leaves out what PostgreSQL adds to its errors below the first line: names and words of the row concerned."""

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - the name is logging's
        lines = super().formatException(ei).splitlines()
        return "\n".join(line for line in lines if not line.startswith(("DETAIL:", "CONTEXT:", "LINE ", "HINT:")))
