"""What is told of budgets is remembered once, whoever looks and whoever sends, on both kinds of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from tests.meetings.conftest import NOW, SetClock
from tomoni.meetings.notifications import MOST_TRIES, Notifications, ToTell
from tomoni.slo.model import DAY, State
from tomoni.slo.standing import Happening, Standing

PATH = "shop/buy/kept"
TELL = [ToTell(Happening.EXHAUSTED, "sales", "slack", {"left": -0.1})]


def test_of_several_that_look_at_once_one_tells(engine: Engine, clock: SetClock) -> None:
    replicas = [Notifications(engine, clock) for _ in range(4)]
    assert replicas[0].look(PATH, None, Standing(NOW - 60, State.HEALTHY), [])

    def look(each: Notifications) -> bool:
        return each.look(PATH, 0, Standing(NOW, State.EXHAUSTED), TELL)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(look, replicas)) == [False, False, False, True]
    (told,) = replicas[0].pending()
    assert (told.path, told.what, told.facts) == (PATH, Happening.EXHAUSTED, {"left": -0.1})
    assert replicas[1].standings() == {PATH: (Standing(NOW, State.EXHAUSTED), 1)}
    with ThreadPoolExecutor(4) as threads:
        assert sorted(len(found) for found in threads.map(lambda each: each.claim([told]), replicas)) == [0, 0, 0, 1]


def test_what_cannot_be_sent_is_tried_again_and_then_given_up(engine: Engine, clock: SetClock) -> None:
    store = Notifications(engine, clock)
    store.look(PATH, None, Standing(NOW, State.EXHAUSTED), TELL)
    for tries in range(MOST_TRIES):
        (told,) = store.pending()
        assert told.tries == tries
        store.settle(store.claim([told]), "pending")
    assert store.pending() == ()
    assert [each.outcome for each in store.newest()] == ["failed"]


def test_what_a_process_that_is_gone_was_sending_is_not_sent_again(engine: Engine, clock: SetClock) -> None:
    store = Notifications(engine, clock)
    store.look(PATH, None, Standing(NOW, State.EXHAUSTED), TELL)
    store.claim(store.pending())
    assert (store.pending(), [each.outcome for each in store.newest()]) == ((), ["sending"])
    clock.now += DAY
    assert (store.pending(), [each.outcome for each in store.newest()]) == ((), ["unknown"])
