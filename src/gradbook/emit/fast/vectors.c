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
#elif defined __GNUC__
#define UNROLL _Pragma("GCC unroll 64")
#else
#error "c-fast needs the vector extensions of GCC or Clang: target c is plain C99"
#endif

#define INLINE static inline __attribute__((always_inline))

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
    most_sums = PANELS ? TILE_VECTORS : TILE_CLASSES,
    pass_rows = PASS_ROWS,
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

/* Asks for what is `offset` reals after x, which may be beyond the end: it is fetched, not read. */
INLINE void fetch(const real *x, int64_t offset)
{
    __builtin_prefetch((const void *)((uintptr_t)x + (uintptr_t)offset*sizeof(real)));
}

/* Of two vectors, the lanes with that bit of their number unset, and those with it set. */
INLINE void unzip(vector a, vector b, int bit, vector *low, vector *high)
{
#if defined __clang__
    for (int i = 0; i < lanes; i++) {
        (*low)[i] = i & bit ? b[i - bit] : a[i];
        (*high)[i] = i & bit ? b[i] : a[i + bit];
    }
#else
    integers first, second;
    UNROLL for (int i = 0; i < lanes; i++) {
        first[i] = i & bit ? lanes + i - bit : i;
        second[i] = i & bit ? lanes + i : i + bit;
    }
    *low = __builtin_shuffle(a, b, first);
    *high = __builtin_shuffle(a, b, second);
#endif
}

/* Lane i of the result is the sum of the lanes of v[i]. */
INLINE vector lane_sums(vector v[])
{
    UNROLL for (int bit = 1, count = lanes/2; bit < lanes; bit *= 2, count /= 2)
        UNROLL for (int k = 0; k < count; k++) {
            vector low, high;
            unzip(v[2*k], v[2*k + 1], bit, &low, &high);
            v[k] = low + high;
        }
    return v[0];
}

/* Lane i of v[k] becomes lane k of v[i]. */
INLINE void transpose(vector v[])
{
    UNROLL for (int bit = 1; bit < lanes; bit *= 2)
        UNROLL for (int k = 0; k < lanes; k++)
            if (!(k & bit)) {
                vector low, high;
                unzip(v[k], v[k + bit], bit, &low, &high);
                v[k] = low;
                v[k + bit] = high;
            }
}

/* The examples at hand, and what is known of them. s[a][r] is for class a and row r of the block:
   a score at first, a coefficient of the gradient at last. */
typedef struct {
    real s[columns + lanes][most_rows];
    real rest[lanes][most_rows]; /* rest[k][r]: the columns of X that fill no vector */
    integer label[most_rows];
    real own[most_rows]; /* the coefficient of the label */
    real odd[most_rows]; /* 0, or NaN when a score was not finite */
    double loss[most_rows];
    int active[most_rows], count; /* the rows with a coefficient that is not 0 */
    vector sums[most_rows*most_sums];
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
