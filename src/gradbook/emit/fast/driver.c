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
                      @declared double *L, real *dL)
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
            .given = {@given},
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
@penalty        if (!is_finite(classes*D, *L, dL))
            status = not_finite;
    }
    free(memory);
    return status;
}
