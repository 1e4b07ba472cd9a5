"""The chain by the hands of its stations."""

import pytest

from petitions.rules.vocabulary import Competence, LegalArea, Requester, Topic
from tests.petitions import walk

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize(
    ("slug", "changes"),
    [
        ("pankow", {}),
        ("pankow", {"competence": Competence.OWNERS_ASSEMBLY, "topic": Topic.ORGANISATION}),
        ("pankow", {"competence": Competence.MIXED}),
        ("germersheim", {}),
        ("germersheim", {"competence": Competence.OWNERS_ASSEMBLY, "topic": Topic.ORGANISATION}),
        ("gera", {"requester": Requester.STATE_CHANCELLERY, "competence": Competence.MUNICIPAL}),
        ("berlin-nord", {"legal_area": LegalArea.SGB3}),
        ("berlin-nord", {"legal_area": LegalArea.SGB3, "topic": Topic.LABOUR_MARKET_ADMISSION}),
    ],
)
def test_every_route_is_walked_to_its_end_by_the_hands_of_its_stations(slug, changes):
    request = walk.finished(walk.started(slug, **changes))
    assert request.answered_on is not None
    assert not request.stations.filter(outcome="").exists()
    assert not request.petition.case.deadlines.open().filter(kind="other").exists()
