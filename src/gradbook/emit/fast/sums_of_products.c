/* The gradient, Σ_r μ_r x̃_rᵀ: a tile of classes × vectors of D is summed in registers over the rows
   of the block, while the rows of the next block are asked for from memory. */

INLINE void gradient_tile(const int width, const int wide, const int ahead, uintptr_t *next,
                          int64_t D, const real *x, const block *b, int64_t class, vector *G)
{
    vector g[tile_vectors][tile_classes];
    uintptr_t far = *next;
    UNROLL for (int k = 0; k < wide; k++)
        UNROLL for (int a = 0; a < width; a++)
            g[k][a] = G[k*width + a];
    for (int i = 0; i < b->count; i++) {
        const int r = b->active[i];
        vector x_k[tile_vectors];
        UNROLL for (int k = 0; k < wide; k++) {
            x_k[k] = load(x + r*D + k*lanes);
            if (ahead)
                __builtin_prefetch((const void *)(far + k*line));
        }
        if (ahead)
            far += wide*line;
        UNROLL for (int a = 0; a < width; a++) {
            const vector mu = splat(b->s[class + a][r]);
            UNROLL for (int k = 0; k < wide; k++)
                g[k][a] += x_k[k]*mu;
        }
    }
    UNROLL for (int k = 0; k < wide; k++)
        UNROLL for (int a = 0; a < width; a++)
            G[k*width + a] = g[k][a];
    *next = far;
}

INLINE void gradient_classes(const int width, const int ahead, uintptr_t next, int64_t D,
                             const real *x, const block *b, int64_t class, vector *G)
{
    const int64_t vectors = D/lanes;
    int64_t v = 0;
    for (; v + tile_vectors <= vectors; v += tile_vectors)
        gradient_tile(width, tile_vectors, ahead, &next, D, x + v*lanes, b, class, G + v*width);
#if TILE_VECTORS > 2
    if (v + 2 <= vectors) {
        gradient_tile(width, 2, ahead, &next, D, x + v*lanes, b, class, G + v*width);
        v += 2;
    }
#endif
    for (; v < vectors; v++)
        gradient_tile(width, 1, ahead, &next, D, x + v*lanes, b, class, G + v*width);
}

INLINE void gradient(const int ahead, int64_t rows, int64_t D, const real *x, block *b, vector *G)
{
    const int64_t vectors = D/lanes;
    /* Past the end of X at the last block: an address to fetch from, never to read. */
    const uintptr_t next = (uintptr_t)x + (uintptr_t)(rows*D)*sizeof(real);
    int64_t class = 0;
    for (; class + tile_classes <= columns; class += tile_classes)
        gradient_classes(tile_classes, ahead, next, D, x, b, class, G + class*vectors);
    if (rest_classes)
        gradient_classes(rest_classes, ahead, next, D, x, b, class, G + class*vectors);
}

/* Where class a and vector v of D are in G. */
INLINE int64_t place(int64_t vectors, int64_t v, int64_t a)
{
    const int64_t first = a/tile_classes*tile_classes;
    const int64_t width = columns - first < tile_classes ? columns - first : tile_classes;
    return first*vectors + v*width + a - first;
}
