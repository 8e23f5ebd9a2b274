"""Inverses and determinants on a page, in entries: of given matrices, and of their products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Expr, IndexedBase

from gradbook.any_size.inverses import det, inverse
from gradbook.any_size.needs import Need
from gradbook.any_size.page_letters import At, Key, NotInEntries
from gradbook.page import core as c
from gradbook.page.as_read import text
from gradbook.page.core import Condition, Core

if TYPE_CHECKING:
    from gradbook.any_size.entries import InEntries


def above_0(found: Condition) -> Key | None:
    """The letter of X, of a condition det X > 0."""
    sides = (found.left, found.right) if found.sign == ">" else (found.right, found.left)
    match sides:
        case (c.Function(name="det", of=c.Ref(key=key)), c.Value(value=value)):
            return key if found.sign in "<>" and value == 0 else None
    return None


def inverse_entry(self: InEntries, of: Core, at: At, a: Expr, b: Expr) -> Expr:
    """The entry of the inverse: (X M)⁻¹ is M⁻¹ X⁻¹, (X^⊤)⁻¹ is (X⁻¹)^⊤, (X⁻¹)⁻¹ is X."""
    match of:
        case c.Function(name="transpose", of=inner):
            return inverse_entry(self, inner, at, b, a)
        case c.Function(name="inverse", of=inner):
            self.needs.append(Need(determinant(self, inner, at), "≠", f"det {text(inner)}"))
            return self.entry(inner, at, a, b)
        case c.MatMul(left=left, right=right) if _is_square(left):
            return self.total(
                left.shape.rows,
                lambda by: (
                    inverse_entry(self, right, at, a, by) * inverse_entry(self, left, at, by, b)
                ),
            )
    X = _letter(self, of, "an inverse")
    self.needs.append(Need(_det(self, of), "≠", f"det {text(of)}"))
    return inverse(X, a, b)


def determinant(self: InEntries, of: Core, at: At) -> Expr:
    """det(X M) is det X det M, for square X and M, and det X^⊤ is det X."""
    match of:
        case c.Function(name="transpose", of=inner):
            return determinant(self, inner, at)
        case c.Function(name="inverse", of=inner):
            whole = determinant(self, inner, at)
            self.needs.append(Need(whole, "≠", f"det {text(inner)}"))
            return 1 / whole
        case c.MatMul(left=left, right=right) if _is_square(left):
            return determinant(self, left, at) * determinant(self, right, at)
    return _det(self, of)


def slopes_need(f: Expr, by: Expr) -> list[Need]:
    """What a derivative by an entry of X needs, of a formula with det X in it."""
    base = getattr(by, "base", by)
    return [Need(each, "≠", str(each)) for each in f.atoms(det) if each.args[0] == base]


def _det(self: InEntries, of: Core) -> Expr:
    X = _letter(self, of, "a determinant")
    return det(X, int(isinstance(of, c.Ref) and of.key in self.above))


def _letter(self: InEntries, of: Core, what: str) -> IndexedBase:
    """The letter of a given square matrix."""
    is_letter = isinstance(of, c.Ref) and of.letter.kind == "value" and not of.slots
    if not is_letter or not _is_square(of) or of.shape.is_number:
        raise NotInEntries(
            f"{what} is worked out of a given square matrix, and of products and transposes of "
            f"such, not of {text(of)}"
        )
    assert isinstance(of, c.Ref)
    found = self.letter(of.letter)
    assert isinstance(found, IndexedBase)
    return found


def _is_square(of: Core) -> bool:
    return of.shape.rows is not None and of.shape.rows == of.shape.columns
