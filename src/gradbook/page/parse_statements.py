"""Conditions, what stands under a Σ, and statements: chains of relations with their conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradbook.page import tree as t
from gradbook.page.source import Span, Unreadable
from gradbook.page.tokens import ACCENTS, ENDS, FONTS, HINTS, RELATIONS

if TYPE_CHECKING:
    from gradbook.page.parser import Parser

CONDITION_WORDS = (
    *("if", "for", "where", "when", "whenever", "with", "provided", "provided that", "such that"),
    *("for all", "for each", "for every", "for any", "as long as"),
)
#: Behind these words stand conditions, and definitions of what stands before them.
DEFINING_WORDS = ("where", "with")
_AND = ("and", "und", r"and if", "and for")
_SPACES = ("mathbb R", "mathbf R", "mathrm R")
#: Of vectors and matrices that are not just any: Δ^{C−1}, 𝕊^n, GL_n(ℝ).
_SETS = {"Delta": "shares", "mathbb S": "symmetric", "GL": "invertible", "mathrm GL": "invertible"}
_NATURALS = ("mathbb N", "mathbf N")


def conditions(parser: Parser, behind: str = "") -> tuple[t.Node, ...]:
    """Comparisons, with commas or “and” between them: j ≠ y, k = 1; of several letters at once.

    behind: the word in front; behind “for”, “for all” a letter alone is a condition: each of them.
    """
    found: list[t.Node] = []
    while True:
        parser.gaps()
        found += _condition(parser, of_each=behind.startswith("for"))
        parser.gaps()
        token = parser.token
        if (parser.see(",", r"\land", r"\wedge") and not _ends_after(parser)) or (
            token is not None and token.kind == "words" and token.text in _AND
        ):
            parser.next()
        else:
            return tuple(found)


def _ends_after(parser: Parser) -> bool:
    """Whether a comma ends the conditions: what follows is a statement of its own, or nothing."""
    after = parser.tokens[parser.at + 1 :]
    return not after or after[0].kind in ("gap", "row", "end", "words")


def _condition(parser: Parser, of_each: bool) -> list[t.Node]:
    """a < b, a < b < c, and j, k ≠ y as two; of each also j, k."""
    chain = relations(parser)
    letters = all(isinstance(each, t.Name) for each in t.listed(chain.sides[0]))
    if not chain.relations and not (of_each and letters):
        token = parser.token
        if token is not None and token.text in HINTS:
            raise Unreadable(token.span, f"{token} is not expected here", HINTS[token.text])
        raise Unreadable(
            chain.span, "a condition compares two things", r"with =, \ne, <, >, \le or \ge"
        )
    return links(chain) if chain.relations else [chain]


def links(chain: t.Chain) -> list[t.Node]:
    """a < b < c as a < b and b < c."""
    return [
        t.Chain(left.span.to(right.span), (left, right), (relation,))
        for left, relation, right in zip(
            chain.sides, chain.relations, chain.sides[1:], strict=False
        )
    ]


def relations(parser: Parser) -> t.Chain:
    """Sides with relations between them."""
    start = parser.here
    sides = [parser.expression()]
    signs: list[t.Relation] = []
    while True:
        parser.gaps_before(*RELATIONS)
        if parser.see(",") and len(sides) == 1 and _is_list(parser):
            sides[0] = _list(parser, sides[0])
        sign = parser.take(*RELATIONS)
        if sign is None:
            return t.Chain(parser.since(start), tuple(sides), tuple(signs))
        signs.append(t.Relation(sign.span, sign.text))
        if sign.text == "=" and _is_listed(parser):  # i = 1, …, n
            signs[-1] = t.Relation(sign.span, r"\in")
            start_of_set = parser.here
            first, last, _ = _from_to(parser)
            sides.append(t.Numbered(parser.since(start_of_set), first, last))
        else:
            sides.append(_set(parser) if sign.text == r"\in" else parser.expression())
        if isinstance(interval := sides[-1], t.Interval):
            sides[-2:] = [interval.first, sides[-2], interval.last]
            signs[-1:] = [t.Relation(sign.span, text) for text in interval.signs]


def _is_listed(parser: Parser) -> bool:
    """1, …, n, or 1 … n, or 1, 2, …, n."""
    ahead = parser.ahead(4)
    listed = ahead[:1] == [","] and r"\dots" in (*ahead[1:2], *ahead[3:] * (ahead[2:3] == [","]))
    return listed or ahead[:1] == [r"\dots"]


def _is_list(parser: Parser) -> bool:
    """j, k, a ∈ …, and n, m ≥ …: letters up to the sign."""
    for token in parser.tokens[parser.at :]:
        if token.text in (r"\in", r"\ge", ">"):
            return True
        signs = (*",_^{}()'", r"\top", r"\dots", *(f"\\{name}" for name in (*ACCENTS, *FONTS)))
        if token.kind not in ("letter", "number") and token.text not in signs:
            return False
    return False


def _list(parser: Parser, first: t.Node) -> t.Node:
    items = [first]
    while parser.take(","):
        items.append(parser.factor())
    return t.Tuple(parser.since(first.span), tuple(items))


def _from_to(parser: Parser) -> tuple[t.Node, t.Node, bool]:
    """1, …, C; 1, 2, …, C; and 0, 1, which is all there is."""
    first = parser.expression()
    if parser.take(r"\dots"):  # 1 … n, without commas
        return first, parser.expression(), False
    parser.expect(",")
    if not parser.take(r"\dots"):
        second = parser.expression()
        if not parser.take(","):
            return first, second, True
        numbers = [part.text for part in (first, second) if isinstance(part, t.Number)]
        if len(numbers) < 2 or int(numbers[1]) != int(numbers[0]) + 1:
            raise Unreadable(second.span, "a range goes on by 1", r"\{1, 2, \dots, C\}")
        if not parser.take(r"\dots"):  # {1, 2, 3}
            return first, parser.expression(), False
    parser.expect(",")
    return first, parser.expression(), False


def _set(parser: Parser) -> t.Node:
    """ℝ, ℝ^{C × m}, {1, …, C}, ℕ, [0, 1)."""
    start = parser.here
    if (interval := _interval(parser)) is not None:
        return interval
    if parser.ahead(1) == [r"\dots"]:
        first, last, _ = _from_to(parser)
        return t.Numbered(parser.since(start), first, last)
    if opened := parser.take(r"\{"):
        first, last, pair = _from_to(parser)
        parser.expect(r"\}", opened)
        without: list[t.Node] = []
        if parser.take(r"\setminus"):
            opened = parser.expect(r"\{")
            without = [parser.factor()]
            while parser.take(","):
                without.append(parser.factor())
            parser.expect(r"\}", opened)
        return t.Numbered(parser.since(start), first, last, tuple(without), pair)
    if opened := parser.take("["):  # [n] is {1, …, n}
        last = parser.expression()
        parser.expect("]", opened)
        return t.Numbered(parser.since(start), t.Number(start, "1"), last)
    at = parser.at
    head = parser.head() if parser.token is not None else ""
    if head in _NATURALS:
        return t.Naturals(parser.since(start))
    if head in _SETS and parser.take("_" if _SETS[head] == "invertible" else "^"):
        with parser.braces() as inside:
            size = _size(parser) if inside else parser.atom()
        if _SETS[head] == "invertible" and (opened := parser.take("(")):
            parser.head()
            parser.expect(")", opened)
        sign = ">=" if _SETS[head] == "shares" else ""
        return t.Space(parser.since(start), (size,), sign, _SETS[head])
    if head not in _SPACES:
        parser.at = at
        raise Unreadable(
            parser.here,
            r"expected \mathbb{R}^{…} or \{1, \dots, …\} after \in",
            "as in docs/language.md",
        )
    sign = ""
    sizes: list[t.Node] = []
    while script := parser.take("^", "_"):
        with parser.braces() as inside:
            if script.text == "_":
                sign = _sign_of_space(parser)
            elif parser.take("+"):
                sign = ">="
            else:
                sizes = [_size(parser) if inside else parser.atom()]
                while parser.take(r"\times"):
                    sizes.append(_size(parser))
    if len(sizes) > 2:
        raise Unreadable(parser.since(start), "only numbers, vectors and matrices are read")
    return t.Space(parser.since(start), tuple(sizes), sign)


def _interval(parser: Parser) -> t.Interval | None:
    """[0, 1], (0, 1]: of two numbers."""
    start, at = parser.here, parser.at
    opened = parser.take("[", "(")
    if opened is None:
        return None
    first = parser.expression()
    if not parser.take(","):
        parser.at = at
        return None
    last = parser.expression()
    closed = parser.take("]", ")") or parser.expect(ENDS[opened.text], opened)
    signs = {"(": "<", ")": "<"}
    ends = (signs.get(opened.text, r"\le"), signs.get(closed.text, r"\le"))
    return t.Interval(parser.since(start), first, last, ends)


def _size(parser: Parser) -> t.Node:
    """One size of a shape: m, (m+1), m + 1, 2m, up to a × of the shape."""
    products, parser.products = parser.products, ()
    found = parser.expression()
    parser.products = products
    return found


def _sign_of_space(parser: Parser) -> str:
    """The sign of _{> 0}, _{\\ge 0} and _+."""
    found = ""
    while (token := parser.token) is not None and token.text in (">", r"\ge", "+", "0"):
        found += {r"\ge": ">=", "+": ">", "0": ""}.get(token.text, token.text)
        parser.next()
    return found


def under_the_sum(
    parser: Parser, start: Span
) -> tuple[tuple[t.Name, ...], t.Node | None, t.Node | None, tuple[t.Node, ...]]:
    """The letters that run, first and last where they are given, and the other conditions."""
    below: tuple[t.Node, ...] | None = None
    last: t.Node | None = None
    while parser.see("_", "^"):
        if parser.next().text == "^":
            if not (parser.take("{") and parser.take("}")):  # \sum_k^{ }
                parser.at -= parser.tokens[parser.at - 1].text == "{"
                last = parser.braced()
            continue
        with parser.braces() as inside:
            below = _below(parser) if inside else (parser.atom(),)
    if not below:
        raise Unreadable(start, "Σ over which index?", r"write it below: \sum_j or \sum_{i=1}^{n}")
    return _running(below, last, start)


def _below(parser: Parser) -> tuple[t.Node, ...]:
    """j; i = 1; j ≠ y; i, j; j = 1, j ≠ y; j : j ≠ y; k ∈ {1, …, C}."""
    found: list[t.Node] = []
    if parser.take(r"\substack"):
        with parser.braces():
            return _below(parser)
    while True:
        chain = relations(parser)
        found += _bounds(chain) if chain.relations else [*t.listed(chain.sides[0])]
        if not parser.take(",", ":", "|", r"\\", r"\land"):
            return tuple(found)


def _bounds(chain: t.Chain) -> list[t.Node]:
    """1 ≤ j ≤ C is j ∈ {1, …, C}; j ∈ {…} ∖ {y} is j ∈ {…} and j ≠ y."""
    chain = numbered(chain)
    sides = chain.sides
    if isinstance(sides[1], t.Numbered):
        others = [
            t.Chain(chain.span, (sides[0], other), (t.Relation(other.span, r"\ne"),))
            for other in sides[1].without
        ]
        return [chain, *others]
    return links(chain)


def numbered(chain: t.Chain) -> t.Chain:
    """i ∈ {1, …, n} for 1 ≤ i ≤ n."""
    sides = chain.sides
    if chain.signs != (r"\le", r"\le") or not _is_letter(sides[1]):
        return chain
    where = t.Numbered(chain.span, sides[0], sides[2])
    return t.Chain(chain.span, (sides[1], where), (t.Relation(chain.span, r"\in"),))


def _only_index(part: t.Node) -> t.Name | None:
    """The i of y^{(i)} = 0, where there is no other index."""
    found = [node for name in t.names_in(part) for node in (*name.below, *name.above)]
    plain = [node for node in found if isinstance(node, t.Name) and node.plain]
    return plain[0] if len({node.head for node in plain}) == 1 == len(found) else None


def _is_letter(side: t.Node) -> bool:
    return isinstance(side, t.Name) and side.plain


def _running(
    below: tuple[t.Node, ...], last: t.Node | None, start: Span
) -> tuple[tuple[t.Name, ...], t.Node | None, t.Node | None, tuple[t.Node, ...]]:
    letters: dict[str, t.Name] = {}
    first: t.Node | None = None
    alone = False
    conditions: list[t.Node] = []
    for part in below:
        sides = part.sides[:2] if isinstance(part, t.Chain) else (part,)
        letter = next((side for side in sides if _is_letter(side)), None)
        of_other = letter is None or not isinstance(sides[0], t.Name | t.Number)
        if of_other and letters and isinstance(part, t.Chain):  # Σ over j with s_j > 0
            conditions.append(part)
            continue
        found = _only_index(part) if letter is None and isinstance(part, t.Chain) else None
        if found is not None:  # Σ over y^{(i)} = 0
            letters[found.head] = found
            conditions.append(part)
            continue
        if not isinstance(letter, t.Name):
            raise Unreadable(part.span, "a sum runs over a letter", r"\sum_j, \sum_{j \ne y}")
        letters.setdefault(letter.head, letter)
        if not isinstance(part, t.Chain):
            continue
        sign, right = part.relations[0].sign, part.sides[1]
        if sign == "=" and last is not None and first is None:
            first, alone = right, part is not below[-1]
        elif sign == r"\in" and isinstance(right, t.Numbered):
            first, last, alone = right.first, right.last, True
        else:
            conditions.append(part)
    if first is not None and len(letters) > 1 and alone:  # but Σ_{i,j=1}^n is of both
        raise Unreadable(start, "Σ from … to … runs over one letter", "write a Σ for each letter")
    return tuple(letters.values()), first, last, tuple(conditions)
