"""Which steps a generated case takes on which days: those that are closed, and those that are still open."""

from collections.abc import Callable
from random import Random

from krm.demo.bulk.courses import Course

LATE = (0.21, 0.13)  # share answered after the closure was due, ten years ago and today
LATE_MEAN = 5  # Arbeitstage
TAKEN_AFTER = (0, 0, 0, 0, 1, 1, 2)
RESTS, EXTENDED, HANDED = 0.025, 0.08, 0.18  # up to which draw a case rests, is extended, goes to its unit
ACKNOWLEDGED_LATE, INTERIM_SENT = 0.06, 0.8
ONLY_NEW, ANSWERED, WITH_UNIT = 0.5, 0.1, 0.4  # of the open ones
LOOKED = 0.75  # share of Wiedervorlagen that are done on their day
OVERDUE_LEFT, OVERDUE_RESTS = 0.45, 0.7  # up to which draw an open one is left overdue, rests; else it is extended

Step = tuple[int, Callable[[int], None]]


def closed(course: Course, progress: float) -> None:
    """From Eingang to z.d.A.; `progress` is how much of the period has gone by, from 0 to 1."""
    rng, days = course.rng, course.days
    course.register()
    taken = course.on_or_before_the_end(_taken(course))
    course.accept(taken)
    last = _answered(course, taken, progress) if course.reaction.needs_answer else taken
    course.close(course.on_or_before_the_end(days.after(last, rng.choice((0, 0, 1, 1, 2, 3)))))
    course.store()


def _taken(course: Course) -> int:
    """The day on which the KRM takes it; a petition, which is presented on the very day, at once."""
    wait = course.rng.choice(TAKEN_AFTER)
    return course.days.after(course.registered_on, 0 if course.due("presentation") else wait)


def _answered(course: Course, taken: int, progress: float) -> int:
    """The work up to the answer; its day."""
    rng, days = course.rng, course.days
    closure, draw = course.due("closure"), rng.random()
    answer_on = _answer_day(course, taken, rng.random() < LATE[0] + (LATE[1] - LATE[0]) * progress)
    steps: list[Step] = []
    if acknowledgement := course.due("acknowledgement"):
        steps.append(_acknowledgement(course, taken, acknowledgement.due_on, rng))
    if draw < RESTS:
        go_on = days.after(taken, rng.randrange(3, 16))
        if go_on < course.desk.until:
            # what rests is confirmed before: nothing but the rest moves
            steps = [(taken, step) for _, step in steps]
            steps += [(taken, lambda day: course.rest(day, go_on)), (go_on, course.go_on)]
            answer_on = max(go_on, course.on_or_before_the_end(days.after(answer_on, days.between(taken, go_on))))
    elif closure and draw < EXTENDED:
        extend_on, longer = days.last_until(closure.due_on), rng.randrange(3, 11)
        if taken <= extend_on < course.desk.until:
            steps.append((extend_on, lambda day: course.extend(day, days.after(closure.due_on, longer))))
            later = days.after(extend_on, rng.randrange(1, longer + 1))
            answer_on = max(extend_on, course.on_or_before_the_end(later))
    elif closure and draw < HANDED and course.reaction.team and days.between(taken, answer_on) > 1:
        back_on = days.after(taken, rng.randrange(1, days.between(taken, answer_on) + 1))
        steps += [(taken, course.hand_to_unit), (back_on, course.give_back)]
    interim = course.due("interim")
    if interim and draw > RESTS and taken <= interim.due_on < answer_on and rng.random() < INTERIM_SENT:
        steps.append((days.last_until(interim.due_on), course.send_interim))
    _take(course, steps, answer_on)
    course.answer(answer_on)
    return answer_on


def _take(course: Course, steps: list[Step], until: int) -> None:
    """The steps up to and with `until` in the order of their days, none before the case was taken."""
    for day, step in sorted(steps, key=lambda step: step[0]):
        if day <= until:
            step(day)


def _acknowledgement(course: Course, taken: int, due_on: int, rng: Random) -> Step:
    if rng.random() < ACKNOWLEDGED_LATE:
        day = course.days.after(due_on, rng.randrange(1, 4))
    else:
        day = min(course.days.after(taken, rng.randrange(3)), max(due_on, taken))
    return day, lambda day: course.meet("acknowledgement", day)


def _answer_day(course: Course, taken: int, is_late: bool) -> int:
    """Mostly towards the end of the time there is; never after the last day of the run."""
    rng, days, closure = course.rng, course.days, course.due("closure")
    if closure is None:
        day = days.after(taken, rng.randrange(1, 9))
    elif is_late:
        day = days.after(closure.due_on, 1 + int(rng.expovariate(1 / LATE_MEAN)))
    else:
        span = days.between(taken, closure.due_on)
        day = days.after(taken, round(span * max(rng.random(), rng.random())))
    return max(taken, min(day, days.last_until(course.desk.until)))


def still_open(course: Course) -> None:
    """As far as such a case has come by the last day."""
    rng, days, until = course.rng, course.days, course.desk.until
    course.register()
    taken = _taken(course)
    if taken > until or (days.between(course.registered_on, until) <= 2 and rng.random() < ONLY_NEW):
        course.store()
        return
    course.accept(taken)
    steps: list[Step] = []
    if acknowledgement := course.due("acknowledgement"):
        steps.append(_acknowledgement(course, taken, acknowledgement.due_on, rng))
    steps += _so_far(course, taken)
    _take(course, steps, until)
    course.store()


def _so_far(course: Course, taken: int) -> list[Step]:
    """Where an open case lies, and what happened to it when its closure came near."""
    rng, days, until = course.rng, course.days, course.desk.until
    closure, interim, draw = course.due("closure"), course.due("interim"), rng.random()
    now = days.last_until(until)
    if draw < ANSWERED and course.reaction.needs_answer:
        return [(_answer_day(course, taken, is_late=False), course.answer)]

    def _look(day: int) -> None:
        watch = course.due("follow_up")
        if watch and watch.due_on <= day and rng.random() < LOOKED:
            course.look(day)

    steps: list[Step] = []
    if closure and course.reaction.team and rng.random() < WITH_UNIT:
        steps.append((taken, course.hand_to_unit))
        steps.append((max(taken, days.last_until(closure.due_on - 1)), _look))
    if interim and interim.due_on < until and rng.random() < INTERIM_SENT:
        steps.append((max(taken, days.last_until(interim.due_on)), course.send_interim))
    if closure and closure.due_on <= until and (fate := rng.random()) > OVERDUE_LEFT:
        look_on = max(taken, days.last_until(closure.due_on))
        if fate < OVERDUE_RESTS:
            ends_on = days.after(until, rng.randrange(1, 15))
            steps.append((look_on, lambda day: course.rest(day, ends_on)))
        elif look_on <= now:
            new_due_on = days.after(max(until, closure.due_on), rng.randrange(1, 11))
            steps.append((look_on, lambda day: course.extend(day, new_due_on)))
    return steps
