"""The C around the printed routines, the same for every loss and size.

It is written by hand, knows nothing of the mathematics, and does three things: it puts the examples
into lanes, adds up what the routines find, and divides by n. The lanes are summed in `real` over at
most `rounds` examples each and the rest in double, so that neither n nor float32 costs digits.
"""

#: Before the routines, after `enum { classes = …, width = … };`.
OPENING = """\
#include <stdint.h>
#include <stdlib.h>
#include <tgmath.h>

#ifndef REAL
#define REAL double
#endif
typedef REAL real;

/* Examples are computed in groups, one in each lane of a processor's widest vector. */
enum { lanes = 64 / sizeof(real), rounds = 64, line = 64 };
"""

#: After the routines scores, coefficients and gradient.
DRIVER = """\
typedef struct {
    real x[width][lanes], s[classes][lanes], mu[classes][lanes];
    real loss[lanes], G[classes*width][lanes];
    int64_t y[lanes];
} group;

/* x[b][lane] = X[lane][b], for `count` examples. */
static void load(int64_t count, const real *restrict X, const int64_t *restrict y,
                 group *restrict to)
{
    for (int64_t lane = 0; lane < count; lane++) {
        for (int64_t b = 0; b < width; b++)
            to->x[b][lane] = X[lane*width + b];
        to->y[lane] = y[lane];
    }
}

/* W: classes x width, X: n x width, y: n labels, n > 0. Writes the mean loss to L and its gradient,
   classes x width, to dL. Returns 0; or 1, and writes nothing, if there is no memory. */
int loss_and_gradient(int64_t n, const real *restrict W, const real *restrict X,
                      const int64_t *restrict y, double *restrict L, double *restrict dL)
{
    void *memory = calloc(1, sizeof(group) + line);
    if (memory == NULL)
        return 1;
    group *g = (group *)(((uintptr_t)memory + line - 1) / line * line);

    *L = 0;
    for (int64_t k = 0; k < classes*width; k++)
        dL[k] = 0;
    for (int64_t done = 0; done < n;) {
        /* Full groups; at the end, one in which some lanes hold old examples and do not count. */
        const int64_t full = (n - done)/lanes, count = full > 0 ? lanes : n - done;
        const int64_t now = full > rounds ? rounds : full > 0 ? full : 1;
        for (int64_t lane = 0; lane < lanes; lane++)
            g->loss[lane] = 0;
        for (int64_t k = 0; k < classes*width; k++)
            for (int64_t lane = 0; lane < lanes; lane++)
                g->G[k][lane] = 0;
        for (int64_t turn = 0; turn < now; turn++, done += count) {
            if (count == lanes) /* a number that the compiler knows */
                load(lanes, X + done*width, y + done, g);
            else
                load(count, X + done*width, y + done, g);
            scores(W, g->x, g->s);
            coefficients(g->s, g->y, g->loss, g->mu);
            gradient(g->mu, g->x, g->G);
        }
        for (int64_t lane = 0; lane < count; lane++)
            *L += g->loss[lane];
        for (int64_t k = 0; k < classes*width; k++)
            for (int64_t lane = 0; lane < count; lane++)
                dL[k] += g->G[k][lane];
    }
    *L /= (double)n;
    for (int64_t k = 0; k < classes*width; k++)
        dL[k] /= (double)n;
    free(memory);
    return 0;
}
"""
