/* The gradient, Σ_r μ_r x̃_rᵀ: a tile of classes × vectors of D is summed in registers over the rows
   of the block. Rows that share their coefficients are added up before. */

/* The groups of rows whose coefficients are the same, and not all 0: those of 0 and 1 are given by
   the label and by the classes that a row selects. */
static void share(int64_t rows, const integer *selected, block *b)
{
    int newest[classes], older[most_rows], first[most_rows], place[most_rows], own[most_rows];
    for (int a = 0; a < classes; a++)
        newest[a] = -1;
    for (int r = 0; r < rows; r++) {
        if (selected[r] == 0)
            continue;
        int *of_label = &newest[b->label[r]], group = *of_label;
        while (group >= 0 && (selected[first[group]] != selected[r]
                              || b->own[first[group]] != b->own[r]))
            group = older[group];
        if (group < 0) {
            group = b->groups++;
            older[group] = *of_label;
            *of_label = group;
            first[group] = r;
            b->ends[group] = 0;
        }
        own[r] = group;
        b->ends[group]++;
    }
    for (int group = 0, end = 0; group < b->groups; group++) {
        place[group] = end;
        end = b->ends[group] += end;
    }
    for (int r = 0; r < rows; r++)
        if (selected[r] != 0)
            b->active[place[own[r]]++] = r;
}

/* Lists the rows with a coefficient that is not 0. */
static void select_rows(int64_t rows, int64_t padded, int64_t at, block *b)
{
    integer selected[most_rows];
    (void)at;
    for (int64_t r = 0; r < padded; r += lanes) {
        integers found = (load(&b->own[r]) != splat(0)) & 1;
        for (int a = 0; a < columns; a++)
            found |= (load(&b->s[a][r]) != splat(0)) & (2 << a % most_shared);
        memcpy(&selected[r], &found, sizeof found);
    }
    b->groups = 0;
    if (shared)
        share(rows, selected, b);
    else
        for (int r = 0; r < rows; r++) {
            b->active[b->groups] = r;
            b->groups += selected[r] != 0;
        }
}

INLINE void gradient_tile(const int width, const int wide, int64_t D, const real *x, const block *b,
                          int64_t class, vector *G)
{
    vector g[tile_vectors][tile_classes];
    UNROLL for (int k = 0; k < wide; k++)
        UNROLL for (int a = 0; a < width; a++)
            g[k][a] = G[k*width + a];
    for (int group = 0, i = 0; group < b->groups; group++) {
        const int r = b->active[i++];
        vector x_k[tile_vectors];
        UNROLL for (int k = 0; k < wide; k++)
            x_k[k] = load(x + r*D + k*lanes);
        for (; shared && i < b->ends[group]; i++)
            UNROLL for (int k = 0; k < wide; k++)
                x_k[k] += load(x + b->active[i]*D + k*lanes);
        UNROLL for (int a = 0; a < width; a++) {
            const vector mu = splat(b->s[class + a][r]);
            UNROLL for (int k = 0; k < wide; k++)
                g[k][a] += x_k[k]*mu;
        }
    }
    UNROLL for (int k = 0; k < wide; k++)
        UNROLL for (int a = 0; a < width; a++)
            G[k*width + a] = g[k][a];
}

INLINE void gradient_classes(const int width, int64_t D, const real *x, const block *b,
                             int64_t class, vector *G)
{
    const int64_t vectors = D/lanes;
    int64_t v = 0;
    for (; v + tile_vectors <= vectors; v += tile_vectors)
        gradient_tile(width, tile_vectors, D, x + v*lanes, b, class, G + v*width);
#if TILE_VECTORS > 2
    if (v + 2 <= vectors) {
        gradient_tile(width, 2, D, x + v*lanes, b, class, G + v*width);
        v += 2;
    }
#endif
    for (; v < vectors; v++)
        gradient_tile(width, 1, D, x + v*lanes, b, class, G + v*width);
}

static void gradient(int64_t D, const real *x, block *b, vector *G)
{
    const int64_t vectors = D/lanes;
    int64_t class = 0;
    for (; class + tile_classes <= columns; class += tile_classes)
        gradient_classes(tile_classes, D, x, b, class, G + class*vectors);
    if (rest_classes)
        gradient_classes(rest_classes, D, x, b, class, G + class*vectors);
}

/* Where class a and vector v of D are in G. */
INLINE int64_t place(int64_t vectors, int64_t v, int64_t a)
{
    const int64_t first = a/tile_classes*tile_classes;
    const int64_t width = columns - first < tile_classes ? columns - first : tile_classes;
    return first*vectors + v*width + a - first;
}
