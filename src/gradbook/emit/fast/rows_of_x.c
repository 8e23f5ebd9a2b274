/* The scores, for few classes: lanes run along D. A tile of rows × classes is summed in registers,
   one vector of partial sums for each score, over one chunk of D after another: the chunk of W stays
   in the first cache while all rows of the block pass by, and a tile's rows while all classes do. */

INLINE void score_tile(const int rows, const int width, const int first, const int ahead,
                       int64_t count, int64_t D, const real *x, const vector *W, vector *sums)
{
    vector s[tile_rows][tile_classes];
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int a = 0; a < width; a++)
            s[r][a] = first ? splat(0) : sums[a*most_rows + r];
    for (int64_t v = 0; v < count; v++) {
        UNROLL for (int r = 0; ahead && r < rows; r++) {
            fetch(x, r*D + v*lanes + near);
            fetch_early(x, (r + block_rows)*D + v*lanes);
        }
        /* The shorter side of the tile waits in registers, and the longer one passes by. */
        vector W_a[tile_classes], x_r[tile_rows];
        if (added_up && tile_classes < tile_rows) {
            UNROLL for (int a = 0; a < width; a++) {
                W_a[a] = W[v*width + a];
                KEEP(W_a[a]);
            }
            UNROLL for (int r = 0; r < rows; r++) {
                x_r[r] = load(x + r*D + v*lanes);
                KEEP(x_r[r]);
                UNROLL for (int a = 0; a < width; a++)
                    s[r][a] += x_r[r]*W_a[a];
            }
        } else {
            UNROLL for (int r = 0; r < rows; r++) {
                x_r[r] = load(x + r*D + v*lanes);
                KEEP(x_r[r]);
            }
            UNROLL for (int a = 0; a < width; a++) {
                W_a[a] = W[v*width + a];
                KEEP(W_a[a]);
                UNROLL for (int r = 0; r < rows; r++)
                    s[r][a] += x_r[r]*W_a[a];
            }
        }
    }
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int a = 0; a < width; a++)
            sums[a*most_rows + r] = s[r][a];
}

/* Vectors v … v + count - 1 of some rows, for all classes. */
INLINE void score_rows(const int rows, const int first, const int ahead, int64_t v, int64_t count,
                       int64_t D, const real *x, const vector *W, vector *sums)
{
    const int64_t vectors = D/lanes;
    x += v*lanes;
    int64_t class = 0;
    for (; class + tile_classes <= columns; class += tile_classes)
        score_tile(rows, tile_classes, first, ahead, count, D, x, W + class*vectors + v*tile_classes,
                   sums + class*most_rows);
    if (rest_classes)
        score_tile(rows, rest_classes, first, ahead, count, D, x, W + class*vectors + v*rest_classes,
                   sums + class*most_rows);
}

INLINE void score_chunk(const int first, const int ahead, int64_t rows, int64_t v, int64_t count,
                        int64_t D, const real *x, const vector *W, vector *sums)
{
    int64_t r = 0;
    for (; r + tile_rows <= rows; r += tile_rows)
        score_rows(tile_rows, first, ahead, v, count, D, x + r*D, W, sums + r);
    for (; r < rows; r++)
        score_rows(1, first, ahead, v, count, D, x + r*D, W, sums + r);
}

INLINE void scores(const int ahead, int64_t rows, int64_t padded, int64_t D,
                   const real *x, const vector *W, const real *W_rest, block *b)
{
    const int64_t vectors = D/lanes;
    for (int64_t v = 0; v == 0 || v < vectors; v += chunk) {
        const int64_t count = vectors - v < chunk ? vectors - v : chunk;
        if (v == 0) /* sets the sums, also where D fills no vector */
            score_chunk(1, ahead, rows, v, count, D, x, W, b->sums);
        else
            score_chunk(0, ahead, rows, v, count, D, x, W, b->sums);
    }
    for (int a = 0; a < columns; a++)
        for (int64_t r = 0; r < rows; r += lanes) {
            vector s[lanes];
            UNROLL for (int i = 0; i < lanes; i++)
                s[i] = b->sums[a*most_rows + r + i];
            store(&b->s[a][r], lane_sums(s));
        }
    for (int64_t k = 0; k < D % lanes; k++)
        for (int64_t a = 0; a < columns; a++)
            for (int64_t r = 0; r < padded; r += lanes) {
                const vector x_r = load(&b->rest[k][r]), W_a = splat(W_rest[k*columns + a]);
                store(&b->s[a][r], load(&b->s[a][r]) + x_r*W_a);
            }
}

/* W as the tiles read it, less the row of the class `reference` if there is one. */
static void pack(int64_t D, const real *W, int reference, vector *packed, real *W_rest)
{
    const int64_t vectors = D/lanes;
    const real *shift = W + reference*D;
    for (int first = 0; first < columns; first += tile_classes) {
        const int width = columns - first < tile_classes ? columns - first : tile_classes;
        for (int a = 0; a < width; a++) {
            const real *row = W + class_of(first + a, reference)*D;
            for (int64_t v = 0; v < vectors; v++) {
                const vector less = SHIFTED ? load(shift + v*lanes) : splat(0);
                packed[first*vectors + v*width + a] = load(row + v*lanes) - less;
            }
            for (int64_t k = 0; k < D % lanes; k++) {
                const real less = SHIFTED ? shift[vectors*lanes + k] : 0;
                W_rest[k*columns + first + a] = row[vectors*lanes + k] - less;
            }
        }
    }
}
