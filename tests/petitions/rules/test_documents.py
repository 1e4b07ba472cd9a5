"""A frozen plan comes back from its document as it was, for every route shipped."""

import json
from datetime import date

import pytest

from offices.calendars import Calendar
from petitions.rules.documents import dump_plan, read_plan
from petitions.rules.planning import plan
from petitions.rules.presets import load, offices
from petitions.rules.routes import Matter
from petitions.rules.vocabulary import Competence, LegalArea, PetitionKind, Requester, Topic


@pytest.mark.parametrize("slug", offices())
@pytest.mark.parametrize("competence", Competence)
def test_a_plan_survives_its_document(slug, competence):
    preset = load(slug)
    matter = Matter(PetitionKind.PETITION, Requester.BUNDESTAG, competence, Topic.OTHER, LegalArea.SGB3)
    calendar = Calendar(preset.about.state)
    dates = {"received_on": date(2026, 5, 4), "outside_due_on": date(2026, 9, 30)}
    found = plan(preset.routes, matter, calendar=calendar, **dates)
    assert read_plan(json.loads(json.dumps(dump_plan(found)))) == found
