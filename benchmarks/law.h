/* Draws and laws as in pathsim/draws.py, pathsim/hazards.py and pathsim/normal.py: the same
   arithmetic in the same order, so that the C programs give the same times to the bit. */

#include <math.h>
#include <stdint.h>

static inline uint64_t mixed(uint64_t state, uint64_t number) {
    uint64_t z = (state ^ number) + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline uint64_t stream(uint64_t seed, uint64_t replication, uint64_t patient) {
    return mixed(mixed(mixed(0, seed), replication), patient);
}

static inline double uniform_in(uint64_t luck, uint64_t key, uint64_t count) {
    return ((double)(mixed(mixed(luck, key), count) >> 12) + 0.5) * 0x1p-52;
}

static double normal_centre(double q) {
    double r = 0.180625 - q * q;
    double above = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r
        + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r
        + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
        + 1.3314166789178437745e2) * r + 3.3871328727963666080e0);
    double below = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r
        + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r
        + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
        + 4.2313330701600911252e1) * r + 1.0);
    return q * above / below;
}

static double normal_tail(double r) {
    double above, below;
    if (r <= 5.0) {
        r -= 1.6;
        above = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
            + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r
            + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
            + 4.63033784615654529590e0) * r + 1.42343711074968357734e0);
        below = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
            + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r
            + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
            + 2.05319162663775882187e0) * r + 1.0);
        return above / below;
    }
    r -= 5.0;
    above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
        + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r
        + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
        + 5.46378491116411436990e0) * r + 6.65790464350110377720e0);
    below = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
        + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r
        + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
        + 5.99832206555887937690e-1) * r + 1.0);
    return above / below;
}

/* h stays below 37 for a uniform of 52 bits, so the far tail of normal.py is left out. */
static double normal_inverse_hazard(double h) {
    double below = -expm1(-h);
    if (below < 0.075) return -normal_tail(sqrt(-log(below)));
    if (below <= 0.925) return normal_centre(below - 0.5);
    return normal_tail(sqrt(h));
}

static inline double exponential(double h, double rate) { return h / rate; }

static inline double weibull(double h, double shape, double scale) {
    return scale * pow(h, 1.0 / shape);
}

static inline double lognormal(double h, double mu, double sigma) {
    return exp(mu + sigma * normal_inverse_hazard(h));
}

/* --- a law by its code: what a program that takes its laws from a table needs --- */

enum {EXPONENTIAL, WEIBULL, GOMPERTZ, LOG_LOGISTIC, LOG_NORMAL, PIECEWISE, CURED, CONSTANT};

typedef struct { int32_t code; double p, q; } Law;

static inline double inverse(const Law *law, double h) {
    switch (law->code) {
    case EXPONENTIAL: return exponential(h, law->p);
    case WEIBULL: return weibull(h, law->p, law->q);
    case LOG_NORMAL: return lognormal(h, law->p, law->q);
    default: return law->p;
    }
}

static inline double cumulative(const Law *law, double t) {
    if (t <= 0.0) return 0.0;
    switch (law->code) {
    case EXPONENTIAL: return law->p * t;
    case WEIBULL: return pow(t / law->q, law->p);
    case LOG_NORMAL: {
        double z = (log(t) - law->p) / law->q;
        if (z < 0.0) return -log1p(-0.5 * erfc(-z * sqrt(0.5)));
        return -log(0.5 * erfc(z * sqrt(0.5)));
    }
    default: return t >= law->p ? INFINITY : 0.0;
    }
}

static inline double spend(const Law *law, double ratio, double origin, double since,
                           double now, double rest) {
    if (ratio == 0.0) return rest;
    double reached = cumulative(law, now - origin);
    if (reached == INFINITY) return 0.0;
    double left = rest - ratio * (reached - cumulative(law, since - origin));
    return left > 0.0 ? left : 0.0;
}

static inline double due_on(const Law *law, double ratio, double origin, double now, double rest) {
    if (ratio == 0.0) return INFINITY;
    if (now == origin) return origin + inverse(law, rest / ratio);
    double reached = cumulative(law, now - origin);
    if (reached == INFINITY || (rest <= 0.0 && law->code < CONSTANT)) return now;
    double when = origin + inverse(law, reached + rest / ratio);
    return when > now ? when : now;
}
