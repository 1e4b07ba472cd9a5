"""What still blocks the closing of a petition, each with the sentence why (B2-2, PAN-29, PAN-31, PAN-32)."""

from collections.abc import Iterator

from cases.models import Case
from cases.seams import Gap
from petitions.models import Petition


def closing_gaps(case: Case) -> list[Gap]:
    """The gaps of the petition of a case; none where it is no petition."""
    found = Petition.objects.filter(case=case).select_related("case", "joined_to__case")
    petition = found.prefetch_related("requests", "decisions__option").first()
    if petition is None:
        return []
    url = petition.get_absolute_url()
    return [Gap(key, sentence, source, url) for key, sentence, source in _missing(petition)]


def _missing(petition: Petition) -> Iterator[tuple[str, str, str]]:
    requests = list(petition.requests.all())
    for request in requests:
        if request.is_open:
            yield f"request-{request.position}", f"Noch nicht beantwortet: {request}.", "PAN-29"
    if petition.joined_to_id:
        if not any(request.is_open for request in requests) and petition.joined_to.case.is_open:
            yield "joined", f"Beantwortet wird sie mit „{petition.joined_to}“; die ist noch offen.", "B2-4"
        return
    if petition.waived_on:
        return
    if not requests:
        yield "request", "Die Anforderung fehlt noch.", "B2-7"
        return
    if not any(request.answered_on or request.refused_on for request in requests):
        yield (
            "answer",
            "Ohne Antwort endet eine Petition nur mit dem schriftlich begründeten, unterschriebenen Verzicht.",
            "PAN-32",
        )
    yield from _missing_after_the_answer(petition)


def _missing_after_the_answer(petition: Petition) -> Iterator[tuple[str, str, str]]:
    decisions = list(petition.decisions.all())
    if not decisions and petition.decision_options.exists():
        yield "decision", "Die Entscheidung der anfordernden Stelle fehlt noch.", "PAN-31"
    for decision in decisions:
        if decision.report_due_on and not decision.reported_on:
            yield (
                f"report-{decision.pk}",
                f"Der Bericht bis {decision.report_due_on:%d.%m.%Y} zur Entscheidung „{decision.option}“ fehlt noch.",
                "PAN-31",
            )
    if decisions and not any(decision.told_on for decision in decisions):
        yield "told", "Es fehlt, wann und wie die Petentin oder der Petent unterrichtet wurde.", "B2-2"
