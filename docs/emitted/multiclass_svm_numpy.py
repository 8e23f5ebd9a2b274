# multi-class SVM loss: its mean over the examples, and the gradient by W
# ℓ = Sum(max(0, s[j] - s[y] + 1)*1{j ≠ y}, (j, 0, C - 1))
# gradbook 0.1.0, SymPy 1.14.0, target numpy
#
# Derived for any number of classes C, features m = D − 1 and examples n, with s = W x̃:
#   r0    = Σ_{a≠y} max(0, s_a - s_y + 1)
#   r1    = Σ_{a≠y} 1{s_a - s_y + 1 > 0}
#   ℓ     = r0
#   μ_a   = 1{s_a - s_y + 1 > 0} for a ≠ y
#   μ_y   = -r1
#   ∇_W ℓ = μ x̃ᵀ, and the mean over the examples has the gradient (1/n) Mᵀ X̃

import numpy


def loss_and_gradient(W, X, y):
    """The mean loss, and its gradient by W, (C, D).

    W: (C, D) and X: (n, D) of one float dtype; by convention X[:, 0] is 1, for the bias.
    y: (n,) of labels 0 … C − 1. M below holds ∂ℓ/∂s of every example, one class a row.
    """
    n = len(y)
    i = numpy.arange(n)
    # The scores of every example, one class a row.
    S = W @ X.T
    s_y = S[y, i]
    u = numpy.add(S, 1 - s_y, out=S)
    # The label is none of the other classes: it must not count.
    u[y, i] = -1
    M = (u > 0).astype(W.dtype)
    L = numpy.maximum(u, 0, out=u).sum(dtype=numpy.float64)/n
    r1 = M.sum(axis=0)
    # The label's own coefficient.
    M[y, i] = -r1
    G = M @ X/len(X)
    return L, G
