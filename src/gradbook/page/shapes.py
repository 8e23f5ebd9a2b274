"""Shapes that must fit: nothing is broadcast, and a 1 × 1 matrix is a number."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sympy import Expr, Integer

from gradbook.page.core import Shape


def fits(one: Shape, other: Shape, at: Mapping[Expr, Expr] = MappingProxyType({})) -> Shape | None:
    """The shape of both, what is open in one taken from the other; None where they differ.

    at: the sizes that are known numbers.
    """
    rows = _both(one.rows, other.rows, at)
    columns = _both(one.columns, other.columns, at)
    return None if rows is _NO or columns is _NO else Shape(rows, columns)


_NO = Integer(-1)


def _both(one: Expr | None, other: Expr | None, at: Mapping[Expr, Expr]) -> Expr | None:
    if one is None or other is None:
        return other if one is None else one
    return one if (one - other).xreplace(at).expand() == 0 else _NO


def is_matrix(shape: Shape) -> bool:
    return not shape.is_number and shape.rows is not None and shape.columns is not None


def number_hint(one: Shape, other: Shape) -> str:
    if one.is_number or other.is_number:
        return (
            "nothing is broadcast: a number and a matrix are not added or equal; "
            r"b for every entry is b \mathbf{1}, \mathbf{1} := (1, \dots, 1)^\top \in \mathbb{R}^n"
        )
    return ""


def dot_hint(shape: Shape) -> str:
    return r"a product of two columns is x^\top y" if shape.columns == 1 else ""
