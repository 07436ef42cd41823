/* Workloads A and B in C, for these models alone: the lower bound of what any engine can take.

   One entry a patient in a binary heap, replaced at the root; arrivals stand outside it; queues
   are rings; the log is allocated beforehand and put in order of patient at the end. Read beside
   workloads.py; rows and times are those of pathsim, to the bit. */

#include <stdlib.h>
#include <string.h>
#include "law.h"

enum {ARRIVE, AWAITING_SLOT, IN_SLOT, AWAITING_BED, FIRST_STAY, COURSE, AWAITING_ICU, IN_ICU,
      SECOND_STAY, AT_HOME, AWAITING_CLINIC, IN_CLINIC, AWAITING_WARD, IN_WARD, BACK, LATE, DEAD};

enum {DEATH_BEFORE, MAKING, FIRST, ICU, SECOND, RELAPSE, DEATH_IN_REMISSION, INFECTION, RECOVERY,
      PROGRESSION, DEATH, CHOICE};

enum {SLOTS, BEDS, ICUS, CLINICS, WARDS, RESOURCES};

typedef struct { double time; int32_t patient; uint32_t version; } Entry;

typedef struct {
    uint64_t luck;
    double until;               /* the day of death before infusion, or of progression */
    uint32_t version;
    int32_t steps, infections, recoveries;
    int8_t state, next;         /* next: the kind of what the entry in the heap brings */
} Patient;

typedef struct { int32_t *who; int64_t head, tail; int32_t free; } Queue;

typedef struct {
    const uint64_t *key;
    const double *law;          /* two parameters a clock, as pathsim gives them */
    double severe;
    Patient *patients;
    Queue queues[RESOURCES];
    int64_t mask;               /* of the rings */
    Entry *heap;
    int64_t entries;
    int32_t *who;
    double *when;
    int8_t *what;
    int64_t rows, most;
} Run;

/* --- the log --- */

static inline void say(Run *run, int32_t i, double now, int8_t kind) {
    if (run->rows < run->most) {
        run->who[run->rows] = i;
        run->when[run->rows] = now;
        run->what[run->rows] = kind;
    }
    run->rows++;
    run->patients[i].steps++;
}

/* --- luck --- */

static inline double unit(Run *run, Patient *p, int clock, int32_t count) {
    return -log(uniform_in(p->luck, run->key[clock], (uint64_t)count));
}

static inline double wait_exponential(Run *run, Patient *p, int clock, int32_t count) {
    return exponential(unit(run, p, clock, count), run->law[2 * clock]);
}

static inline double wait_weibull(Run *run, Patient *p, int clock) {
    return weibull(unit(run, p, clock, 0), run->law[2 * clock], run->law[2 * clock + 1]);
}

static inline double wait_lognormal(Run *run, Patient *p, int clock) {
    return lognormal(unit(run, p, clock, 0), run->law[2 * clock], run->law[2 * clock + 1]);
}

/* --- the calendar --- */

/* Down to a leaf along the lesser children, then up: what is new is mostly late, and a choice of
   child without a branch is never mispredicted. */
static void sift_down(Entry *heap, int64_t n, Entry entry) {
    int64_t hole = 0, child;
    while ((child = 2 * hole + 1) + 1 < n) {
        child += heap[child + 1].time < heap[child].time;
        heap[hole] = heap[child];
        hole = child;
    }
    if (child < n) {
        heap[hole] = heap[child];
        hole = child;
    }
    while (hole > 0) {
        int64_t parent = (hole - 1) / 2;
        if (heap[parent].time <= entry.time) break;
        heap[hole] = heap[parent];
        hole = parent;
    }
    heap[hole] = entry;
}

static void push(Run *run, Entry entry) {
    int64_t hole = run->entries++;
    while (hole > 0) {
        int64_t parent = (hole - 1) / 2;
        if (run->heap[parent].time <= entry.time) break;
        run->heap[hole] = run->heap[parent];
        hole = parent;
    }
    run->heap[hole] = entry;
}

static void pop(Run *run) {
    run->entries--;
    if (run->entries > 0) sift_down(run->heap, run->entries, run->heap[run->entries]);
}

/* The patient's entry is that of this kind from now on; at the root it is replaced there. */
static inline void expect(Run *run, int32_t i, int8_t next, double time, int at_root) {
    Patient *p = &run->patients[i];
    Entry entry = {time, i, ++p->version};
    p->next = next;
    if (at_root) sift_down(run->heap, run->entries, entry);
    else push(run, entry);
}

/* --- queues --- */

static inline void join(Run *run, int resource, int32_t i) {
    Queue *q = &run->queues[resource];
    q->who[q->tail++ & run->mask] = i;
}

/* The next who still waits in this state, or -1. */
static inline int32_t next_in(Run *run, int resource, int8_t state) {
    Queue *q = &run->queues[resource];
    while (q->head < q->tail) {
        int32_t i = q->who[q->head++ & run->mask];
        if (run->patients[i].state == state) return i;
    }
    return -1;
}

/* --- states; `root` says whether the patient's entry is at the root and may be replaced --- */

static void to_slot(Run *run, int32_t i, double now, int waited) {
    Patient *p = &run->patients[i];
    double made = now + wait_lognormal(run, p, MAKING);
    p->state = IN_SLOT;
    say(run, i, now, IN_SLOT);
    if (made < p->until) expect(run, i, AWAITING_BED, made, 0);
    else if (!waited) expect(run, i, DEAD, p->until, 0);
}

static void to_bed(Run *run, int32_t i, double now, int root) {
    Patient *p = &run->patients[i];
    p->state = FIRST_STAY;
    say(run, i, now, FIRST_STAY);
    expect(run, i, COURSE, now + wait_lognormal(run, p, FIRST), root);
}

static void to_second(Run *run, int32_t i, double now, int root) {
    Patient *p = &run->patients[i];
    p->state = SECOND_STAY;
    say(run, i, now, SECOND_STAY);
    expect(run, i, AT_HOME, now + wait_lognormal(run, p, SECOND), root);
}

static void to_icu(Run *run, int32_t i, double now, int root) {
    Patient *p = &run->patients[i];
    p->state = IN_ICU;
    say(run, i, now, IN_ICU);
    expect(run, i, SECOND_STAY, now + wait_exponential(run, p, ICU, 0), root);
}

static void to_home(Run *run, int32_t i, double now) {
    Patient *p = &run->patients[i];
    double relapse = now + wait_weibull(run, p, RELAPSE);
    double death = now + wait_exponential(run, p, DEATH_IN_REMISSION, 0);
    p->state = AT_HOME;
    say(run, i, now, AT_HOME);
    if (relapse < death) expect(run, i, AWAITING_CLINIC, relapse, 1);
    else expect(run, i, DEAD, death, 1);
}

static void until_next(Run *run, int32_t i, double now, int root) {
    Patient *p = &run->patients[i];
    double infection = now + wait_exponential(run, p, INFECTION, p->infections++);
    p->state = IN_CLINIC;
    if (infection < p->until) expect(run, i, AWAITING_WARD, infection, root);
    else expect(run, i, LATE, p->until, root);
}

static void to_clinic(Run *run, int32_t i, double now, int root) {
    Patient *p = &run->patients[i];
    say(run, i, now, IN_CLINIC);
    p->until = now + wait_weibull(run, p, PROGRESSION);
    until_next(run, i, now, root);
}

static void to_ward(Run *run, int32_t i, double now, int root) {
    Patient *p = &run->patients[i];
    double recovery = now + wait_exponential(run, p, RECOVERY, p->recoveries++);
    p->state = IN_WARD;
    say(run, i, now, IN_WARD);
    if (recovery < p->until) expect(run, i, BACK, recovery, root);
    else expect(run, i, LATE, p->until, root);
}

/* --- places given back --- */

static void slot_is_free(Run *run, double now) {
    int32_t i = next_in(run, SLOTS, AWAITING_SLOT);
    if (i < 0) run->queues[SLOTS].free++;
    else to_slot(run, i, now, 1);
}

static void bed_is_free(Run *run, double now) {
    int32_t i = next_in(run, BEDS, AWAITING_BED);
    if (i < 0) run->queues[BEDS].free++;
    else to_bed(run, i, now, 0);
}

static void icu_is_free(Run *run, double now) {
    int32_t i = next_in(run, ICUS, AWAITING_ICU);
    if (i < 0) run->queues[ICUS].free++;
    else to_icu(run, i, now, 0);
}

static void clinic_is_free(Run *run, double now) {
    int32_t i = next_in(run, CLINICS, AWAITING_CLINIC);
    if (i < 0) run->queues[CLINICS].free++;
    else to_clinic(run, i, now, 0);
}

static void ward_is_free(Run *run, double now) {
    int32_t i = next_in(run, WARDS, AWAITING_WARD);
    if (i < 0) run->queues[WARDS].free++;
    else to_ward(run, i, now, 0);
}

/* Ask for a place where a patient without a clock waits for it; true if it is there. */
static inline int asks(Run *run, int resource, int32_t i, double now, int8_t waiting) {
    run->patients[i].state = waiting;
    say(run, i, now, waiting);
    if (run->queues[resource].free > 0) {
        run->queues[resource].free--;
        return 1;
    }
    join(run, resource, i);
    return 0;
}

/* --- what happens: the entry at the root, for a patient in a state --- */

static void arrives(Run *run, int32_t i, double now, uint64_t seed) {
    Patient *p = &run->patients[i];
    p->luck = stream(seed, 0, (uint64_t)i);
    say(run, i, now, ARRIVE);
    p->until = now + wait_exponential(run, p, DEATH_BEFORE, 0);
    if (asks(run, SLOTS, i, now, AWAITING_SLOT)) to_slot(run, i, now, 0);
    else expect(run, i, DEAD, p->until, 0);
}

static void dies(Run *run, int32_t i, double now) {
    int before = run->patients[i].state;
    run->patients[i].state = DEAD;
    say(run, i, now, DEAD);
    pop(run);
    if (before == IN_SLOT) slot_is_free(run, now);
}

static void course(Run *run, int32_t i, double now) {
    Patient *p = &run->patients[i];
    say(run, i, now, COURSE);
    /* weights .07 and .93 in this order, as `pick` takes them */
    double total = run->severe + (1.0 - run->severe);
    if (uniform_in(p->luck, run->key[CHOICE], 0) * total >= run->severe) to_second(run, i, now, 1);
    else if (asks(run, ICUS, i, now, AWAITING_ICU)) to_icu(run, i, now, 1);
    else pop(run);
}

static void falls_ill(Run *run, int32_t i, double now) {
    Patient *p = &run->patients[i];
    if (asks(run, WARDS, i, now, AWAITING_WARD)) to_ward(run, i, now, 1);
    else expect(run, i, LATE, p->until, 1);
}

static void progresses(Run *run, int32_t i, double now) {
    Patient *p = &run->patients[i];
    int before = p->state;
    p->state = LATE;
    say(run, i, now, LATE);
    expect(run, i, DEAD, now + wait_exponential(run, p, DEATH, 0), 1);
    clinic_is_free(run, now);
    if (before == IN_WARD) ward_is_free(run, now);
}

static void happens(Run *run, int32_t i, double now) {
    switch (run->patients[i].next) {
    case AWAITING_BED:
        if (asks(run, BEDS, i, now, AWAITING_BED)) to_bed(run, i, now, 1);
        else pop(run);
        slot_is_free(run, now);
        break;
    case COURSE: course(run, i, now); break;
    case SECOND_STAY:
        to_second(run, i, now, 1);
        icu_is_free(run, now);
        break;
    case AT_HOME:
        to_home(run, i, now);
        bed_is_free(run, now);
        break;
    case AWAITING_CLINIC:
        if (asks(run, CLINICS, i, now, AWAITING_CLINIC)) to_clinic(run, i, now, 1);
        else pop(run);
        break;
    case AWAITING_WARD: falls_ill(run, i, now); break;
    case BACK:
        say(run, i, now, BACK);
        until_next(run, i, now, 1);
        ward_is_free(run, now);
        break;
    case LATE: progresses(run, i, now); break;
    default: dies(run, i, now);
    }
}

/* Rows in order of patient: where each patient's rows begin follows from how many each has. */
static void in_order(const Run *run, int64_t patients, int32_t *who, double *when, int8_t *what) {
    int64_t *begin = malloc(sizeof(int64_t) * (size_t)patients), at = 0;
    for (int64_t i = 0; i < patients; i++) {
        begin[i] = at;
        at += run->patients[i].steps;
    }
    for (int64_t r = 0; r < run->rows; r++) {
        int64_t to = begin[run->who[r]]++;
        who[to] = run->who[r];
        when[to] = run->when[r];
        what[to] = run->what[r];
    }
    free(begin);
}

/* Workload A: how many rows; more than `most` where the log is too small for them. */
int64_t clinic(int64_t patients, uint64_t seed, const uint64_t *key, const double *law,
               double severe, const int32_t *places, int64_t most, int32_t *who, double *when,
               int8_t *what) {
    size_t n = (size_t)patients, ring = 1;
    while (ring < n + 1) ring *= 2;
    Run run = {.key = key, .law = law, .severe = severe, .mask = (int64_t)ring - 1, .most = most};
    run.patients = calloc(n, sizeof(Patient));
    run.heap = malloc(sizeof(Entry) * (2 * n + 2));
    run.who = malloc(sizeof(int32_t) * (size_t)most);
    run.when = malloc(sizeof(double) * (size_t)most);
    run.what = malloc((size_t)most);
    for (int r = 0; r < RESOURCES; r++) {
        run.queues[r].who = malloc(sizeof(int32_t) * ring);
        run.queues[r].free = places[r];
    }
    int64_t came = 0;
    while (came < patients || run.entries > 0) {
        if (came < patients && (run.entries == 0 || (double)came <= run.heap[0].time)) {
            arrives(&run, (int32_t)came, (double)came, seed);
            came++;
            continue;
        }
        Entry entry = run.heap[0];
        if (entry.version == run.patients[entry.patient].version)
            happens(&run, entry.patient, entry.time);
        else
            pop(&run);
    }
    if (run.rows <= most) in_order(&run, patients, who, when, what);
    for (int r = 0; r < RESOURCES; r++) free(run.queues[r].who);
    free(run.patients); free(run.heap); free(run.who); free(run.when); free(run.what);
    return run.rows;
}

/* Workload B: one patient after another, no calendar. */
int64_t without_queues(int64_t patients, uint64_t seed, const uint64_t *key, const double *law,
                       double severe, int64_t most, int32_t *who, double *when, int8_t *what) {
    Patient one;
    Run run = {.key = key, .law = law, .severe = severe, .most = most};
    int64_t rows = 0;
    double total = severe + (1.0 - severe);
#define ROW(t, k) do { if (rows < most) { who[rows] = (int32_t)i; when[rows] = (t); what[rows] = (k); } rows++; } while (0)
    for (int64_t i = 0; i < patients; i++) {
        double now = (double)i;
        one.luck = stream(seed, 0, (uint64_t)i);
        ROW(now, ARRIVE);
        ROW(now, IN_SLOT);
        double death = now + wait_exponential(&run, &one, DEATH_BEFORE, 0);
        double made = now + wait_lognormal(&run, &one, MAKING);
        if (death < made) { ROW(death, DEAD); continue; }
        now = made;
        ROW(now, FIRST_STAY);
        now += wait_lognormal(&run, &one, FIRST);
        ROW(now, COURSE);
        if (uniform_in(one.luck, key[CHOICE], 0) * total < severe) {
            ROW(now, IN_ICU);
            now += wait_exponential(&run, &one, ICU, 0);
        }
        ROW(now, SECOND_STAY);
        now += wait_lognormal(&run, &one, SECOND);
        ROW(now, AT_HOME);
        death = now + wait_exponential(&run, &one, DEATH_IN_REMISSION, 0);
        double relapse = now + wait_weibull(&run, &one, RELAPSE);
        if (death < relapse) { ROW(death, DEAD); continue; }
        now = relapse;
        ROW(now, IN_CLINIC);
        double progression = now + wait_weibull(&run, &one, PROGRESSION);
        for (int32_t n = 0;; n++) {
            double infection = now + wait_exponential(&run, &one, INFECTION, n);
            if (progression <= infection) break;
            ROW(infection, IN_WARD);
            double recovery = infection + wait_exponential(&run, &one, RECOVERY, n);
            if (progression <= recovery) break;
            now = recovery;
            ROW(now, BACK);
        }
        ROW(progression, LATE);
        ROW(progression + wait_exponential(&run, &one, DEATH, 0), DEAD);
    }
#undef ROW
    return rows;
}
