"""Norms, named functions, fractions, derivatives and sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradbook.page import tree as t
from gradbook.page.parse_brackets import unseen
from gradbook.page.parse_statements import under_the_sum
from gradbook.page.source import Span, Unreadable
from gradbook.page.spellings import argument
from gradbook.page.tokens import ENDS, RELATIONS, command

if TYPE_CHECKING:
    from gradbook.page.parser import Parser


#: What stands below a norm, and which one it is: that of Frobenius is the one without a sign.
_NORMS = {"1": "_1", "2": "_2", "F": "", r"\infty": "_inf"}


def norm(parser: Parser) -> t.Node:
    opened = parser.next()
    parser.norms += 1
    inner = parser.expression()
    parser.norms -= 1
    parser.expect(r"\|", opened)
    kind = ""
    if parser.take("_"):
        with parser.braces():
            below = parser.next()
        if below.text not in _NORMS:
            message = r"only \|·\|, \|·\|_2, \|·\|_F, \|·\|_1 and \|·\|_\infty are read"
            raise Unreadable(below.span, message)
        kind = _NORMS[below.text]
    return t.Call(parser.since(opened.span), f"norm{kind}", (inner,))


def absolute(parser: Parser) -> t.Node:
    """|u|"""
    opened = parser.next()
    parser.strokes += 1
    inner = parser.expression()
    parser.strokes -= 1
    parser.expect("|", opened)
    return t.Call(parser.since(opened.span), "abs", (inner,))


def inner_product(parser: Parser) -> t.Node:
    r"""\langle a, b \rangle, of matrices also with an F below."""
    start = parser.here
    found = _arguments(parser, ",", "|")
    if len(found) != 2:
        hint = "with a comma between"
        raise Unreadable(parser.since(start), r"\langle a, b \rangle is of two", hint)
    if parser.take("_"):
        with parser.braces():
            if (below := parser.next()).text != "F":
                raise Unreadable(below.span, r"only \langle a, b \rangle_F is read")
    return t.Call(parser.since(start), "inner", found)


def called(parser: Parser, name: str, start: Span) -> t.Node:
    """\\max(0, u), \\exp(u), \\log \\sum …: brackets, or one factor."""
    name = {"ln": "log", "Tr": "tr", "trace": "tr", "sgn": "sign"}.get(name, name)
    if name in ("max", "min") and parser.see("_"):
        return along(parser, name, start)
    if parser.see("^", "_"):
        raise Unreadable(
            parser.here,
            f"{name} with something on it is not read",
            "put the power behind: (…)^2" if parser.see("^") else r"\log u is the natural one",
        )
    if parser.see("(", r"\{", "["):
        arguments = _arguments(parser, ",")
        if parser.see("^"):
            raise Unreadable(
                parser.here,
                f"{name}(…)^… can be read in two ways",
                f"write ({command(name)}(…))^… or {command(name)}((…)^…)",
            )
        return t.Call(parser.since(start), name, arguments)
    if name in ("max", "min"):
        raise Unreadable(start, f"{name} needs brackets", rf"\{name}(0, u)")
    argument = parser.factor()
    if parser.starts():
        raise Unreadable(
            parser.since(start),
            f"where does the argument of {name} end?",
            f"put it in brackets: {command(name)}(…)",
        )
    return t.Call(parser.since(start), name, (argument,))


def applied(parser: Parser, name: t.Name) -> t.Node:
    """f(x_i; W), of a function that the page defines."""
    arguments = _arguments(parser, ",", ";", "|")
    return t.Applied(parser.since(name.span), name, arguments)


def _arguments(parser: Parser, *between: str) -> tuple[t.Node, ...]:
    """What stands in brackets, with these signs between."""
    opened = parser.next()
    found = [parser.expression()]
    while parser.take(*between):
        found.append(parser.expression())
    parser.expect(ENDS[opened.text], opened)
    return tuple(found)


def root(parser: Parser) -> t.Node:
    start = parser.next().span
    if parser.see("["):
        raise Unreadable(parser.here, "only square roots are read", r"\lambda^{1/3}")
    of = parser.braced()
    return t.Call(parser.since(start), "sqrt", (of,))


def fraction(parser: Parser) -> t.Node:
    start = parser.next().span
    if is_derivative(parser):
        return derivative(parser, start)
    above = parser.braced()
    if parser.token is None or parser.see(*RELATIONS):
        raise Unreadable(start, r"\frac is of two parts", r"\frac{1}{2}")
    below = parser.braced()
    return t.Quotient(parser.since(start), above, below)


#: d and ∂, and an upright d, in front of what is differentiated.
_SIGNS = ([r"\partial"], ["d"], [r"\mathrm", "d"], [r"\mathrm", "{", "d", "}"])


def is_derivative(parser: Parser) -> bool:
    r"""Whether \frac{∂ … follows, or \frac{d … with a d below it as well."""
    at = parser.at + parser.see("{")
    if _takes_d(parser, at) is None:
        return False
    if parser.tokens[at].text == r"\partial":
        return True
    _, below = argument(parser.tokens, parser.at)
    if [token.text for token in parser.tokens[below : below + 1]] != ["{"]:
        return False
    end = _takes_d(parser, below + 1)
    return end is not None and [token.text for token in parser.tokens[end : end + 1]] != ["}"]


def _takes_d(parser: Parser, at: int) -> int | None:
    """Behind ∂ or d at this place; None where there is neither."""
    texts = [token.text for token in parser.tokens[at : at + 4]]
    return next((at + len(sign) for sign in _SIGNS if texts[: len(sign)] == sign), None)


def _take_d(parser: Parser) -> bool:
    end = _takes_d(parser, parser.at)
    if end is not None:
        parser.at = end
    return end is not None


def derivative(parser: Parser, start: Span) -> t.Node:
    r"""\frac{\partial f}{\partial v}, or \frac{\partial}{\partial v} before a factor."""
    with parser.braces() as inside:
        _take_d(parser)
        degree = order(parser)
        of = parser.expression() if inside and not parser.see("}") else None
    by: list[t.Node] = []
    with parser.braces():
        if _takes_d(parser, parser.at) is None:
            hint = r"\frac{\partial f}{\partial w}"
            raise Unreadable(parser.here, "∂ stands above and not below", hint)
        while _take_d(parser):
            letter = unseen(parser) if parser.see("{") else parser.name()
            by += [letter] * order(parser)
    if degree == 1 and len(by) == 2 and by[0] is by[1]:  # by σ², a letter of its own
        square = t.Power(by[0].span, by[0], t.Number(by[0].span, "2"))
        by = [t.squared(square) or square]
    if len(by) != degree:
        raise Unreadable(parser.since(start), f"∂ of order {degree} needs as many ∂ below")
    if of is not None:
        return t.Derivative(parser.since(start), tuple(by), of)
    sign = parser.since(start)
    of = reached(parser, "∂", sign, by)
    return t.Derivative(parser.since(start), tuple(by), of, sign)


def order(parser: Parser) -> int:
    if not parser.take("^"):
        return 1
    with parser.braces():
        number = parser.next()
    if number.text not in ("1", "2"):
        raise Unreadable(number.span, "only derivatives of first and second order are read")
    return int(number.text)


def partial(parser: Parser) -> t.Node:
    r"""\partial f of \partial f / \partial v."""
    start = parser.next().span
    if parser.take("_"):  # \partial_{w_j} f
        with parser.braces():
            by = parser.name()
        sign = parser.since(start)
        of = reached(parser, "∂", sign, (by,))
        return t.Derivative(parser.since(start), (by,), of, sign)
    of = parser.factor()
    if parser.see("/"):
        return t.Derivative(parser.since(start), (), of)
    return t.Derivative(parser.since(start), (of,), t.NOTHING)


def gradient(parser: Parser) -> t.Node:
    start = parser.next().span
    degree = order(parser)
    by: t.Node = t.Dots(start)
    if parser.take("_"):
        with parser.braces() as inside:
            by = parser.expression() if inside else parser.name()
        degree = max(degree, order(parser))
    sign = parser.since(start)
    of = reached(parser, "∇", sign, (by,))
    return t.Gradient(parser.since(start), by, of, degree, sign)


def reached(parser: Parser, what: str, sign: Span, by: Sequence[t.Node]) -> t.Node:
    """What ∇ or ∂ applies to at least: one factor, or a whole Σ, with numbers in front of it."""
    factors = [parser.factor()]
    while parser.starts() and _is_constant(factors[-1], by):
        factors.append(parser.factor())
    if parser.see("/"):
        raise too_far(what, sign)
    return t.product(factors, [""] * len(factors))


def too_far(what: str, span: Span) -> Unreadable:
    return Unreadable(
        span,
        f"how far does {what} reach? More than one factor follows",
        f"put brackets: ({what} f) g, or {what} (f g)",
    )


def _is_constant(factor: t.Node, by: Sequence[t.Node]) -> bool:
    """1/2, or λ/2: a quotient of numbers and letters, of none by which is differentiated."""
    if not isinstance(factor, t.Quotient):
        return isinstance(factor, t.Number)
    allowed = t.Quotient | t.Product | t.Number | t.Name
    varied = {name.head for name in t.names_in(tuple(by))}
    return all(isinstance(part, allowed) for part in t.parts_of(factor)) and all(
        name.plain and name.head not in varied for name in t.names_in(factor)
    )


def total(parser: Parser) -> t.Node:
    return along(parser, "sum", parser.next().span)


def along(parser: Parser, function: str, start: Span) -> t.Node:
    """Σ, max or min over an index, up to the end of the product."""
    letters, first, last, conditions = under_the_sum(parser, start)
    if parser.see("="):
        hint = r"bounds stand in braces, \sum_{i=1}^{n}, and behind them what is summed"
        raise Unreadable(parser.here, "= stands where a Σ has what it sums", hint)
    minus = parser.take("-")
    of, rest = _up_to_the_same(letters, parser.term())
    if minus is not None:
        of = t.Sum_(minus.span.to(of.span), ((-1, of),))
    found = t.Total(start.to(of.span), function, letters, first, last, conditions, of)
    if rest is None:
        return found
    return t.Product(parser.since(start), (found, rest[1]), (rest[0],))


def _up_to_the_same(
    letters: Sequence[t.Name], of: t.Node
) -> tuple[t.Node, tuple[str, t.Node] | None]:
    """Σ_k a_k Σ_k b_k is a product of two: what the first Σ sums, and the rest with its sign."""
    if not isinstance(of, t.Product) or not isinstance(last := of.factors[-1], t.Total):
        return of, None
    if not {name.head for name in letters} & {name.head for name in last.letters}:
        return of, None
    return t.product(of.factors[:-1], of.signs), (of.signs[-1], last)
