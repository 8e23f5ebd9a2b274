"""max_k u_k, for any size: largest(u[…, 0]) of a letter u, which stands for what it is the max of.

The index k has no name, and so nothing can mean it by mistake: it is the last of u, and every other
index that u_k depends on is one before it. What it runs over besides a range is said by a second
letter, which is 1 where k counts.
"""

from __future__ import annotations

from sympy import Expr, Function, Indexed, Integer, Symbol

from gradbook.any_size.binding import free, substitute
from gradbook.any_size.letters import Defined, Index, range_of, with_shape
from gradbook.any_size.rules import NotDerivable


class largest(Function):
    """largest(u[…, 0], counts[…, 0]): the largest u[…, k], of those where counts[…, k] is 1."""

    nargs = 2
    is_real = True

    @property
    def range(self) -> Expr:
        """How many k there are."""
        return self.args[0].base.shape[-1]

    def at(self, k: Expr) -> tuple[Expr, Expr]:
        """u_k, and whether it counts."""
        found = (_meaning_at(letter, k) for letter in self.args)
        return next(found), next(found)

    def fdiff(self, argindex: int = 1) -> Expr:
        raise NotDerivable("the slope of a max over an index is not worked out for any size")


def largest_of(u: Expr, counts: Expr, k: Symbol) -> Expr:
    """max_k u, over the k for which `counts` is 1."""
    others = [t for t in free(u) | free(counts) if range_of(t) is not None and t != k]
    places = (*sorted(others, key=str), k)
    sizes = tuple(known.size for t in places if (known := range_of(t)) is not None)
    slots = tuple(Index(f"max·{at}", size) for at, size in enumerate(sizes))
    inside = dict(zip(places, slots, strict=True))

    def letter(name: str, meaning: Expr) -> Expr:
        defined = Defined(name, slots, substitute(meaning, inside), in_blocks=True)
        return with_shape(defined, sizes)[(*places[:-1], Integer(0))]

    return largest(letter("max", u), letter("counts", counts))


def _meaning_at(letter: Indexed, k: Expr) -> Expr:
    defined = letter.base.label
    return substitute(
        defined.meaning, dict(zip(defined.slots, (*letter.indices[:-1], k), strict=True))
    )
