"""One resource in the compiled engine: what is held, what is left, who waits (law, section 8).

The twin of `pathsim.engine.pool`, function by function. A queue that is served by date alone is a
heap with paused requests last; any other is a list that is looked through at each grant.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

from pathsim.engine.compiled.parts import jitted
from pathsim.engine.compiled.patient import stream, total, uniform_in
from pathsim.engine.pool import ENOUGH_GRANTS, WINDOW
from pathsim.pathway.tables import FIRST_COME, NONE, RANDOM, SCORE

YEAR = 360.0
"""The expected wait looks ahead so many days for releases."""


@jitted
def room(run, r):
    pool = run.pools[r]
    return pool.capacity - pool.held if run.resources[r].returned != 0 else pool.stock


@jitted
def free(run, r):
    return room(run, r) - run.pools[r].asked


@jitted
def step_pool(run, r, amount):
    """A new capacity, or a release, takes effect."""
    resource, pool = run.resources[r], run.pools[r]
    pool.changed = 1
    if resource.returned != 0:
        pool.capacity = amount
    elif resource.carry != NONE and resource.carry < pool.stock:
        pool.stock = resource.carry + amount
    else:
        pool.stock += amount


@jitted
def take(run, r, amount):
    if run.resources[r].returned != 0:
        run.pools[r].held += amount
    else:
        run.pools[r].stock -= amount


@jitted
def give_back(run, r, amount, used_up):
    """Places are returned; an allotment goes back to the stock unless it was used up."""
    run.pools[r].changed = 1
    if run.resources[r].returned != 0:
        run.pools[r].held -= amount
    elif not used_up:
        run.pools[r].stock += amount


# --- the queue ---


@jitted
def by_date(run, r):
    """Whether the queue is a heap."""
    return run.resources[r].discipline == FIRST_COME and run.resources[r].skip == 0


@jitted
def comes_before(run, i, j):
    a, b = run.queue[i], run.queue[j]
    if a.paused != b.paused:
        return a.paused < b.paused
    if a.rank != b.rank:
        return a.rank < b.rank
    if a.date != b.date:
        return a.date < b.date
    return a.number < b.number


@jitted
def swap(run, r, i, j):
    first = r * run.slots
    a, b = run.queue[first + i], run.queue[first + j]
    slot, paused, rank, number, date = a.slot, a.paused, a.rank, a.number, a.date
    a.slot, a.paused, a.rank, a.number, a.date = b.slot, b.paused, b.rank, b.number, b.date
    b.slot, b.paused, b.rank, b.number, b.date = slot, paused, rank, number, date
    run.waiting[a.slot * run.most_resources + r].place = i
    run.waiting[b.slot * run.most_resources + r].place = j


@jitted
def settle(run, r, i):
    """Let the entry at i go up or down the heap to where it belongs."""
    if not by_date(run, r):
        return
    first, many = r * run.slots, run.pools[r].queue
    while i > 0 and comes_before(run, first + i, first + (i - 1) // 2):
        swap(run, r, i, (i - 1) // 2)
        i = (i - 1) // 2
    while True:
        least = i
        for child in range(2 * i + 1, min(2 * i + 3, many)):
            if comes_before(run, first + child, first + least):
                least = child
        if least == i:
            return
        swap(run, r, i, least)
        i = least


@jitted
def join_queue(run, r, s):
    i = run.pools[r].queue
    run.pools[r].queue = i + 1
    run.pools[r].asked += run.waiting[s * run.most_resources + r].amount
    run.waiting[s * run.most_resources + r].place = i
    place_in_queue(run, r, s)


@jitted
def place_in_queue(run, r, s):
    """The request stands as it now is."""
    waiting = run.waiting[s * run.most_resources + r]
    entry = run.queue[r * run.slots + waiting.place]
    entry.slot, entry.paused, entry.rank = s, waiting.paused, waiting.rank
    entry.number, entry.date = run.patients[s].number, waiting.date
    settle(run, r, waiting.place)


@jitted
def leave_queue(run, r, s):
    waiting = run.waiting[s * run.most_resources + r]
    i, last = waiting.place, run.pools[r].queue - 1
    run.pools[r].asked -= waiting.amount
    if by_date(run, r) and i != last:
        swap(run, r, i, last)
    while not by_date(run, r) and i < last:  # the others stay in the order in which they came
        swap(run, r, i, i + 1)
        i += 1
    run.pools[r].queue = last
    waiting.request = NONE
    if i != last:
        settle(run, r, i)


@jitted
def next_to_serve(run, r):
    """The patient whose request can be granted now, or NONE."""
    many, most = run.pools[r].queue, room(run, r)
    if many == 0 or most < 1:
        return NONE
    if by_date(run, r):
        first = run.queue[r * run.slots]
        asked = run.waiting[first.slot * run.most_resources + r].amount
        return first.slot if first.paused == 0 and asked <= most else NONE
    best, best_points = NONE, 0.0
    for i in range(r * run.slots, r * run.slots + many):
        entry = run.queue[i]
        asked = run.waiting[entry.slot * run.most_resources + r].amount
        if entry.paused != 0 or (asked > most and run.resources[r].skip != 0):
            continue
        points = discipline(run, r, i)
        if best == NONE or is_first(run, i, points, best, best_points):
            best, best_points = i, points
    if best == NONE:
        return NONE
    s = run.queue[best].slot
    return s if run.waiting[s * run.most_resources + r].amount <= most else NONE


@jitted
def is_first(run, i, points, best, best_points):
    a, b = run.queue[i], run.queue[best]
    if a.rank != b.rank:
        return a.rank < b.rank
    if points != best_points:
        return points < best_points
    if a.date != b.date:
        return a.date < b.date
    return a.number < b.number


@jitted
def discipline(run, r, i):
    entry, resource = run.queue[i], run.resources[r]
    if resource.discipline == SCORE:
        terms = run.terms[r * run.most_pathways + run.patients[entry.slot].pathway]
        points = total(run, entry.slot, terms.first_factor, terms.factors)
        return -(points + resource.per_day_waited * (run.now - entry.date))
    if resource.discipline == RANDOM:
        luck = stream(int(run.seed), int(run.replication), int(entry.number))
        return uniform_in(luck, int(resource.key), int(run.pools[r].grants))
    return 0.0


# --- the expected wait ---


@jitted
def remember(run, r, waited):
    """A grant that the expected wait may look back on."""
    run.pools[r].grants += 1
    if run.resources[r].remembers == 0:
        return
    grant = run.grants[run.last_grant]
    grant.resource, grant.time, grant.waited = r, run.now, waited
    run.last_grant += 1


@jitted
def forget(run):
    """Whether there is room for another grant, once those beyond the window are let go."""
    if run.last_grant < run.grant_room or run.grant_room == 0:
        return True
    kept = 0
    for i in range(run.last_grant):
        grant = run.grants[i]
        if grant.time >= run.now - WINDOW:
            to = run.grants[kept]
            to.resource, to.time, to.waited = grant.resource, grant.time, grant.waited
            kept += 1
    run.last_grant = kept
    return kept < run.grant_room // 2


@jitted
def expected_wait(run, r):
    """Days from request to grant to be expected now (law, section 6)."""
    many = 0
    for k in range(run.last_grant):
        i = run.last_grant - 1 - k
        if run.grants[i].time < run.now - WINDOW:
            break
        if run.grants[i].resource == r:
            run.waits[many] = run.grants[i].waited
            many += 1
    if many >= ENOUGH_GRANTS:
        return median(run, many)
    supply = supply_a_day(run, r)
    return (run.pools[r].queue + 1) / supply if supply > 0.0 else float("inf")


@jitted
def median(run, many):
    """The middle of `waits`, or the mean of the middle two."""
    put_in_order(run, many)
    if many % 2 == 1:
        return run.waits[many // 2]
    return (run.waits[many // 2 - 1] + run.waits[many // 2]) / 2.0


@jitted
def put_in_order(run, many):
    """Put `waits` in order (heapsort)."""
    for end in range(1, many):
        i = end
        while i > 0 and run.waits[i] > run.waits[(i - 1) // 2]:
            parent = (i - 1) // 2
            run.waits[i], run.waits[parent] = run.waits[parent], run.waits[i]
            i = parent
    for end in range(many - 1, 0, -1):
        run.waits[0], run.waits[end] = run.waits[end], run.waits[0]
        i = 0
        while True:
            most = i
            for child in range(2 * i + 1, min(2 * i + 3, end)):
                if run.waits[child] > run.waits[most]:
                    most = child
            if most == i:
                break
            run.waits[i], run.waits[most] = run.waits[most], run.waits[i]
            i = most


@jitted
def supply_a_day(run, r):
    """Scheduled supply a day (law, section 6)."""
    resource = run.resources[r]
    if resource.returned != 0:
        if resource.typical_stay == 0.0:
            return 0.0
        return run.pools[r].capacity / resource.typical_stay
    released, i = 0, run.pools[r].next_release
    while i < run.pools[r].last_release and run.releases[i].time <= run.now:
        i += 1
    run.pools[r].next_release = i
    while i < run.pools[r].last_release and run.releases[i].time <= run.now + YEAR:
        released += run.releases[i].amount
        i += 1
    return released / YEAR
