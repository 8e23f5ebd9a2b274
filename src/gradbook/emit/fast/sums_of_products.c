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

/* The sum of the rows of a group, from the i-th active one on; returns where the next group is. */
INLINE int group_sum(const int wide, int64_t D, const real *x, const block *b, int group, int i,
                     vector *sum)
{
    const real *row = x + b->active[i++]*D;
    UNROLL for (int k = 0; k < wide; k++)
        sum[k] = load(row + k*lanes);
    for (; shared && i < b->ends[group]; i++) {
        row = x + b->active[i]*D;
        UNROLL for (int k = 0; k < wide; k++)
            sum[k] += load(row + k*lanes);
    }
    return i;
}

/* The coefficient of a class for the rows of a group, one of which is r. */
INLINE real coefficient(const block *b, int group, int r, int64_t a)
{
    return added_up ? b->by_group[group*columns + a] : b->s[a][r];
}

INLINE void gradient_tile(const int width, const int wide, int64_t D, const real *x, const block *b,
                          int64_t class, const vector *sums, vector *G)
{
    vector g[tile_vectors][tile_classes];
    UNROLL for (int k = 0; k < wide; k++)
        UNROLL for (int a = 0; a < width; a++)
            g[k][a] = G[k*width + a];
    for (int group = 0, i = 0; group < b->groups; group++) {
        vector x_k[tile_vectors], mu_a[tile_classes];
        const int r = !added_up ? b->active[i] : 0;
        if (!added_up)
            i = group_sum(wide, D, x, b, group, i, x_k);
        else
            UNROLL for (int k = 0; k < wide; k++)
                x_k[k] = sums[group*strip + k];
        /* As for the scores, the shorter side of the tile waits. */
        if (tile_classes < tile_vectors) {
            UNROLL for (int a = 0; a < width; a++) {
                mu_a[a] = splat(coefficient(b, group, r, class + a));
                KEEP(mu_a[a]);
            }
            UNROLL for (int k = 0; k < wide; k++) {
                KEEP(x_k[k]);
                UNROLL for (int a = 0; a < width; a++)
                    g[k][a] += x_k[k]*mu_a[a];
            }
        } else {
            UNROLL for (int k = 0; k < wide; k++)
                KEEP(x_k[k]);
            UNROLL for (int a = 0; a < width; a++) {
                mu_a[a] = splat(coefficient(b, group, r, class + a));
                KEEP(mu_a[a]);
                UNROLL for (int k = 0; k < wide; k++)
                    g[k][a] += x_k[k]*mu_a[a];
            }
        }
    }
    UNROLL for (int k = 0; k < wide; k++)
        UNROLL for (int a = 0; a < width; a++)
            G[k*width + a] = g[k][a];
}

INLINE void gradient_classes(const int width, const int wide, int64_t D, const real *x,
                             const block *b, int64_t class, const vector *sums, vector *G)
{
    int k = 0;
    UNROLL for (; k + tile_vectors <= wide; k += tile_vectors)
        gradient_tile(width, tile_vectors, D, x + k*lanes, b, class, sums + k, G + k*width);
    UNROLL for (; k < wide; k++)
        gradient_tile(width, 1, D, x + k*lanes, b, class, sums + k, G + k*width);
}

/* Vectors v … v + wide - 1 of the gradient. Where the classes fill several tiles, the rows of each
   group are added up once for all of them. */
INLINE void gradient_strip(const int wide, int64_t v, int64_t D, const real *x, block *b, vector *G)
{
    const int64_t vectors = D/lanes;
    vector *sums = b->sums;
    x += v*lanes;
    for (int group = 0, i = 0; added_up && group < b->groups; group++) {
        vector sum[strip];
        i = group_sum(wide, D, x, b, group, i, sum);
        UNROLL for (int k = 0; k < wide; k++)
            sums[group*strip + k] = sum[k];
    }
    int64_t class = 0;
    for (; class + tile_classes <= columns; class += tile_classes)
        gradient_classes(tile_classes, wide, D, x, b, class, sums,
                         G + class*vectors + v*tile_classes);
    if (rest_classes)
        gradient_classes(rest_classes, wide, D, x, b, class, sums,
                         G + class*vectors + v*rest_classes);
}

static void gradient(int64_t D, const real *x, block *b, vector *G)
{
    const int64_t vectors = D/lanes;
    for (int group = 0, i = 0; added_up && group < b->groups; group++) {
        for (int a = 0; a < columns; a++)
            b->by_group[group*columns + a] = b->s[a][b->active[i]];
        i = shared ? b->ends[group] : i + 1;
    }
    int64_t v = 0;
    for (; v + strip <= vectors; v += strip)
        gradient_strip(strip, v, D, x, b, G);
#if STRIP > TILE_VECTORS
    for (; v + tile_vectors <= vectors; v += tile_vectors)
        gradient_strip(tile_vectors, v, D, x, b, G);
#endif
#if TILE_VECTORS > 2
    for (; v + 2 <= vectors; v += 2)
        gradient_strip(2, v, D, x, b, G);
#endif
    for (; v < vectors; v++)
        gradient_strip(1, v, D, x, b, G);
}

/* Where class a and vector v of D are in G. */
INLINE int64_t place(int64_t vectors, int64_t v, int64_t a)
{
    const int64_t first = a/tile_classes*tile_classes;
    const int64_t width = columns - first < tile_classes ? columns - first : tile_classes;
    return first*vectors + v*width + a - first;
}
