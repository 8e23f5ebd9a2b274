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
@numbers} arguments;

/* The examples at hand, and what is known of them. s[a][r] is for class a and row r of the block:
   a score at first, a coefficient of the gradient at last. */
typedef struct {
    real s[columns + lanes][most_rows];
    real rest[lanes][most_rows]; /* rest[k][r]: the columns of X that fill no vector */
    integer label[most_rows];
@kept    arguments given;
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
