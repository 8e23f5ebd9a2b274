# multi-class SVM loss: its mean over the examples, and the gradient by W
# ℓ = Sum(max(0, s[j] - s[y] + 1)*1{j ≠ y}, (j, 0, C - 1))
# gradbook 0.1.0, SymPy 1.14.0, target torch
#
# Derived for any number of classes C, features m = D − 1 and examples n, with s = W x̃:
#   r0    = Σ_{a≠y} max(0, s_a - s_y + 1)
#   r1    = Σ_{a≠y} 1{s_a - s_y + 1 > 0}
#   ℓ     = r0
#   μ_a   = 1{s_a - s_y + 1 > 0} for a ≠ y
#   μ_y   = -r1
#   ∇_W ℓ = μ x̃ᵀ, and the mean over the examples has the gradient (1/n) Mᵀ X̃

import torch


@torch.no_grad()
def loss_and_coefficients(W, X, y):
    """The mean loss, and M (C, n): ∂ℓ/∂s of every example, one class a row.

    W: (C, D) and X: (n, D) of one float dtype; by convention X[:, 0] is 1, for the bias.
    y: (n,) of labels 0 … C − 1. All on one device.
    """
    n = len(y)
    i = torch.arange(n, device=y.device)
    # The scores of every example, one class a row.
    S = W @ X.T
    s_y = S[y, i]
    u = torch.add(S, 1 - s_y, out=S)
    # The label is none of the other classes: it must not count.
    u[y, i] = -1
    M = (u > 0).to(W.dtype)
    L = torch.clamp(u, min=0, out=u).sum()/n
    r1 = M.sum(dim=0)
    # The label's own coefficient.
    M[y, i] = -r1
    return L, M


@torch.no_grad()
def gradient(W, X, M):
    """The gradient by W, (C, D)."""
    G = M @ X/len(X)
    return G


def loss_and_gradient(W, X, y):
    """The mean loss, and its gradient by W, (C, D)."""
    L, M = loss_and_coefficients(W, X, y)
    return L, gradient(W, X, M)


class MeanLoss(torch.autograd.Function):
    """The mean loss, with the derived gradients by W and by X: S = W Xᵀ makes them MX and MᵀW."""

    @staticmethod
    def forward(ctx, W, X, y):
        L, M = loss_and_coefficients(W, X, y)
        ctx.save_for_backward(W, X, M)
        ctx.numbers = ()
        return L

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, outer):
        if any(ctx.needs_input_grad[2:]):
            raise NotImplementedError("mean_loss has a gradient by W and by X, and by nothing else")
        W, X, M = ctx.saved_tensors
        by_W = outer*gradient(W, X, M, *ctx.numbers) if ctx.needs_input_grad[0] else None
        by_X = outer*(M.T @ W)/len(X) if ctx.needs_input_grad[1] else None
        return by_W, by_X, None


def mean_loss(W, X, y):
    """The mean loss, a scalar that PyTorch can differentiate once, by W and by X."""
    return MeanLoss.apply(W, X, y)
