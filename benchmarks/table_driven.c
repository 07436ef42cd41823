/* An engine in C whose model comes in tables: the lower bound of generality.

   It knows states with clocks, requests and holds, choices by draw, detours that clocks and
   requests end or move in, clocks taken over with another law or ratio, first-come queues with
   ranks, and the order of one instant (docs/law.md, 5, 6, 8, 9). It knows no variables, rules,
   scores, pauses, standing clocks, allotments or changes of capacity. by_hand_tables.py makes the
   tables of a Service and reads the log. */

#include <stdlib.h>
#include <string.h>
#include "law.h"

/* by_hand_tables.py refuses a model that needs more. */
enum {MOST_NAMES = 32, MOST_RUNNING = 8, MOST_LEVELS = 5, MOST_RESOURCES = 8};
enum {TO_STATE, TO_CHOICE, TO_DETOUR, TO_HERE, TO_RETURN, TO_AGAIN};
enum {ARRIVE, CHOSEN, ENTER, MOVE, DETOUR, RETURN, HERE, END};
enum {NOBODY = -1};

typedef struct { int32_t kind, index; } Target;
typedef struct { int32_t name, law; double ratio; Target target; } Clock;
typedef struct { int32_t resource, amount, rank, pad; Target target; } Request;
typedef struct { int32_t clocks, many_clocks, requests, many_requests, ends, pad; } State;
typedef struct { double weight; Target target; int32_t name, pad; } Option;
typedef struct { uint64_t key; int32_t options, many, cause, name; } Choice;
typedef struct { Target first; uint64_t moving; uint32_t ending; int32_t name; } Detour_;

typedef struct {
    int32_t names, resources, arrival, many_states;
    const State *states;
    const Clock *clocks;
    const Request *requests;
    const int32_t *holds;       /* state x resource */
    const Law *laws;
    const Option *options;
    const Choice *choices;
    const Detour_ *detours;
    const uint64_t *keys;       /* of the clocks, in order of name */
    const int32_t *places;
    Target start;
} Tables;

typedef struct {
    int64_t rows, most;
    int32_t *who;
    double *when;
    int8_t *what, *depth, *state, *cause, *option;
} Log;

typedef struct { double due, rest, start, spent_at; int32_t name, listed, level, pad; } Running;
typedef struct { double date; int32_t listed, level, before, after; } Waiting;
typedef struct { int32_t state, detour, started_by; } Level;

typedef struct {
    uint64_t luck;
    int32_t number, depth, many, version;
    uint32_t waits;             /* resources asked for */
    Level levels[MOST_LEVELS];
    Running running[MOST_RUNNING];
    Waiting waiting[MOST_RESOURCES];
    int32_t held[MOST_RESOURCES];
    uint16_t counts[MOST_NAMES];
    int32_t free_after;
} Patient;

typedef struct { double time; int32_t place, version; } Entry;
typedef struct { int32_t first, last, held, capacity; } Pool;

typedef struct {
    const Tables *t;
    Log *log;
    int32_t *steps;
    Patient *live;
    int32_t room, free_first;
    Entry *heap;
    int64_t entries, heap_room;
    Pool pools[MOST_RESOURCES];
    uint32_t changed;
    double now;
    uint64_t seed;
} Run;

/* --- the log --- */

static inline void say(Run *run, Patient *p, int what, int depth, int state, int cause, int option) {
    Log *log = run->log;
    int64_t r = log->rows++;
    if (r >= log->most) return;
    log->who[r] = p->number;
    log->when[r] = run->now;
    log->what[r] = (int8_t)what;
    log->depth[r] = (int8_t)depth;
    log->state[r] = (int8_t)state;
    log->cause[r] = (int8_t)cause;
    log->option[r] = (int8_t)option;
    run->steps[p->number]++;
}

/* --- the calendar: one entry a live patient, the least clock's; others are out of date --- */

static inline int before(const Run *run, const Entry *a, const Entry *b) {
    if (__builtin_expect(a->time == b->time, 0))
        return run->live[a->place].number < run->live[b->place].number;
    return a->time < b->time;
}

static void sift_up(Run *run, int64_t hole, Entry entry) {
    Entry *heap = run->heap;
    while (hole > 0) {
        int64_t parent = (hole - 1) / 2;
        if (!before(run, &entry, &heap[parent])) break;
        heap[hole] = heap[parent];
        hole = parent;
    }
    heap[hole] = entry;
}

/* Down to a leaf along the lesser children, then up: what is new is mostly late. */
static void replace_root(Run *run, Entry entry) {
    Entry *heap = run->heap;
    int64_t hole = 0, child, n = run->entries;
    while ((child = 2 * hole + 1) + 1 < n) {
        child += before(run, &heap[child + 1], &heap[child]);
        heap[hole] = heap[child];
        hole = child;
    }
    if (child < n) {
        heap[hole] = heap[child];
        hole = child;
    }
    sift_up(run, hole, entry);
}

static void pop(Run *run) {
    if (--run->entries > 0) replace_root(run, run->heap[run->entries]);
}

static void push(Run *run, Entry entry) {
    if (run->entries == run->heap_room) {
        run->heap_room *= 2;
        run->heap = realloc(run->heap, sizeof(Entry) * (size_t)run->heap_room);
    }
    sift_up(run, run->entries++, entry);
}

static void expect(Run *run, Patient *p, int at_root) {
    double least = INFINITY;
    for (int k = 0; k < p->many; k++)
        if (p->running[k].due < least) least = p->running[k].due;
    Entry entry = {least, (int32_t)(p - run->live), ++p->version};
    if (least < INFINITY) {
        if (at_root) replace_root(run, entry);
        else push(run, entry);
    } else if (at_root) {
        pop(run);
    }
}

/* --- queues: by rank, date and number; a new request is almost always the last --- */

static int goes_after(Run *run, Patient *p, Patient *other, int resource) {
    Waiting *a = &p->waiting[resource], *b = &other->waiting[resource];
    int mine = run->t->requests[a->listed].rank, theirs = run->t->requests[b->listed].rank;
    if (mine != theirs) return mine > theirs;
    if (a->date != b->date) return a->date > b->date;
    return p->number > other->number;
}

static void stand_in_line(Run *run, Patient *p, int resource) {
    Pool *pool = &run->pools[resource];
    int32_t self = (int32_t)(p - run->live), ahead = pool->last;
    while (ahead != NOBODY && !goes_after(run, p, &run->live[ahead], resource))
        ahead = run->live[ahead].waiting[resource].before;
    Waiting *w = &p->waiting[resource];
    w->before = ahead;
    w->after = ahead == NOBODY ? pool->first : run->live[ahead].waiting[resource].after;
    if (ahead == NOBODY) pool->first = self;
    else run->live[ahead].waiting[resource].after = self;
    if (w->after == NOBODY) pool->last = self;
    else run->live[w->after].waiting[resource].before = self;
    p->waits |= 1u << resource;
}

static void leave_line(Run *run, Patient *p, int resource) {
    Pool *pool = &run->pools[resource];
    Waiting *w = &p->waiting[resource];
    if (w->before == NOBODY) pool->first = w->after;
    else run->live[w->before].waiting[resource].after = w->after;
    if (w->after == NOBODY) pool->last = w->before;
    else run->live[w->after].waiting[resource].before = w->before;
    p->waits &= ~(1u << resource);
}

/* --- the rule of change --- */

static void start(Run *run, Patient *p, const Clock *clock, int listed, int level) {
    Running *r = &p->running[p->many++];
    double u = uniform_in(p->luck, run->t->keys[clock->name], p->counts[clock->name]++);
    r->rest = -log(u);
    r->start = r->spent_at = run->now;
    r->due = due_on(&run->t->laws[clock->law], clock->ratio, run->now, run->now, r->rest);
    r->name = clock->name;
    r->listed = listed;
    r->level = level;
}

static void take_over(Run *run, Running *r, const Clock *clock, int listed, int level) {
    const Clock *old = &run->t->clocks[r->listed];
    const Law *laws = run->t->laws;
    r->listed = listed;
    r->level = level;
    if (old->law == clock->law && old->ratio == clock->ratio) return;
    r->rest = spend(&laws[old->law], old->ratio, r->start, r->spent_at, run->now, r->rest);
    r->spent_at = run->now;
    r->due = due_on(&laws[clock->law], clock->ratio, r->start, run->now, r->rest);
}

static void change_clocks(Run *run, Patient *p) {
    uint64_t seen = 0, listed = 0, runs = 0;
    for (int k = 0; k < p->many; k++) runs |= 1ull << p->running[k].name;
    for (int level = p->depth; level >= 0; level--) {
        const State *s = &run->t->states[p->levels[level].state];
        for (int c = s->clocks; c < s->clocks + s->many_clocks; c++) {
            const Clock *clock = &run->t->clocks[c];
            uint64_t bit = 1ull << clock->name;
            if (seen & bit) continue;
            seen |= bit;
            listed |= bit;
            if (runs & bit) {
                Running *r = p->running;
                while (r->name != clock->name) r++;
                take_over(run, r, clock, c, level);
            } else {
                start(run, p, clock, c, level);
            }
        }
        if (level > 0 && p->levels[level].started_by >= 0)
            seen |= 1ull << p->levels[level].started_by;
    }
    if (!(runs & ~listed)) return;
    for (int k = 0; k < p->many;) {
        if (listed >> p->running[k].name & 1) k++;
        else p->running[k] = p->running[--p->many];
    }
}

static void change_requests(Run *run, Patient *p) {
    uint32_t listed = 0, started = 0;
    int first = run->t->names;          /* a detour begun by a grant is named so from here on */
    for (int level = p->depth; level >= 0; level--) {
        const State *s = &run->t->states[p->levels[level].state];
        for (int q = s->requests; q < s->requests + s->many_requests; q++) {
            int resource = run->t->requests[q].resource;
            uint32_t bit = 1u << resource;
            if ((listed | started) & bit) continue;
            listed |= bit;
            Waiting *w = &p->waiting[resource];
            if (p->waits & bit && w->listed == q) {
                w->level = level;
                continue;
            }
            if (p->waits & bit) leave_line(run, p, resource);
            else w->date = run->now;
            w->listed = q;
            w->level = level;
            stand_in_line(run, p, resource);
            run->changed |= bit;
        }
        if (level > 0 && p->levels[level].started_by >= first)
            started |= 1u << (p->levels[level].started_by - first);
    }
    for (uint32_t gone = p->waits & ~listed; gone; gone &= gone - 1) {
        int resource = __builtin_ctz(gone);
        leave_line(run, p, resource);
        run->changed |= 1u << resource;
    }
}

static void change_holds(Run *run, Patient *p) {
    int many = run->t->resources;
    for (int r = 0; r < many; r++) {
        int wanted = 0;
        if (!p->held[r]) continue;
        for (int level = 0; level <= p->depth; level++) {
            int lists = run->t->holds[p->levels[level].state * many + r];
            if (lists > wanted) wanted = lists;
        }
        if (wanted < p->held[r]) {
            run->pools[r].held -= p->held[r] - wanted;
            p->held[r] = wanted;
            run->changed |= 1u << r;
        }
    }
}

static void change(Run *run, Patient *p, int at_root) {
    change_clocks(run, p);
    change_requests(run, p);
    change_holds(run, p);
    expect(run, p, at_root);
}

/* --- what happens --- */

static Target resolve(Run *run, Patient *p, Target target, int level, int *cause) {
    while (target.kind == TO_CHOICE) {
        const Choice *choice = &run->t->choices[target.index];
        const Option *options = &run->t->options[choice->options];
        double total = 0.0, so_far = 0.0;
        for (int k = 0; k < choice->many; k++) total += options[k].weight;
        double u = uniform_in(p->luck, choice->key, p->counts[choice->name]++) * total;
        int k = 0;
        for (; k < choice->many - 1; k++)
            if (u < (so_far += options[k].weight)) break;
        say(run, p, CHOSEN, level, run->t->many_states + target.index, *cause, options[k].name);
        *cause = choice->cause;
        target = options[k].target;
    }
    return target;
}

static void release(Run *run, Patient *p) {
    p->free_after = run->free_first;
    p->version++;
    run->free_first = (int32_t)(p - run->live);
}

/* The trigger belongs to a level and may move; -1 is an arrival. */
static void carry_out(Run *run, Patient *p, Target target, int level, int moves, int cause,
                      int starter, int at_root) {
    target = resolve(run, p, target, level < 0 ? 0 : level, &cause);
    int kind = target.kind, beneath = moves && level < p->depth;
    if (kind == TO_DETOUR && p->depth == MOST_LEVELS - 1) {
        kind = TO_HERE;
        level = p->depth;
    }
    if (kind == TO_DETOUR) {
        const Detour_ *detour = &run->t->detours[target.index];
        Target first = resolve(run, p, detour->first, level, &cause);
        p->levels[++p->depth] = (Level){first.index, target.index, starter};
        say(run, p, DETOUR, p->depth, first.index, cause, detour->name);
    } else if (kind == TO_STATE && run->t->states[target.index].ends) {
        p->depth = 0;
        p->levels[0] = (Level){target.index, -1, -1};
        say(run, p, END, 0, target.index, cause, -1);
        change(run, p, at_root);
        release(run, p);
        return;
    } else if (kind == TO_STATE) {
        if (level < 0) level = 0;
        if (!beneath) p->depth = level;
        p->levels[level].state = target.index;
        say(run, p, beneath ? MOVE : ENTER, level, target.index, cause, -1);
    } else if (kind == TO_HERE) {
        if (!moves && level < p->depth) {
            p->depth = level;
            say(run, p, RETURN, level, p->levels[level].state, cause, -1);
        }
        say(run, p, HERE, level, p->levels[level].state, cause, -1);
    } else {
        p->depth = level - 1;
        int state = p->levels[p->depth].state;
        say(run, p, RETURN, p->depth, state, cause, -1);
        if (kind == TO_AGAIN) say(run, p, HERE, p->depth, state, cause, -1);
    }
    change(run, p, at_root);
}

static void ring(Run *run, Patient *p) {
    int least = 0;
    for (int k = 1; k < p->many; k++) {
        const Running *a = &p->running[k], *b = &p->running[least];
        if (a->due < b->due || (a->due == b->due && a->name < b->name)) least = k;
    }
    Running r = p->running[least];
    p->running[least] = p->running[--p->many];
    int moves = r.level < p->depth;
    for (int level = r.level + 1; level <= p->depth; level++)
        moves &= (int)(run->t->detours[p->levels[level].detour].moving >> r.name & 1);
    carry_out(run, p, run->t->clocks[r.listed].target, r.level, moves, r.name, r.name, 1);
}

static void serve(Run *run, int resource) {
    Pool *pool = &run->pools[resource];
    Patient *p = &run->live[pool->first];
    Waiting w = p->waiting[resource];
    const Request *request = &run->t->requests[w.listed];
    leave_line(run, p, resource);
    pool->held += request->amount;
    p->held[resource] += request->amount;
    int moves = w.level < p->depth, name = run->t->names + resource;
    for (int level = w.level + 1; level <= p->depth; level++)
        moves &= !(run->t->detours[p->levels[level].detour].ending >> resource & 1);
    carry_out(run, p, request->target, w.level, moves, name, name, 0);
}

/* One grant, to the first of the first queue that can be served; false if there is none. */
static int grant(Run *run) {
    while (run->changed) {
        int resource = __builtin_ctz(run->changed);
        Pool *pool = &run->pools[resource];
        if (pool->first != NOBODY) {
            Waiting *w = &run->live[pool->first].waiting[resource];
            if (run->t->requests[w->listed].amount <= pool->capacity - pool->held) {
                serve(run, resource);
                return 1;
            }
        }
        run->changed &= run->changed - 1;
    }
    return 0;
}

static Patient *newcomer(Run *run, int32_t number) {
    if (run->free_first == NOBODY) {
        run->live = realloc(run->live, sizeof(Patient) * 2 * (size_t)run->room);
        for (int32_t k = 0; k < run->room; k++) {
            Patient *p = &run->live[run->room + k];
            p->version = 0;
            p->free_after = k + 1 < run->room ? run->room + k + 1 : NOBODY;
        }
        run->free_first = run->room;
        run->room *= 2;
    }
    Patient *p = &run->live[run->free_first];
    run->free_first = p->free_after;
    int32_t version = p->version;
    memset(p, 0, sizeof(Patient));
    p->version = version;
    p->number = number;
    p->depth = -1;
    p->luck = stream(run->seed, 0, (uint64_t)number);
    return p;
}

static void arrive(Run *run, int32_t number) {
    Patient *p = newcomer(run, number);
    say(run, p, ARRIVE, 0, -1, run->t->arrival, -1);
    carry_out(run, p, run->t->start, -1, 0, run->t->arrival, -1, 0);
}

static void in_order(const Log *raw, Log *log, const int32_t *steps, int64_t patients) {
    int64_t *begin = malloc(sizeof(int64_t) * (size_t)patients), at = 0;
    for (int64_t i = 0; i < patients; i++) {
        begin[i] = at;
        at += steps[i];
    }
    for (int64_t r = 0; r < raw->rows; r++) {
        int64_t to = begin[raw->who[r]]++;
        log->who[to] = raw->who[r];
        log->when[to] = raw->when[r];
        log->what[to] = raw->what[r];
        log->depth[to] = raw->depth[r];
        log->state[to] = raw->state[r];
        log->cause[to] = raw->cause[r];
        log->option[to] = raw->option[r];
    }
    free(begin);
}

/* All patients together, as the calendar has it. */
static void in_order_of_time(Run *run, int64_t patients, const double *comes) {
    int64_t came = 0;
    for (;;) {
        while (run->entries > 0 && run->heap[0].version != run->live[run->heap[0].place].version)
            pop(run);
        double ring_at = run->entries > 0 ? run->heap[0].time : INFINITY;
        double arrival_at = came < patients ? comes[came] : INFINITY;
        double next = ring_at < arrival_at ? ring_at : arrival_at;
        if (run->changed && next > run->now) {
            grant(run);
            continue;
        }
        if (next == INFINITY) break;
        run->now = next;
        Patient *first = run->entries > 0 ? &run->live[run->heap[0].place] : NULL;
        if (ring_at < arrival_at || (ring_at == arrival_at && first && first->number < came))
            ring(run, &run->live[run->heap[0].place]);
        else
            arrive(run, (int32_t)came++);
    }
}

/* Where nothing binds patients together each life is run to its end before the next. */
static void one_after_another(Run *run, int64_t patients, const double *comes) {
    for (int64_t came = 0; came < patients; came++) {
        run->now = comes[came];
        arrive(run, (int32_t)came);
        while (run->entries > 0) {
            run->now = run->heap[0].time;
            ring(run, &run->live[run->heap[0].place]);
        }
    }
}

/* One replication until all are gone: how many rows; more than `log->most` where they do not fit. */
int64_t simulate(const Tables *tables, uint64_t seed, int64_t patients, const double *comes,
                 Log *log) {
    size_t most = (size_t)log->most;
    int apart = tables->resources == 0;     /* the rows are in order as they come */
    Log raw = apart ? *log
        : (Log){0, log->most, malloc(4 * most), malloc(8 * most), malloc(most), malloc(most),
                malloc(most), malloc(most), malloc(most)};
    Run run = {.t = tables, .log = &raw, .seed = seed, .room = 1024, .heap_room = 4096};
    run.steps = calloc((size_t)patients, sizeof(int32_t));
    run.live = calloc((size_t)run.room, sizeof(Patient));
    run.heap = malloc(sizeof(Entry) * (size_t)run.heap_room);
    for (int32_t k = 0; k < run.room; k++)
        run.live[k].free_after = k + 1 < run.room ? k + 1 : NOBODY;
    for (int r = 0; r < tables->resources; r++)
        run.pools[r] = (Pool){NOBODY, NOBODY, 0, tables->places[r]};
    if (apart) one_after_another(&run, patients, comes);
    else in_order_of_time(&run, patients, comes);
    int64_t rows = raw.rows;
    free(run.live); free(run.heap);
    if (!apart) {
        if (rows <= log->most) in_order(&raw, log, run.steps, patients);
        free(raw.who); free(raw.when); free(raw.what); free(raw.depth); free(raw.state);
        free(raw.cause); free(raw.option);
    }
    free(run.steps);
    return rows;
}
