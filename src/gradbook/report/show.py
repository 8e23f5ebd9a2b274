"""A page, or one line of it, as aligned Unicode mathematics."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from sympy import Expr, ImmutableMatrix, Symbol, pretty
from sympy.printing.pretty.stringpict import prettyForm, stringPict

from gradbook.case import Case
from gradbook.derivation import Claim, Derivation, Line
from gradbook.notation import as_written, partial, step
from gradbook.prove.derivatives import without_partials
from gradbook.regions import forms_of

WIDTH = 80
EXAMPLE = Case(C=3, m=2, y=1)
SHOWN = 4
_MARGIN = 4


def show_page(derivation: Derivation) -> str:
    """Every line: its id and statement, the statements aligned and folded at 80 columns."""
    rows = [derivation.name, ""]
    for line in derivation:
        first, *others = textwrap.wrap(line.statement, WIDTH - 6)
        rows += [f"{line.id:<6}{first}", *(f"{'':<6}{other}" for other in others)]
    return "\n".join(rows)


def show_line(line: Line, case: Case = EXAMPLE) -> str:
    """One line: title, statement, and what it claims for one small case, in full."""
    claims = [claim for claim in line.claims(case) if not _is_about_shape(claim)]
    written = [
        text for text in dict.fromkeys(_claim(claim, case) for claim in claims) if _fits(text)
    ]
    parts = [
        f"{line.id} · {line.title}",
        _indented("\n".join(textwrap.wrap(line.statement, WIDTH - _MARGIN))),
    ]
    if written:
        parts.append(f"For {case}, with the derivatives worked out:")
    parts += [_indented(text) for text in written[:SHOWN]]
    if len(written) > SHOWN:
        parts.append(f"… and {len(written) - SHOWN} more of the kind.")
    return "\n\n".join(parts)


def _is_about_shape(claim: Claim) -> bool:
    return claim.left.is_Matrix and all(entry.is_Integer for entry in [*claim.left, *claim.right])


def _indented(text: str) -> str:
    return textwrap.indent(text, " " * _MARGIN)


def _fits(text: str) -> bool:
    return max(map(len, text.splitlines())) <= WIDTH - _MARGIN


def _claim(claim: Claim, case: Case) -> str:
    """left = right, the conditions below; margins get a letter where the sides are too wide."""
    left: ImmutableMatrix | str = _gradient_by_name(claim.left, case)
    if not left:
        left = worked_out(claim.left, claim, case)
    right = worked_out(claim.right, claim, case)
    for letters in _abbreviations(right):
        shown = left if isinstance(left, str) else left.xreplace(letters)
        written = _equation(shown, claim.relation, right.xreplace(letters))
        if _fits(written):
            break
    where = [f"{pretty(name)} = {_one_line(meaning)}" for meaning, name in letters.items()]
    given = [f"{_one_line(c.lhs)} {c.rel_op.replace('==', '=')} {c.rhs}" for c in claim.given]
    notes = [f"    where {', '.join(where)}"] * bool(where) + [f"    if {', '.join(given)}"] * bool(
        given
    )
    return "\n".join([written, *notes])


def _one_line(u: Expr) -> str:
    return str(pretty(as_written(u), wrap_line=False, order="none"))


def worked_out(side: ImmutableMatrix, claim: Claim, case: Case) -> ImmutableMatrix:
    """One side of a claim with its derivatives worked out."""
    return side.applyfunc(lambda entry: without_partials(entry, claim.batch or (case,)))


def _gradient_by_name(side: ImmutableMatrix, case: Case) -> str:
    """ "∇_W f", "∇_{W_k} f" or "∇_s f" where the whole side is that; else ""."""
    if not all(isinstance(entry, partial) for entry in side):
        return ""
    f, *others = {entry.args[0] for entry in side}
    variables = side.applyfunc(lambda entry: entry.args[1])
    names = {case.W: "W", case.s: "s", **{case.W[k, :]: f"{{W_{k}}}" for k in case.classes}}
    if others or variables not in names:
        return ""
    body = pretty(f, wrap_line=False)
    return f"∇_{names[variables]} ({body})" if f.is_Add else f"∇_{names[variables]} {body}"


def _abbreviations(side: ImmutableMatrix) -> Iterator[dict[Expr, Symbol]]:
    """None, then u_j for each margin, then a_j for each indicator."""
    yield {}
    margins = {u: i for i, u in enumerate(forms_of(*side))}
    yield {u: Symbol(f"u_{i}", real=True) for u, i in margins.items()}
    steps = sorted({atom for entry in side for atom in entry.atoms(step)}, key=str)
    yield {atom: Symbol(f"a_{i}", real=True) for i, atom in enumerate(steps)}


def _equation(left: ImmutableMatrix | str, relation: str, right: ImmutableMatrix) -> str:
    """On one line if that fits, else the left side above the right."""
    shown = [_form(side) for side in (left, right)]
    together = str(prettyForm(*stringPict.next(shown[0], f" {relation} ", shown[1])))
    if _fits(together):
        return together
    below = prettyForm(*stringPict.next(f"  {relation} ", shown[1]))
    return f"{shown[0]}\n{below}"


def _form(side: ImmutableMatrix | str) -> prettyForm:
    if isinstance(side, str):
        return prettyForm(side)
    whole = side[0] if side.shape == (1, 1) else side
    return prettyForm(pretty(whole, wrap_line=False))
