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
