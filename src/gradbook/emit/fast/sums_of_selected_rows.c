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
