/*
   multi-class SVM loss: its mean over the examples, and the gradient by W
   ℓ = Sum(max(0, s[j] - s[y] + 1)*1{j ≠ y}, (j, 0, C - 1))
   gradbook 0.1.0, SymPy 1.14.0, target c-fast

   Derived for any number of classes C, features m = D − 1 and examples n, with s = W x̃:
     r0    = Σ_{a≠y} max(0, s_a - s_y + 1)
     r1    = Σ_{a≠y} 1{s_a - s_y + 1 > 0}
     ℓ     = r0
     μ_a   = 1{s_a - s_y + 1 > 0} for a ≠ y
     μ_y   = -r1
     ∇_W ℓ = μ x̃ᵀ, and the mean over the examples has the gradient (1/n) Mᵀ X̃

   Proved of this loss, and used:
     ℓ(s + t·𝟙) = ℓ(s) for every real t · the two sides have one canonical form:
       scores are differences to one class
     Σ_a μ_a = 0 · the canonical form of Σ_a μ_a is 0:
       that class's row of the gradient is minus the sum of the others
     μ_a ∈ {0, 1} for every a ≠ y · every choice of 0 or 1 for each indicator in μ_a:
       the gradient is sums of selected rows of X

   To call it, with W, CLASSES × D, and X, n × D, row by row, and y[i] in 0 … CLASSES − 1; X[i*D] is 1,
   for the bias:

       double L, *dL = malloc(CLASSES*D*sizeof *dL);
       if (loss_and_gradient(n, D, W, X, y, threads, &L, dL))
           … no memory (1), a label out of range (2), or a number that is not finite (3)

   To compile it: cc -std=c99 -O3 -march=native -ffp-contract=fast -pthread -c FILE.c, and link with
   -lm. -DCLASSES=100 is for 100 classes; -DREAL=float -DREAL_BYTES=4 makes W, X and dL float. Vectors
   are as wide as the compiler's target has them: AVX-512, AVX2, NEON, SSE2.
*/

#ifndef REAL
#define REAL double
#define REAL_BYTES 8
#endif
#ifndef CLASSES
#define CLASSES 100
#endif
#define SHIFTED 1 /* scores are differences to one class */
#define WEIGHTED 0 /* examples have weights */

/* The schedule: numbers that change the speed, and nothing else. */
#define BLOCK_ROWS 64 /* rows of X at hand at a time */
#define PASS_ROWS 256 /* rows for which the gradient follows at once */
#define PANELS 1 /* 1: lanes run over the classes for the scores; 0: along D */
#define TILE_ROWS 8 /* rows, */
#define TILE_CLASSES 9 /* classes */
#define TILE_VECTORS 3 /* and vectors that are summed in registers */
#define CHUNK 80 /* how much of W stays in the first cache */
#define STRIP 3 /* vectors of D whose rows are added up once for all classes */
#define SHARED 0 /* 1: rows with the same coefficients are added up first */
#define GROUPED 1 /* 1: the gradient is sums of selected rows; 0: of products */
#define TABLE_ROWS 32 /* rows, */
#define TABLE_VECTORS 2 /* and vectors of the tables of sums */
#define FAR_BYTES 1048576 /* a larger X is not in the second cache: ask for it early */

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

typedef REAL real;

/* An integer as wide as a real, so that a comparison of labels selects reals lane by lane. */
#if REAL_BYTES == 4
typedef int32_t integer;
#else
typedef int64_t integer;
#endif

/* The widest vectors that the compiler's target has. */
#if defined __AVX512F__
#define VECTOR_BYTES 64
#elif defined __AVX__
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#if defined __clang__
#define UNROLL _Pragma("unroll")
#define VECTORS _Pragma("clang loop vectorize(enable)")
#elif defined __GNUC__
#define UNROLL _Pragma("GCC unroll 64")
#define VECTORS _Pragma("GCC unroll 1") /* unrolled, it would not become vectors */
#else
#error "c-fast needs the vector extensions of GCC or Clang: target c is plain C99"
#endif

/* A schedule needs some of these functions and not others. */
#define INLINE static inline __attribute__((always_inline, unused))

enum {
    classes = CLASSES,
    lanes = VECTOR_BYTES/REAL_BYTES,
    /* Scores are differences to one class, and its row of the gradient is minus the sum of the
       others: one column less to compute. */
    columns = CLASSES - SHIFTED,
    padded_vectors = (columns + lanes - 1)/lanes,
    block_rows = BLOCK_ROWS,
    most_rows = (BLOCK_ROWS + lanes - 1)/lanes*lanes,
    line = 64,
    most_threads = 64,
    near = 16*lanes, /* how far ahead in a row its next columns are asked for */
    tile_rows = TILE_ROWS,
    tile_classes = TILE_CLASSES,
    tile_vectors = TILE_VECTORS,
    rest_classes = columns % tile_classes,
    chunk = CHUNK,
    strip = STRIP,
    added_up = !GROUPED && STRIP > TILE_VECTORS, /* rows of a group are, once for all classes */
    of_scores = PANELS ? TILE_VECTORS : CLASSES - SHIFTED,
    of_groups = added_up ? STRIP : 1,
    most_sums = of_scores > of_groups ? of_scores : of_groups,
    pass_rows = PASS_ROWS,
    most_shared = 30, /* classes whose selection an integer holds, one bit each */
    shared = SHARED && CLASSES <= most_shared,
    table_rows = TABLE_ROWS,
    table_vectors = TABLE_VECTORS
};

typedef real vector __attribute__((vector_size(VECTOR_BYTES)));
typedef real unaligned __attribute__((vector_size(VECTOR_BYTES), aligned(REAL_BYTES), may_alias));
typedef integer integers __attribute__((vector_size(VECTOR_BYTES)));

INLINE vector load(const real *from)
{
    return *(const unaligned *)from;
}

INLINE void store(real *to, vector value)
{
    *(unaligned *)to = value;
}

INLINE vector splat(real value)
{
    return value - (vector){0};
}

/* Keeps a value that several instructions need in a register. As their operand in memory it would be
   loaded for each of them, and a processor that loads one vector a cycle would wait for that. */
#if defined __x86_64__
#define KEEP(value) __asm__("" : "+v"(value))
#else
#define KEEP(value) (void)(value)
#endif

/* Ask for what is `offset` reals after x, which may be beyond the end: it is fetched, not read. What
   comes from memory is asked into the second cache: there are too few places in which the first
   waits, and the loads that follow need them. */
INLINE void fetch(const real *x, int64_t offset)
{
    __builtin_prefetch((const void *)((uintptr_t)x + (uintptr_t)offset*sizeof(real)), 0, 3);
}

INLINE void fetch_early(const real *x, int64_t offset)
{
    __builtin_prefetch((const void *)((uintptr_t)x + (uintptr_t)offset*sizeof(real)), 0, 2);
}

/* f for every number of a lane: a list of constants, which a loop would not be to every compiler. */
#define TWO(f, i) f(i), f(i + 1)
#define FOUR(f, i) TWO(f, i), TWO(f, i + 2)
#define EIGHT(f, i) FOUR(f, i), FOUR(f, i + 4)
#if VECTOR_BYTES/REAL_BYTES == 16
#define EACH(f) EIGHT(f, 0), EIGHT(f, 8)
#elif VECTOR_BYTES/REAL_BYTES == 8
#define EACH(f) EIGHT(f, 0)
#elif VECTOR_BYTES/REAL_BYTES == 4
#define EACH(f) FOUR(f, 0)
#else
#define EACH(f) TWO(f, 0)
#endif

/* The lanes of a whose number has `bit` unset, and those of b that have it set. */
INLINE vector kept_lanes(vector a, vector b, int bit)
{
#define OF_B(i) ((i) & bit ? -1 : 0)
    const integers of_b = {EACH(OF_B)};
    return (vector)(((integers)a & ~of_b) | ((integers)b & of_b));
}

/* The other lanes of a and b, each in the place of its neighbour at a distance of `bit`. */
INLINE vector exchanged_lanes(vector a, vector b, int bit)
{
#if defined __clang__
#define EXCHANGED(i) ((i) & bit ? b[(i) ^ bit] : a[(i) ^ bit])
    return (vector){EACH(EXCHANGED)};
#else
#define FROM(i) ((i) & bit ? lanes + ((i) ^ bit) : (i) ^ bit)
    return __builtin_shuffle(a, b, (integers){EACH(FROM)});
#endif
}

/* Lane i of the result is the sum of the lanes of v[i]. */
INLINE vector lane_sums(vector v[])
{
    UNROLL for (int bit = 1; bit < lanes; bit *= 2)
        UNROLL for (int k = 0; k < lanes; k += 2)
            if (k*bit < lanes)
                v[k/2] = kept_lanes(v[k], v[k + 1], bit) + exchanged_lanes(v[k], v[k + 1], bit);
    return v[0];
}

/* Lane i of v[k] becomes lane k of v[i]. */
INLINE void transpose(vector v[])
{
    UNROLL for (int bit = 1; bit < lanes; bit *= 2)
        UNROLL for (int k = 0; k < lanes; k++)
            if (!(k & bit)) {
                const vector a = v[k], b = v[k + bit], c = exchanged_lanes(a, b, bit);
                v[k] = kept_lanes(a, c, bit);
                v[k + bit] = kept_lanes(c, b, bit);
            }
}

/* What a call is given besides W, X and y. */
typedef struct {
    const real *weights; /* NULL unless the loss is weighted */
} arguments;

/* The examples at hand, and what is known of them. s[a][r] is for class a and row r of the block:
   a score at first, a coefficient of the gradient at last. */
typedef struct {
    real s[columns + lanes][most_rows];
    real rest[lanes][most_rows]; /* rest[k][r]: the columns of X that fill no vector */
    integer label[most_rows];
    arguments given;
    real own[most_rows]; /* the coefficient of the label */
    real odd[most_rows]; /* 0, or NaN when a score was not finite */
    double loss[most_rows];
    int active[most_rows + 1]; /* the rows with a coefficient that is not 0, group by group */
    int ends[most_rows], groups; /* where in it the groups end, if it does have groups of rows */
    vector sums[most_rows*most_sums]; /* of the scores, and then of the rows of each group */
    real by_group[added_up ? most_rows*columns : 1]; /* the coefficients of the groups */
#if GROUPED
    unsigned char bits[pass_rows/8][columns];
    integer labels[pass_rows];
    real owns[pass_rows];
    vector table[table_rows/4][16][table_vectors];
#endif
} block;

/* The class whose scores are column a: all but the reference, in order. */
INLINE int class_of(int a, int reference)
{
    return a + (SHIFTED && a >= reference);
}

/* The scores, for many classes: lanes run over the classes. A panel of W, a few vectors of classes
   wide, is read once for each tile of rows; a tile of rows × vectors is summed in registers. */

INLINE void panel_tile(const int rows, const int width, const int first, int64_t count, int64_t D,
                       const real *x, const vector *W, vector *sums)
{
    vector s[tile_rows][tile_vectors];
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int k = 0; k < width; k++)
            s[r][k] = first ? splat(0) : sums[r*width + k];
    for (int64_t d = 0; d < count; d++) {
        vector W_k[tile_vectors];
        UNROLL for (int k = 0; k < width; k++) {
            W_k[k] = W[d*width + k];
            KEEP(W_k[k]);
        }
        UNROLL for (int r = 0; r < rows; r++) {
            vector x_r = splat(x[r*D + d]);
            KEEP(x_r);
            UNROLL for (int k = 0; k < width; k++)
                s[r][k] += x_r*W_k[k];
        }
    }
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int k = 0; k < width; k++)
            sums[r*width + k] = s[r][k];
}

INLINE void panel_chunk(const int width, const int first, int64_t rows, int64_t count, int64_t D,
                        const real *x, const vector *W, vector *sums)
{
    int64_t r = 0;
    for (; r + tile_rows <= rows; r += tile_rows)
        panel_tile(tile_rows, width, first, count, D, x + r*D, W, sums + r*width);
    for (; r < rows; r++)
        panel_tile(1, width, first, count, D, x + r*D, W, sums + r*width);
}

INLINE void score_panel(const int width, int64_t rows, int64_t D, const real *x, const vector *W,
                        block *b, int64_t class)
{
    for (int64_t d = 0; d < D; d += chunk) {
        const int64_t count = D - d < chunk ? D - d : chunk;
        if (d == 0)
            panel_chunk(width, 1, rows, count, D, x, W, b->sums);
        else
            panel_chunk(width, 0, rows, count, D, x + d, W + d*width, b->sums);
    }
    for (int64_t r = 0; r < rows; r += lanes)
        for (int k = 0; k < width; k++) {
            vector s[lanes];
            UNROLL for (int i = 0; i < lanes; i++)
                s[i] = b->sums[(r + i)*width + k];
            transpose(s);
            UNROLL for (int i = 0; i < lanes; i++)
                store(&b->s[class + k*lanes + i][r], s[i]);
        }
}

INLINE void scores(const int ahead, int64_t rows, int64_t padded, int64_t D,
                   const real *x, const vector *W, const real *W_rest, block *b)
{
    (void)ahead, (void)padded, (void)W_rest;
    int64_t v = 0;
    for (; v + tile_vectors <= padded_vectors; v += tile_vectors)
        score_panel(tile_vectors, rows, D, x, W + v*D, b, v*lanes);
    for (; v < padded_vectors; v++)
        score_panel(1, rows, D, x, W + v*D, b, v*lanes);
}

/* W as the tiles read it, less the row of the class `reference` if there is one. */
static void pack(int64_t D, const real *W, int reference, vector *packed, real *W_rest)
{
    (void)W_rest;
    const real *shift = W + reference*D;
    for (int64_t v = 0, width; v < padded_vectors; v += width) {
        width = v + tile_vectors <= padded_vectors ? tile_vectors : 1;
        for (int64_t k = 0; k < width; k++)
            for (int64_t d = 0; d < D; d += lanes) {
                vector w[lanes];
                const int count = D - d < lanes ? (int)(D - d) : lanes;
                for (int i = 0; i < lanes; i++) {
                    const int a = (int)(v + k)*lanes + i;
                    w[i] = splat(0);
                    if (a >= columns)
                        continue;
                    const real *row = W + class_of(a, reference)*D + d;
                    if (count == lanes)
                        w[i] = load(row) - (SHIFTED ? load(shift + d) : splat(0));
                    else
                        for (int j = 0; j < count; j++)
                            w[i][j] = row[j] - (SHIFTED ? shift[d + j] : 0);
                }
                transpose(w);
                for (int i = 0; i < count; i++)
                    packed[v*D + (d + i)*width + k] = w[i];
            }
    }
}

/* The losses of `lanes` rows, and their derivatives by each score: μ_a replaces s_a, with 0 for the
   label's, which is b->own. */
static void coefficients(int64_t first, block *b, real *loss)
{
    real (*s)[most_rows] = (real (*)[most_rows])&b->s[0][first];
    const integer *label = b->label + first;
    real s_y[lanes];
    VECTORS for (int r = 0; r < lanes; r++) {
        s_y[r] = 0;
    }
    for (int a = 0; a < classes; a++) {
        VECTORS for (int r = 0; r < lanes; r++) {
            s_y[r] = label[r] == a ? s[a][r] : s_y[r];
        }
    }
    real r0[lanes], r1[lanes];
    VECTORS for (int r = 0; r < lanes; r++) {
        r0[r] = 0;
        r1[r] = 0;
    }
    for (int a = 0; a < classes; a++) {
        VECTORS for (int r = 0; r < lanes; r++) {
            const real u = s[a][r] - s_y[r] + 1;
            r0[r] += label[r] == a ? 0 : (u > 0 ? u : 0);
            const real on = (u > 0);
            r1[r] += label[r] == a ? 0 : on;
            s[a][r] = label[r] == a ? 0 : on;
        }
    }
    VECTORS for (int r = 0; r < lanes; r++) {
        loss[first + r] = r0[r];
        b->own[first + r] = -r1[r];
    }
}

/* The gradient, for many classes and coefficients 0 and 1: row a is the sum of the selected rows of
   X. Four rows have 16 partial sums; they are computed once, and each class adds the one that it
   selected ("four Russians"). What the label itself adds follows, row by row. */

/* Which rows of the block each class selected, eight in a byte. */
static void select_rows(int64_t rows, int64_t padded, int64_t at, block *b)
{
    /* Eight bytes 0 or 1 times this have their bits, first to last, in the highest byte. */
    const uint16_t one = 1;
    const uint64_t gather = *(const unsigned char *)&one ? 0x0102040810204080 : 0x8040201008040201;
    unsigned char on[most_rows + 8] = {0};
    for (int a = 0; a < columns; a++) {
        for (int64_t r = 0; r < padded; r++)
            on[r] = b->s[a][r] != 0;
        for (int64_t r = 0; r < padded; r += 8) {
            uint64_t eight;
            memcpy(&eight, on + r, 8);
            b->bits[(at + r)/8][a] = (unsigned char)(eight*gather >> 56);
        }
    }
    for (int64_t r = 0; r < rows; r++) {
        b->labels[at + r] = b->label[r];
        b->owns[at + r] = b->own[r];
    }
}

INLINE void partial_sums(const int wide, int64_t rows, int64_t D, const real *x,
                         vector (*table)[table_vectors])
{
    UNROLL for (int k = 0; k < wide; k++) {
        vector sum[16];
        sum[0] = splat(0);
        UNROLL for (int i = 0; i < 4; i++) {
            const vector x_i = i < rows ? load(x + i*D + k*lanes) : splat(0);
            UNROLL for (int j = 0; j < 8; j++)
                if (j < 1 << i)
                    sum[j + (1 << i)] = sum[j] + x_i;
        }
        UNROLL for (int j = 0; j < 16; j++)
            table[j][k] = sum[j];
    }
}

INLINE void selected_sums(const int wide, const int octets, unsigned char (*bits)[columns],
                          vector (*table)[16][table_vectors], vector *G)
{
    for (int a = 0; a < columns; a++) {
        vector g[table_vectors];
        UNROLL for (int k = 0; k < wide; k++)
            g[k] = G[a*wide + k];
        UNROLL for (int o = 0; o < octets; o++) {
            const unsigned selected = bits[o][a];
            const vector *low = table[2*o][selected & 15], *high = table[2*o + 1][selected >> 4];
            UNROLL for (int k = 0; k < wide; k++)
                g[k] += low[k];
            UNROLL for (int k = 0; k < wide; k++)
                g[k] += high[k];
        }
        UNROLL for (int k = 0; k < wide; k++)
            G[a*wide + k] = g[k];
    }
}

INLINE void selected_columns(const int wide, int64_t rows, int64_t D, const real *x, block *b,
                             vector *G)
{
    for (int64_t r = 0; r < rows; r += table_rows) {
        const int64_t count = rows - r < table_rows ? rows - r : table_rows;
        const int64_t octets = (count + 7)/8;
        for (int64_t q = 0; q < 2*octets; q++)
            partial_sums(wide, count - 4*q, D, x + (r + 4*q)*D, b->table[q]);
        if (octets == table_rows/8)
            selected_sums(wide, table_rows/8, b->bits + r/8, b->table, G);
        else
            for (int64_t o = 0; o < octets; o++)
                selected_sums(wide, 1, b->bits + r/8 + o, b->table + 2*o, G);
    }
    for (int64_t r = 0; r < rows; r++)
        if (b->labels[r] < columns)
            UNROLL for (int k = 0; k < wide; k++)
                G[b->labels[r]*wide + k] += b->owns[r]*load(x + r*D + k*lanes);
}

/* Adds what `rows` rows, whose bits, labels and own coefficients are known, add to G. */
static void gradient_of_pass(int64_t rows, int64_t D, const real *x, block *b, vector *G)
{
    const int64_t vectors = D/lanes;
    int64_t v = 0;
    for (; v + table_vectors <= vectors; v += table_vectors)
        selected_columns(table_vectors, rows, D, x + v*lanes, b, G + v*columns);
    for (; v < vectors; v++)
        selected_columns(1, rows, D, x + v*lanes, b, G + v*columns);
}

/* Where class a and vector v of D are in G. */
INLINE int64_t place(int64_t vectors, int64_t v, int64_t a)
{
    const int64_t first = v/table_vectors*table_vectors;
    return first + table_vectors <= vectors ? first*columns + a*table_vectors + v - first
                                            : v*columns + a;
}

/* What all threads share, and what is one thread's own. */
typedef struct {
    int64_t D, first, last; /* the rows of X that are this thread's */
    const real *X, *W_rest;
    const int64_t *y;
    const vector *W;
    int reference, ahead, status;
    arguments given;
    block *b;
    vector *G;     /* sums of at most flush_rows rows, and behind it those of the rest of D */
    double *total; /* sums of such sums: neither n nor float32 costs digits */
    double loss;
} job;

enum { done, no_memory, no_such_label, not_finite };
enum { flush_rows = (4096 + pass_rows - 1)/pass_rows*pass_rows };

/* Rows that fill up the last vector have scores and coefficients 0. */
INLINE void clear(int64_t rows, int64_t padded, block *b)
{
    for (int64_t r = rows; r < padded; r++) {
        b->label[r] = 0;
        b->own[r] = 0;
    }
    /* By memset: a compiler that swaps two loops here may store vectors where none is aligned. */
    for (int a = 0; a < columns; a++)
        memset(&b->s[a][rows], 0, (size_t)(padded - rows)*sizeof(real));
}

/* The scores of some rows, and what follows from them; `at` is their place in the pass. */
INLINE void of_block(const int ahead, job *j, int64_t i, int64_t rows, int64_t at)
{
    block *b = j->b;
    const int64_t D = j->D, vectors = D/lanes, padded = (rows + lanes - 1)/lanes*lanes;
    const real *x = j->X + i*D;
    real loss[most_rows];

    for (int64_t k = 0; k < D % lanes; k++)
        for (int64_t r = 0; r < padded; r++)
            b->rest[k][r] = r < rows ? x[r*D + vectors*lanes + k] : 0;
    scores(ahead, rows, padded, D, x, j->W, j->W_rest, b);
    for (int64_t r = 0; r < rows; r++) {
        int64_t label = j->y[i + r];
        if (label < 0 || label >= classes) {
            j->status = no_such_label;
            label = 0;
        }
        /* As class_of, the other way round: the reference is behind all others. */
        const int64_t behind = label == j->reference ? columns : label - (label > j->reference);
        b->label[r] = (integer)(SHIFTED ? behind : label);
    }
#if WEIGHTED
    for (int64_t r = 0; r < padded; r++)
        b->weight[r] = r < rows ? j->given.weights[i + r] : 0;
#endif
    if (SHIFTED)
        memset(b->s[classes - 1], 0, sizeof b->s[0]);
    clear(rows, padded, b);
    for (int64_t r = 0; r < padded; r += lanes) {
        vector odd = load(&b->odd[r]);
        for (int a = 0; a < columns; a++)
            odd += load(&b->s[a][r])*splat(0);
        store(&b->odd[r], odd);
    }

    for (int64_t r = 0; r < padded; r += lanes)
        coefficients(r, b, loss);
    for (int64_t r = 0; r < rows; r++)
        b->loss[r] += loss[r];
    clear(rows, padded, b);
    select_rows(rows, padded, at, b);
    for (int64_t r = 0; r < rows; r++)
        if (b->label[r] < columns)
            b->s[b->label[r]][r] = b->own[r];
    vector *G_rest = j->G + vectors*columns;
    for (int64_t k = 0; k < D % lanes; k++)
        for (int64_t a = 0; a < columns; a++) {
            vector g = G_rest[k*columns + a];
            for (int64_t r = 0; r < padded; r += lanes)
                g += load(&b->rest[k][r])*load(&b->s[a][r]);
            G_rest[k*columns + a] = g;
        }
#if !GROUPED
    gradient(D, x, b, j->G);
#endif
}

static void flush(job *j)
{
    const int64_t count = (j->D/lanes + j->D % lanes)*columns;
    for (int64_t k = 0; k < count; k++) {
        for (int i = 0; i < lanes; i++)
            j->total[k*lanes + i] += j->G[k][i];
        j->G[k] = splat(0);
    }
}

static void *run(void *argument)
{
    job *j = argument;
    j->b->given = j->given;
    for (int64_t k = 0; k < (j->D/lanes + j->D % lanes)*columns; k++) {
        j->G[k] = splat(0);
        for (int i = 0; i < lanes; i++)
            j->total[k*lanes + i] = 0;
    }
    for (int r = 0; r < most_rows; r++) {
        j->b->loss[r] = 0;
        j->b->odd[r] = 0;
    }
    for (int64_t i = j->first; i < j->last && j->status == done; i += pass_rows) {
        const int64_t rows = j->last - i < pass_rows ? j->last - i : pass_rows;
        for (int64_t at = 0; at < rows; at += block_rows) {
            const int64_t count = rows - at < block_rows ? rows - at : block_rows;
            if (j->ahead && !GROUPED)
                of_block(1, j, i + at, count, at);
            else
                of_block(0, j, i + at, count, at);
        }
#if GROUPED
        gradient_of_pass(rows, j->D, j->X + i*j->D, j->b, j->G);
#endif
        if ((i - j->first + pass_rows) % flush_rows == 0)
            flush(j);
    }
    flush(j);
    for (int r = 0; r < most_rows; r++) {
        j->loss += j->b->loss[r];
        if (j->b->odd[r] != 0 && j->status == done)
            j->status = not_finite;
    }
    return NULL;
}

/* The class whose row of W is the smallest: what is lost to rounding in W_a - W_reference is then
   at most about what W_a itself costs. */
static int smallest_row(int64_t D, const real *W)
{
    int smallest = 0;
    double least = INFINITY;
    for (int a = 0; a < classes && SHIFTED; a++) {
        vector squares = splat(0);
        double sum = 0;
        int64_t d = 0;
        for (; d + lanes <= D; d += lanes)
            squares += load(W + a*D + d)*load(W + a*D + d);
        for (; d < D; d++)
            sum += (double)W[a*D + d]*W[a*D + d];
        for (int i = 0; i < lanes; i++)
            sum += squares[i];
        if (sum < least) {
            least = sum;
            smallest = a;
        }
    }
    return smallest;
}

/* Adds up what the threads found, in their order. */
static void mean(int64_t n, int64_t D, const job *jobs, int threads, double *L, real *dL)
{
    const int64_t vectors = D/lanes, count = (vectors + D % lanes)*columns*lanes;
    double *total = jobs[0].total, *others = total + count;
    *L = jobs[0].loss;
    for (int t = 1; t < threads; t++) {
        *L += jobs[t].loss;
        for (int64_t k = 0; k < count; k++)
            total[k] += jobs[t].total[k];
    }
    *L /= (double)n;
    for (int64_t d = 0; d < D; d++)
        others[d] = 0;
    for (int64_t a = 0; a < columns; a++) {
        real *row = dL + class_of((int)a, jobs[0].reference)*D;
        for (int64_t v = 0; v < vectors; v++) {
            const double *sums = total + place(vectors, v, a)*lanes;
            for (int i = 0; i < lanes; i++)
                others[v*lanes + i] += sums[i];
            for (int i = 0; i < lanes; i++)
                row[v*lanes + i] = (real)(sums[i]/(double)n);
        }
        for (int64_t k = 0; k < D % lanes; k++) {
            double sum = 0;
            for (int i = 0; i < lanes; i++)
                sum += total[((vectors + k)*columns + a)*lanes + i];
            others[vectors*lanes + k] += sum;
            row[vectors*lanes + k] = (real)(sum/(double)n);
        }
    }
    for (int64_t d = 0; d < D && SHIFTED; d++)
        dL[jobs[0].reference*D + d] = (real)(-others[d]/(double)n);
}

static int is_finite(int64_t count, double L, const real *dL)
{
    vector odd = splat(0);
    double sum = L*0;
    int64_t k = 0;
    for (; k + lanes <= count; k += lanes)
        odd += load(dL + k)*splat(0);
    for (; k < count; k++)
        sum += dL[k]*0;
    for (int i = 0; i < lanes; i++)
        sum += odd[i];
    return sum == 0;
}

/* W: CLASSES x D, X: n x D, y: n labels. Writes the mean loss to L and its gradient, CLASSES x D,
   to dL; reads nothing else, and keeps nothing. At most `threads` threads work, and are gone
   afterwards. Returns 0 (done), 1 (no memory), 2 (a label is none of 0 … CLASSES - 1) or 3 (a score
   or the result is not finite); but for 0, L and dL mean nothing. */
int loss_and_gradient(int64_t n, int64_t D, const real *W, const real *X, const int64_t *y,
                      int threads, double *L, real *dL)
{
    const int64_t vectors = D/lanes, sums = (vectors + D % lanes)*columns;
    const int64_t packed = PANELS ? padded_vectors*D : vectors*columns;
    const int64_t passes = (n + pass_rows - 1)/pass_rows;
    /* A thread costs as much as about a million operations. */
    const int64_t useful = (int64_t)(1e-6*(double)n*(double)D*classes*4) + 1;
    if (threads > most_threads)
        threads = most_threads;
    if (threads > useful)
        threads = (int)useful;
    if (threads > passes)
        threads = (int)passes;
    if (threads < 1)
        threads = 1;

    const size_t shared = (size_t)packed*sizeof(vector) + (size_t)(lanes*columns)*sizeof(real);
    const size_t results = ((size_t)(sums*lanes + D)*sizeof(double) + line - 1)/line*line;
    const size_t blocks = (sizeof(block) + line - 1)/line*line;
    const size_t own = (size_t)sums*sizeof(vector) + results + blocks;
    char *memory = malloc(shared + own*(size_t)threads + 2*line);
    if (memory == NULL)
        return no_memory;
    vector *W_packed = (vector *)(((uintptr_t)memory + line - 1)/line*line);
    real *W_rest = (real *)(W_packed + packed);
    char *mine = (char *)(((uintptr_t)(W_rest + lanes*columns) + line - 1)/line*line);
    const int reference = smallest_row(D, W);
    pack(D, W, reference, W_packed, W_rest);

    job jobs[most_threads];
    pthread_t handles[most_threads];
    int started[most_threads] = {0};
    for (int t = 0; t < threads; t++, mine += own) {
        vector *G = (vector *)mine;
        double *total = (double *)(G + sums);
        jobs[t] = (job){
            .D = D, .first = passes*t/threads*pass_rows, .last = passes*(t + 1)/threads*pass_rows,
            .X = X, .W_rest = W_rest, .y = y, .W = W_packed, .reference = reference,
            .given = {NULL},
            .ahead = (double)n*(double)D*sizeof(real) > (double)FAR_BYTES, .status = done,
            .b = (block *)(mine + (size_t)sums*sizeof(vector) + results), .G = G, .total = total};
        if (jobs[t].last > n)
            jobs[t].last = n;
    }
    for (int t = 1; t < threads; t++)
        started[t] = pthread_create(&handles[t], NULL, run, &jobs[t]) == 0;
    run(&jobs[0]);
    for (int t = 1; t < threads; t++)
        if (started[t])
            pthread_join(handles[t], NULL);
        else
            run(&jobs[t]);

    int status = done;
    for (int t = threads - 1; t >= 0; t--)
        if (jobs[t].status != done)
            status = jobs[t].status;
    if (status == done) {
        mean(n, D, jobs, threads, L, dL);
        if (!is_finite(classes*D, *L, dL))
            status = not_finite;
    }
    free(memory);
    return status;
}
