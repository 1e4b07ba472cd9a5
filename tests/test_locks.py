"""Locks in one order: whoever waits is never waited for, and what two people do at once succeeds for both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal
from typing import Any

import pytest
from django.db import connection, connections, transaction

from cases.administration.actions.people import save_unit
from cases.administration.actions.rule_sets import change_rules
from cases.administration.actions.substitutions import enter_substitution
from cases.handling.actions.notes import add_note
from cases.leaving.actions import hand_on
from cases.leaving.actions.hand_on import hand_on_person
from cases.leaving.reading import plan
from cases.letters.actions.writing import store_pdf
from cases.models import Case, Letter, Note, Transfer
from cases.recording import hold_still, next_number, record
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions import triage
from cases.transfers.actions.triage import hand_over_case, register_transfer, split_off
from offices.models import Membership, Substitution, Unit
from offices.queries import Actor
from tests import make
from tests import scene as scenes
from tests.lock_order import LockOrder
from tests.scene import Scene
from tests.test_at_once import AT_ONCE, ONE, all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
A_MOMENT = 0.3  # seconds, in which the other comes to wait
PATIENCE = 10  # seconds until a test is given up


def krm(scene: Scene) -> Actor:
    return scenes.acting("pankow.krm", scene.today)


def note(scene: Scene, case: Case) -> Callable[[], Any]:
    return lambda: add_note(by=krm(scene), case=case, kind=Note.Kind.INTERNAL, text="Rückruf erbeten")


def held_meanwhile(holding: Callable[[], Any], other: Callable[[], Any]) -> list[str]:
    """What becomes of an action whose transaction stays open a moment, and of another that begins meanwhile."""
    waits = Signal()

    def held() -> None:
        with transaction.atomic():
            holding()
            waits.set()
            Signal().wait(A_MOMENT)

    return together(held, other, waits)


def stopped_in(
    monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str], action: Callable[[], Any], other: Callable[[], Any]
) -> list[str]:
    """The same, where the first one is stopped for a moment after a step of it, the first time it is taken."""
    waits, step = Signal(), getattr(*place)

    def slow(*args: Any, **kwargs: Any) -> Any:
        result = step(*args, **kwargs)
        if not waits.is_set():
            waits.set()
            Signal().wait(A_MOMENT)
        return result

    monkeypatch.setattr(*place, slow)
    return together(action, other, waits)


def together(first: Callable[[], Any], second: Callable[[], Any], waits: Signal) -> list[str]:
    def one(action: Callable[[], Any], begin: Signal | None) -> str:
        try:
            assert begin is None or begin.wait(PATIENCE)
            action()
        except Exception as error:  # noqa: BLE001 - a deadlock is what is looked for
            return repr(error)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, (first, second), (None, waits)))


BOTH = ["done", "done"]


def test_the_worker_keeps_a_pdf_while_somebody_writes_a_note(scene):
    letter = scene.issued
    Letter.objects.filter(pk=letter.pk).update(pdf=None)
    letter.refresh_from_db()
    nobody = Actor(user=None, today=scene.today)

    def keep() -> None:
        assert store_pdf(by=nobody, letter=letter, pdf=b"%PDF-1.4")

    assert held_meanwhile(keep, note(scene, letter.case)) == BOTH
    assert held_meanwhile(note(scene, letter.case), lambda: store_pdf(by=nobody, letter=letter, pdf=b"")) == BOTH


def test_an_abgabe_is_handed_over_while_somebody_writes_a_note_on_its_case(scene):
    part = {"reason": Reason.DATA_PROTECTION, "text": "Meine Daten"}
    leaving = split_off(by=krm(scene), case=scene.working, **part)
    other = split_off(by=krm(scene), case=scene.working, reason=Reason.OBJECTION, text="Gegen den Bescheid")

    def leave(transfer: Transfer) -> Callable[[], Any]:
        return lambda: make.handed_over(krm(scene), transfer)

    assert held_meanwhile(leave(leaving), note(scene, scene.working)) == BOTH
    assert held_meanwhile(note(scene, scene.working), leave(other)) == BOTH


def test_units_rules_and_vertretungen_change_while_the_office_works(scene):
    admin, tl = scenes.acting("pankow.admin", scene.today), scenes.acting("pankow.tl", scene.today)
    unit, rules = Unit.objects.get(pk=scene.unit.pk), scene.rule_set
    later = scene.today + timedelta(days=30)
    changes = rules.parameters, scene.today + timedelta(days=1)
    deputy = {"absent": tl.user, "deputy": scenes.person("pankow.tl2"), "from_on": later, "until_on": later}

    def new_rules() -> None:
        with pytest.raises(Exception, match="geändert|gleich|unverändert"):
            change_rules(by=krm(scene), base=rules, parameters=changes[0], valid_from=changes[1], reason="Probe")

    assert held_meanwhile(note(scene, scene.working), lambda: save_unit(by=admin, unit=unit)) == BOTH
    assert held_meanwhile(note(scene, scene.working), new_rules) == BOTH
    assert held_meanwhile(note(scene, scene.working), lambda: enter_substitution(by=tl, **deputy)) == BOTH


def test_a_hand_over_of_many_cases_and_a_note_on_the_last_of_them(scene, monkeypatch):
    by, office = krm(scene), scene.unit.office
    of_leaver = Case.objects.open().filter(office=office, handler=by.user).order_by("-pk")
    monkeypatch.setattr(plan, "SLICE", 1)
    Membership.objects.filter(user=by.user).update(until_on=scene.today)
    over = {"office": office, "leaver": by.user, "successor": scenes.person("pankow.krm2")}
    gf = scenes.acting("pankow.gf", scene.today)

    assert of_leaver.count() > 1
    assert stopped_in(
        monkeypatch, (hand_on, "record_each"), lambda: hand_on_person(by=gf, **over), note(scene, of_leaver[0])
    ) == BOTH  # fmt: skip


def test_a_case_goes_against_the_geschaeftsfuehrung_while_another_matter_is_registered(scene, monkeypatch):
    by, office = krm(scene), scene.unit.office
    matter = TransferData(
        reason=Reason.OBJECTION, recipient="Widerspruchsstelle", subject="s", text="t", received_on=scene.today
    )

    assert (
        stopped_in(
            monkeypatch,
            (triage, "shut_out"),
            lambda: hand_over_case(by=by, case=scene.new, reason=Reason.AGAINST_MANAGEMENT),
            lambda: register_transfer(by=by, office=office, data=matter),
        )
        == BOTH
    )


def test_of_several_equal_vertretungen_one_is_entered(scene):
    tl, day = scenes.acting("pankow.tl", scene.today), scene.today + timedelta(days=30)
    deputies = [scenes.person(name) for name in ("pankow.tl2", "pankow.bl", "pankow.tl2", "pankow.bl")]
    attempts = [
        lambda deputy=deputy: enter_substitution(by=tl, absent=tl.user, deputy=deputy, from_on=day, until_on=day)
        for deputy in deputies
    ]

    assert len(attempts) == AT_ONCE
    assert all_at_once(*attempts) == ONE
    assert Substitution.objects.filter(absent=tl.user, from_on=day).count() == 1


@pytest.fixture
def out_of_order(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], list[str]]:
    """What a watch finds of an action; that over the test itself, see conftest.py, looks away."""

    def found(action: Callable[[], Any]) -> list[str]:
        watched = LockOrder(connection)
        monkeypatch.setattr(connections["default"], "execute_wrappers", [watched])
        with transaction.atomic():
            action()
        return [line.partition(":")[0] for line in watched.wrong]

    return found


def test_the_watch_finds_a_case_or_a_number_after_the_chain(scene, out_of_order):
    office, by = scene.unit.office, krm(scene)

    def wrong() -> None:
        record("tally.counted", by=by, office_id=office.pk, tally=1, count=1)
        hold_still(scene.new.pk)
        next_number(office, 2026, "KK")

    assert out_of_order(wrong)[:2] == ["cases_case after cases_eventchain", "cases_counter after cases_eventchain"]


def test_the_watch_finds_a_case_after_the_number(scene, out_of_order):
    def wrong() -> None:
        next_number(scene.unit.office, 2026)
        Case.objects.filter(pk=scene.new.pk).update(version=7)

    assert out_of_order(wrong) == ["cases_case after cases_counter"]


def test_the_watch_lets_the_right_order_pass(scene, out_of_order):
    office, by = scene.unit.office, krm(scene)

    def right() -> None:
        hold_still(scene.new.pk)
        next_number(office, 2026)
        record("tally.counted", by=by, office_id=office.pk, tally=1, count=1)
        Case.objects.filter(pk=scene.new.pk).update(version=7)

    assert out_of_order(right) == []
    assert out_of_order(right) == []


def test_everything_that_makes_the_scene_takes_its_locks_in_order(house):
    watched = LockOrder(connection)
    with connection.execute_wrapper(watched):
        scenes.build()
    assert watched.wrong == []
