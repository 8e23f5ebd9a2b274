"""max_k u_k, for any size: largest(u[…, 0]) of a letter u, which stands for what it is the max of.

The index k has no name, and so nothing can mean it by mistake: it is the last of u, and every other
index that u_k depends on is one before it. What it runs over besides a range is said by a second
letter, which is 1 where k counts.
"""

from __future__ import annotations

from sympy import Add, Expr, Function, Indexed, Integer, Symbol, exp

from gradbook.any_size.binding import free, letters_of, over_parts, substitute
from gradbook.any_size.letters import Defined, Index, Range, range_of, with_shape
from gradbook.notation import equal, hinge, unequal


class _OverIndex(Function):
    """Of u[…, k] and counts[…, k], for all k of a range."""

    nargs = 2
    is_real = True

    @property
    def range(self) -> Expr:
        """How many k there are."""
        return self.args[0].base.shape[-1]

    def places(self, k: Expr) -> tuple[Expr, Expr]:
        """u[…, k] and counts[…, k]."""
        u, counts = (letter.base[(*letter.indices[:-1], k)] for letter in self.args)
        return u, counts

    def at(self, k: Expr) -> tuple[Expr, Expr]:
        """u_k, and whether it counts."""
        found = (_meaning_at(letter, k) for letter in self.args)
        return next(found), next(found)


class largest(_OverIndex):
    """largest(u[…, 0], counts[…, 0]): the largest u[…, k], of those where counts[…, k] is 1."""


class chosen(_OverIndex):
    """chosen(u[…, k], counts[…, k]): 1 where k is the first at which it is largest, else 0."""

    is_integer = True
    is_nonnegative = True

    @property
    def place(self) -> Expr:
        """k."""
        return self.args[0].indices[-1]

    def counts(self) -> Expr:
        """Whether k counts."""
        return self.at(self.place)[1]


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


def simpler(f: largest) -> Expr:
    """The same by smaller ones, or itself. There is a k that counts: else it has no value.

    max_k (c + u_k) is c + max_k u_k, for a c that does not depend on k; max_k max(0, u_k) is
    max(0, max_k u_k), and so for exp; and where u_k asks whether k is t, it is the larger of u_t
    and of the maximum of the others, if there are others.
    """
    k = Range(f.range).fresh(letters_of(f))
    u, counts = f.at(k)
    if isinstance(u, exp) or (isinstance(u, hinge) and u.args[1] == 0):
        return u.func(largest_of(u.args[0], counts, k))
    outside = Add(*(term for term in Add.make_args(u) if k not in free(term)))
    if outside not in (0, u):
        return outside + largest_of(u - outside, counts, k)
    if counts == 1 and Range(f.range).least > 1 and (asked := _asked(u, k)):
        t, *_ = asked
        at_t = substitute(u, {k: t})
        others = largest_of(_where(u, k, t), unequal(k, t), k)
        return at_t + hinge(others - at_t)
    return f


def _asked(u: Expr, k: Symbol) -> list[Expr]:
    """The t that k is compared with."""
    pairs = (pair.args for pair in u.atoms(equal, unequal) if k in pair.args)
    found = {q if p == k else p for p, q in pairs}
    return sorted((t for t in found if k not in free(t) and free(t) <= free(u)), key=str)


def _where(u: Expr, k: Symbol, t: Expr) -> Expr:
    """u for a k other than t."""
    differ = {
        kind(*pair): Integer(kind is unequal)
        for kind in (equal, unequal)
        for pair in ((k, t), (t, k))
    }
    return over_parts(u, lambda part: differ.get(part, part))
