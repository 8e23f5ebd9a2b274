/*
   multi-class SVM loss: its mean over the examples, and the gradient by W
   ℓ = Sum(max(0, s[j] - s[y] + 1)*1{j ≠ y}, (j, 0, C - 1))
   gradbook 0.1.0, SymPy 1.14.0, target c

   Derived for any number of classes C, features m = D − 1 and examples n, with s = W x̃:
     r0    = Σ_{a≠y} max(0, s_a - s_y + 1)
     r1    = Σ_{a≠y} 1{s_a - s_y + 1 > 0}
     ℓ     = r0
     μ_a   = 1{s_a - s_y + 1 > 0} for a ≠ y
     μ_y   = -r1
     ∇_W ℓ = μ x̃ᵀ, and the mean over the examples has the gradient (1/n) Mᵀ X̃

   To call it, with W, C × D, and X, n × D, row by row, and y[i] in 0 … C − 1; X[i*D] is 1, for the
   bias:

       double L, *dL = malloc(C*D*sizeof *dL);
       if (loss_and_gradient(n, C, D, W, X, y, &L, dL))
           … there is no memory for the scores of one example

   To compile it: cc -std=c99 -O3 -c FILE.c, and link with -lm. -DREAL=float makes W and X float.
*/

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <tgmath.h>

#ifndef REAL
#define REAL double
#endif
typedef REAL real;

/* Σ_b w_b x_b, in eight sums that a compiler may compute at once without rounding otherwise. */
static real dot(int64_t D, const real *w, const real *x)
{
    real sum[8] = {0};
    int64_t b = 0;
    for (; b + 8 <= D; b += 8)
        for (int k = 0; k < 8; k++)
            sum[k] += w[b + k]*x[b + k];
    for (; b < D; b++)
        sum[b % 8] += w[b]*x[b];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

/* The mean loss over n examples, L, and its gradient by W, dL: C × D like W. Returns 0; or 1, and
   writes nothing, if there is no memory. */
int loss_and_gradient(int64_t n, int64_t C, int64_t D, const real *W, const real *X,
                      const int64_t *y, double *L, double *dL)
{
    real *s = malloc((size_t)C*2*sizeof(real));
    if (s == NULL)
        return 1;
    real *mu = s + C;

    *L = 0;
    for (int64_t k = 0; k < C*D; k++)
        dL[k] = 0;
    for (int64_t i = 0; i < n; i++) {
        const real *x = X + i*D;
        const int64_t label = y[i];

        /* The scores, s = W x̃. */
        for (int64_t a = 0; a < C; a++)
            s[a] = dot(D, W + a*D, x);

        /* The loss, and its derivative by each score, μ. */
        const real s_y = s[label];
        real r0 = 0, r1 = 0;
        for (int64_t a = 0; a < C; a++) {
            if (a == label)
                continue;
            const real u = s[a] - s_y + 1;
            r0 += (u > 0 ? u : 0);
            const real on = (u > 0);
            r1 += on;
            mu[a] = on;
        }
        *L += r0;
        mu[label] = -r1;

        /* The gradient, μ x̃ᵀ. */
        for (int64_t a = 0; a < C; a++) {
            if (mu[a] == 0)
                continue;
            for (int64_t b = 0; b < D; b++)
                dL[a*D + b] += mu[a]*x[b];
        }
    }
    *L /= (double)n;
    for (int64_t k = 0; k < C*D; k++)
        dL[k] /= (double)n;
    free(s);
    return 0;
}
