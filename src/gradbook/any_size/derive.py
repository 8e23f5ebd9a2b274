"""The gradient of a loss for any C, m and n, in two ways: in entries, and in matrices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from gradbook.any_size.indexed import IndexedRoute, derive_indexed
from gradbook.any_size.matrix import MatrixRoute, NotMatrix, derive_matrix
from gradbook.arguments import instance
from gradbook.deferred import Shown
from gradbook.loss import Loss


@dataclass(frozen=True)
class AnySizeDerivation(Shown):
    """Both routes. matrix is None where the loss is not made of matrices; no_matrix says why."""

    loss: Loss
    indexed: IndexedRoute
    matrix: MatrixRoute | None
    no_matrix: str = ""


def derive(loss: Loss) -> AnySizeDerivation:
    """Derives ∇_W L, for L = (1/n) Σ_i ℓ_i and letters C, m and n.

    Raises `slopes.NotDerivable` for a loss with a function whose derivative is not declared.
    """
    instance("loss", loss, Loss, "a gradbook.Loss")
    return _derived(loss)


@lru_cache(maxsize=32)
def _derived(loss: Loss) -> AnySizeDerivation:
    indexed = derive_indexed(loss)
    try:
        return AnySizeDerivation(loss, indexed, derive_matrix(loss))
    except NotMatrix as error:
        return AnySizeDerivation(loss, indexed, None, str(error))
