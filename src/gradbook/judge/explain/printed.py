"""A formula of the scores as the page writes it, on one line: s_j − s_y + 1."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Integer, Mul, Pow, Rational, Sum, exp, log

from gradbook.notation import equal, hinge, step, unequal

_RAISED = str.maketrans("0123456789-/", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᐟ")
_HALF = Rational(1, 2)


def printed(formula: Expr) -> str:
    """The formula in Unicode. The order is that of the page: scores first, numbers last."""
    match formula:
        case Add():
            return _sum(formula)
        case Mul():
            return _product(formula)
        case Pow():
            return _power(formula)
        case Rational():
            return _number(formula)
        case Indexed():
            return f"s_{_index(formula.indices[0])}"
        case hinge():
            return f"max(0, {printed(formula.args[0])})"
        case step():
            sign = ">" if formula.args[1] == 0 else "≥"
            return f"1{{{printed(formula.args[0])} {sign} 0}}"
        case equal() | unequal():
            return f"1{{{_related(formula)}}}"
        case exp():
            return f"exp({printed(formula.args[0])})"
        case log():
            return f"log({printed(formula.args[0])})"
        case Sum():
            return _over_classes(formula)
    return str(formula)


def _related(mask: Expr) -> str:
    a, b = mask.args
    return f"{a} {'=' if isinstance(mask, equal) else '≠'} {b}"


def _index(index: Expr) -> str:
    written = str(index).replace(" ", "").replace("-", "−")
    return written if len(written) == 1 else f"{{{written}}}"


def _number(number: Rational) -> str:
    if number == _HALF:
        return "½"
    return str(number).replace("-", "−")


def _sum(formula: Add) -> str:
    text = ""
    for place, term in enumerate(sorted(formula.args, key=_rank)):
        negative = term.could_extract_minus_sign()
        shown = printed(-term if negative else term)
        joint = ("−" if negative else "") if place == 0 else (" − " if negative else " + ")
        text += joint + shown
    return text


def _rank(term: Expr) -> tuple[int, bool, str]:
    """What is positive and of class j first, then what is of y, then letters, then numbers."""
    if term.is_number:
        kind = 3
    elif not term.has(Indexed):
        kind = 2
    else:
        kind = int(not any(str(one.indices[0]) == "j" for one in term.atoms(Indexed)))
    return kind, term.could_extract_minus_sign(), str(term)


def _product(formula: Mul) -> str:
    number, rest = formula.as_coeff_Mul()
    if number == -1:
        return f"−{_factor(rest)}"
    if number.is_Rational and number.q != 1 and number.p in (1, -1) and number.q != 2:
        return f"{'−' if number < 0 else ''}{_factor(rest)}/{number.q}"
    above: list[Expr] = []
    below: list[Expr] = []
    for factor in sorted(rest.args if rest.is_Mul else (rest,), key=str):
        is_below = factor.is_Pow and factor.exp.is_Rational and factor.exp < 0
        (below if is_below else above).append(1 / factor if is_below else factor)
    head = [] if number == 1 else [number]
    text = "·".join(map(_factor, [*head, *above])) or "1"
    return text if not below else f"{text}/{'·'.join(map(_factor, below))}"


def _factor(formula: Expr) -> str:
    shown = printed(formula)
    return f"({shown})" if formula.is_Add or isinstance(formula, Sum) else shown


def _power(formula: Pow) -> str:
    base, exponent = formula.args
    if exponent == _HALF:
        return f"√{_factor(base)}"
    if exponent.is_Rational and exponent < 0:
        return f"1/{_factor(base**-exponent)}"
    if isinstance(exponent, Integer):
        return f"{_factor(base)}{str(exponent).translate(_RAISED)}"
    return f"{_factor(base)}^{float(exponent):g}" if exponent.is_Rational else str(formula)


def _over_classes(formula: Sum) -> str:
    """Σ_{j≠y} for a sum over all classes with the mask of one."""
    (index, first, last), *inner = reversed(formula.limits)
    summand = Sum(formula.function, *inner) if inner else formula.function
    masks = [p for p in Mul.make_args(summand) if isinstance(p, unequal) and p.args[0] == index]
    if masks:
        summand = summand / masks[0]
    below = _related(masks[0]).replace(" ", "") if masks else str(index)
    if (str(first), str(last)) != ("0", "C - 1"):
        below = f"{index}={first}…{str(last).replace('-', '−')}".replace(" ", "")
    below = below if len(below) == 1 else f"{{{below}}}"
    return f"Σ_{below} {_factor(summand)}"
