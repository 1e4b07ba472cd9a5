"""The type checker of `make check` is strict enough: a name that does not exist is reported before a page is opened."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WRONG = """
from cases.handling.actions.notes import add_note
from cases.models import Case
from cases.lookup import visible_case
from cases.rule_lines import rule_line
from cases.workplace.reading.steps import next_duty, steps
from offices.middleware import Request


def a_view(request, reference):
    case = visible_case(request.actor, reference)
    case.rule_set.parameters.interim_period
    case.rule_set.parameters.interim.perod
    case.referenz
    case.office.slugs
    next_duty(case).due_at
    rule_line(case, "interim").word
    [step.lable for step in steps(request.actor, case)]
    Case.objects.visible_for(request.actor)
    Case.objects.visible_to(request.actor).opened()
    add_note(by=request.actor, case=case, kind="internal", txt="Vermerk")


def a_typed_view(request: Request):
    request.acting
    request.actor.may_not
"""
NAMES = (
    "interim_period", "perod", "referenz", "slugs", "due_at", "word", "lable", "visible_for", "opened", "txt", "acting",
    "may_not",
)  # fmt: skip


@pytest.mark.once
def test_what_a_parameter_a_model_a_record_or_an_action_does_not_have_is_reported(tmp_path):
    page = tmp_path / "page.py"
    page.write_text(WRONG)
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(page)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    reported = re.findall(rf"page.py:(\d+): error: .*\b({'|'.join(NAMES)})\b", found.stdout)
    assert [name for _, name in reported] == list(NAMES), found.stdout + found.stderr
