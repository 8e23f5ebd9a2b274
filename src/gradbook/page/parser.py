"""Formulas from tokens: a Pratt parser, with LaTeX's brackets and the reach of Σ and ∇.

Σ reaches to the end of the product it stands in, ∇ to the end of one factor. Where a reader could
take a formula in two ways, it is refused, and the hint says how to write either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Literal

from gradbook.page import parse_brackets, parse_indices, parse_matrices, parse_statements
from gradbook.page import parse_functions as functions
from gradbook.page import tree as t
from gradbook.page.source import Span, Unreadable
from gradbook.page.tokens import (
    ACCENTS,
    ENDS,
    FONTS,
    FUNCTIONS,
    GREEK,
    HINTS,
    NOT_READ,
    OF_PROBABILITIES,
    RELATIONS,
    WORDS,
    Token,
    command,
)

_ONES = ("mathbb 1", "mathbf 1", "mathbb I", "mathbf I", "mathrm 1", "I")
_COMMANDS = r"\frac \sum \nabla \partial \sqrt \top \circ \cdot \times \in \le \ge \ne \dots \vdots"
_KNOWN = (*(f"\\{name}" for name in (*ACCENTS, *FONTS, *FUNCTIONS, *GREEK)), *_COMMANDS.split(" "))
#: How to say what is not read.
_INSTEAD = {
    "prod": r"the logarithm of a product is a sum: \sum_i \log p_i",
    **dict.fromkeys(
        ("arg", "argmin", "argmax"), r"say what holds there, \nabla_w L = 0, or define it: w^* := …"
    ),
    "tanh": r"define it: \tanh(z) is (e^z - e^{-z}) / (e^z + e^{-z})",
}


def not_read(span: Span, name: str) -> Unreadable:
    hint = _INSTEAD.get(name, f"functions are: {', '.join(FUNCTIONS)}")
    return Unreadable(span, f"{name} is not read", hint)


_PRODUCTS = {r"\cdot": "·", r"\times": "×", r"\circ": "∘", "*": "×"}


class Parser:
    """Reads one part of a formula after another from a list of tokens.

    functions: the letters that the page defines as functions, f(x) := ….
    """

    def __init__(
        self, tokens: Sequence[Token], end: int, functions: frozenset[str] = frozenset()
    ) -> None:
        self.tokens, self.at, self.end, self.functions = tokens, 0, end, functions

    # The tokens.

    @property
    def token(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def ahead(self, many: int) -> list[str]:
        """The texts of so many tokens behind the next one, or of those there are."""
        return [token.text for token in self.tokens[self.at + 1 : self.at + 1 + many]]

    def see(self, *texts: str) -> bool:
        token = self.token
        return token is not None and token.kind in ("sign", "row") and token.text in texts

    def take(self, *texts: str) -> Token | None:
        """The next token, if it is one of these signs."""
        return self.next() if self.see(*texts) else None

    def next(self) -> Token:
        token = self.token
        if token is None:
            raise Unreadable(self.here, "the formula ends too early")
        self.at += 1
        return token

    @property
    def here(self) -> Span:
        """The place of the next token, or just behind the last."""
        token = self.token
        return token.span if token is not None else Span(self.end, self.end + 1)

    def since(self, start: Span) -> Span:
        """From there up to the last token that was taken."""
        return start.to(self.tokens[self.at - 1].span) if self.at else start

    def expect(self, text: str, opened: Token | None = None) -> Token:
        token = self.take(text)
        if token is None:
            found = f"found {self.token}" if self.token is not None else "it ends"
            if opened is None or self.is_closed(text):
                hint = "no relation stands in brackets" if self.see(*RELATIONS) else ""
                hint += f"; {OF_PROBABILITIES}" if self.see("=") else ""
                raise Unreadable(self.here, f"expected {text}, {found}", hint)
            raise Unreadable(
                opened.span, f"{opened.text} is never closed: expected {text}, {found}"
            )
        return token

    def is_closed(self, close: str) -> bool:
        """Whether the bracket that is open here has its end further on."""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.text in ENDS) - (token.text in ENDS.values())
            if depth < 0:
                return token.text == close
        return False

    def gaps(self) -> None:
        while (token := self.token) is not None and token.kind == "gap":
            self.at += 1

    # Sums and products.

    def expression(self) -> t.Node:
        """A sum of terms."""
        self.gaps()
        start = self.here
        terms: list[tuple[Literal[1, -1], t.Node]] = []
        sign = self.take("+", "-", r"\pm", r"\mp")
        while True:
            if sign is not None and sign.text.startswith("\\"):
                raise Unreadable(sign.span, f"{sign.text} is two statements at once")
            terms.append((-1 if sign is not None and sign.text == "-" else 1, self.term()))
            self.gaps_before("+", "-")
            sign = self.take("+", "-", r"\pm", r"\mp")
            if sign is None:
                break
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return t.Sum_(self.since(start), tuple(terms))

    def gaps_before(self, *texts: str) -> None:
        """Passes over wide spaces in front of an operator."""
        at = self.at
        self.gaps()
        if not self.see(*texts):
            self.at = at

    def term(self) -> t.Node:
        """A product of factors, side by side or with a sign between them."""
        factors: list[t.Node] = [self.factor()]
        signs: list[str] = []
        while True:
            self.refuse_full_stop()
            sign = self.take(*self.products)
            if sign is None and self.see("/"):
                factors, signs = self.quotient(factors, signs)
                continue
            if sign is None and not self.starts():
                break
            signs.append("" if sign is None else _PRODUCTS[sign.text])
            factors.append(self.factor())
        return t.product(factors, signs)

    def quotient(self, factors: list[t.Node], signs: list[str]) -> tuple[list[t.Node], list[str]]:
        """a b/c is (a b)/c; ∂f/∂v. a/b c is refused: nobody has to guess what is divided."""
        stroke = self.next()
        below = self.factor()
        hint = r"write \frac{…}{…}, or brackets"
        *before, last = factors
        if isinstance(last, t.Derivative) and isinstance(below, t.Derivative):
            if last.by or below.of is not t.NOTHING:
                raise Unreadable(stroke.span, "this is no derivative", hint)
            return [*before, t.Derivative(last.span.to(below.span), below.by, last.of)], signs
        if any(isinstance(each, t.Gradient | t.Derivative) for each in before):
            raise Unreadable(stroke.span, "∇a b/c can be read in two ways", hint)
        if self.starts() or self.see("/"):
            raise Unreadable(stroke.span, "a/b c can be read in two ways", hint)
        span = factors[0].span.to(below.span)
        return [t.Quotient(span, t.product(factors, signs), below)], []

    def with_arguments(self, before: t.Node) -> t.Node:
        """E(w), E(x_i) or J(W, b): more than a letter. v (x_i)^⊤ is a product."""
        if not (isinstance(before, t.Name) and self.see("(")):
            return before
        at = self.at
        inside = parse_brackets.brackets(self)
        inner = inside.inner if isinstance(inside, t.Group) else inside
        span = Span(before.span.start, self.tokens[self.at - 1].span.start)
        if isinstance(inner, t.Tuple):
            return t.DependsOn(span, before, inner.items)
        if isinstance(inner, t.Name) and not (self.see("^", "'") and not inner.plain):
            return t.DependsOn(span, before, (inner,))
        self.at = at
        return before

    def refuse_full_stop(self) -> None:
        """p.q: a full stop right in front of a factor."""
        token = self.token
        if self.see(".") and token is not None and self.at + 1 < len(self.tokens):
            after = self.tokens[self.at + 1]
            if after.kind in ("letter", "number") and after.span.start == token.span.end:
                raise Unreadable(token.span, "a full stop is no product", r"write \cdot")

    def starts(self) -> bool:
        """Whether a factor begins here."""
        token = self.token
        if token is None:
            return False
        if token.kind in ("letter", "number"):
            return True
        if token.kind == "begin":
            return token.text in parse_matrices.MATRICES or token.text == "cases"
        if token.kind != "sign":
            return False
        if token.text == r"\|":  # else the one that closes
            return self.norms == 0
        if token.text == "|":
            return parse_brackets.opens_stroke(self)
        named = (*ACCENTS, *FONTS, *FUNCTIONS)
        return token.text in _READ or (token.text.startswith("\\") and token.text[1:] in named)

    norms = 0
    strokes = 0
    products = tuple(_PRODUCTS)

    # Factors.

    def factor(self) -> t.Node:
        """A factor, and what hangs on it: indices, powers, a transpose."""
        found = parse_indices.hung_on(self, self.atom())
        called = self.with_arguments(found)
        return found if called is found else parse_indices.hung_on(self, called)

    def atom(self) -> t.Node:
        self.gaps()
        token = self.token
        if token is None:
            raise Unreadable(
                self.here, "a formula ends where one more letter or number is expected"
            )
        if token.kind == "number":
            self.next()
            if token.text == "1" and parse_brackets.see_conditions(self):
                return parse_brackets.indicator(self, token.span)
            return t.Number(token.span, token.text)
        if token.kind == "letter":
            return self.name()
        if token.kind == "begin":
            return parse_matrices.environment(self)
        if token.kind == "words" and (self.is_name() or token.text in self.functions):
            self.next()
            return self.letter(token.span, token.text)
        if token.kind == "words" and self.ahead(1) == ["("]:
            name = token.text
            message = f"{name}(…) is no function that this page defines"
            raise Unreadable(token.span, message, f"a function is defined, {name}(x) := …")
        if token.kind == "sign":
            return self.signed(token)
        if token.kind == "words":
            hint = "words in a display are: if, for, where, and, else, otherwise, row"
            message = f"{token} stand where a letter or number is expected"
            raise Unreadable(token.span, message, WORDS.get(token.text, hint))
        raise Unreadable(token.span, f"{token} stands where a letter or number is expected")

    def signed(self, token: Token) -> t.Node:
        text = token.text
        if read := _READ.get(text):
            return read(self)
        if text in (r"\dots", r"\vdots", r"\ddots"):
            self.next()
            return t.Dots(token.span)
        if text == "|":
            return functions.absolute(self)
        name = text[1:]
        if name in FUNCTIONS and command(name) == text:
            self.next()
            return functions.called(self, name, token.span)
        if name in FUNCTIONS:
            raise Unreadable(token.span, f"{text} is no command of LaTeX", f"write {command(name)}")
        if name in (*ACCENTS, *FONTS):
            return self.name()
        if text in _KNOWN or not text.startswith("\\"):
            hint = "something is missing in front of it"
            if self.at == 0:
                hint = "a display does not go on from another: write the left side again"
            raise Unreadable(
                token.span,
                f"{text} stands where a letter or number is expected",
                hint if text in RELATIONS else "",
            )
        if name in NOT_READ:
            raise not_read(token.span, name)
        if text in HINTS:
            raise Unreadable(token.span, f"{text} is not read", HINTS[text])
        near = get_close_matches(text, _KNOWN, 1)
        hint = f"did you mean {near[0]}?" if near else "docs/language.md lists what is read"
        raise Unreadable(token.span, f"{text} is not known", hint)

    def is_name(self) -> bool:
        """Whether words are a letter: \\text{loss}, with a sign behind it that tells it so."""
        token = self.token
        assert token is not None
        if not token.text.isalpha() or token.text.lower() in parse_statements.CONDITION_WORDS:
            return False
        self.at += 1
        after, starts = self.token, self.starts()
        self.at -= 1
        return after is None or not (after.kind == "words" or starts)

    def one_digit(self) -> None:
        """Without braces LaTeX takes one digit: \\frac12 is a half."""
        token = self.token
        if token is None or token.kind != "number" or len(token.text) == 1:
            return
        middle = token.span.start + 1
        first = Token("number", token.text[0], Span(token.span.start, middle))
        rest = Token("number", token.text[1:], Span(middle, token.span.end))
        self.tokens = [*self.tokens[: self.at], first, rest, *self.tokens[self.at + 1 :]]

    def braced(self) -> t.Node:
        """{…}, or the one token that LaTeX takes without braces."""
        opened = self.take("{")
        if opened is None:
            self.one_digit()
            self.refuse_command()
            return self.atom()
        inner = self.expression()
        self.expect("}", opened)
        return inner

    def refuse_command(self) -> None:
        r"""\frac{1} \sum: as an argument stands what is more than a letter."""
        token = self.token
        marked = token is not None and token.text[1:] in (*ACCENTS, *FONTS)
        if token is not None and token.kind not in ("letter", "number") and not marked:
            hint = r"\frac{…}{…} has two parts, and \sqrt{…} one"
            raise Unreadable(token.span, f"{token} stands where braces are expected", hint)

    @contextmanager
    def braces(self) -> Iterator[bool]:
        """Around what stands in braces, or without them where it is one token: whether in them."""
        opened = self.take("{")
        yield opened is not None
        if opened is not None:
            self.expect("}", opened)

    # Letters.

    def name(self) -> t.Node:
        """A letter with its accents, not yet what hangs on it."""
        start = self.here
        head = self.head()
        if head in _ONES and parse_brackets.see_conditions(self):
            return parse_brackets.indicator(self, start)
        if head in NOT_READ:
            raise not_read(self.since(start), head)
        if head in FUNCTIONS:
            return functions.called(self, head, self.since(start))
        return self.letter(self.since(start), head)

    def letter(self, span: Span, head: str) -> t.Node:
        """A letter with its indices, or f(x) where it is a function; f'(x) as well."""
        found = parse_indices.hung_on_letter(self, t.Name(span, head))
        if found.head.rstrip("'") in self.functions and self.see("(", "["):
            return functions.applied(self, found)
        return found

    head = parse_indices.head


#: What begins with a sign, and how it is read.
_READ: dict[str, Callable[[Parser], t.Node]] = {
    "(": parse_brackets.brackets,
    "[": parse_brackets.brackets,
    "{": parse_brackets.unseen,
    r"\{": parse_brackets.curly,
    r"\langle": functions.inner_product,
    r"\|": functions.norm,
    r"\frac": functions.fraction,
    r"\sqrt": functions.root,
    r"\sum": functions.total,
    r"\nabla": functions.gradient,
    r"\partial": functions.partial,
}
