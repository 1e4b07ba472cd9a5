"""What the log says about an error, and what it keeps to itself."""

import logging
import sys

from krm.logs import Line


def test_error_of_the_database_is_logged_without_the_row_it_failed_on():
    message = 'null value violates constraint "x"\nDETAIL:  Failing row contains (Erika Öztürk-Groß).\nCONTEXT:  row'
    try:
        raise ValueError(message)
    except ValueError:
        record = logging.LogRecord("krm", logging.ERROR, __file__, 1, "Fehler", None, sys.exc_info())
    lines = Line("{levelname} {message}", style="{").format(record).splitlines()

    assert (lines[0], lines[-1]) == ("ERROR Fehler", 'ValueError: null value violates constraint "x"')


def test_the_log_is_written_in_these_lines(settings):
    assert settings.LOGGING["formatters"]["line"]["()"] == "krm.logs.Line"
