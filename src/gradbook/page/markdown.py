"""The formulas of a page, each with its place: what stands between dollars, and in environments.

markdown-it-py says which lines of the page are what; the columns are found in those lines again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from gradbook.page.fenced import Fence
from gradbook.page.source import Source, Span, Unreadable

#: A formula in the text, or one on lines of its own.
Kind = Literal["inline", "display"]

_DISPLAYS = ("math_block", "math_block_label", "math_inline_double", "amsmath")
_OPENED = re.compile(r"\$\$|\\begin\{(equation|align|gather|multline)\*?\}")
#: Code and formulas with other signs around them, in which \\[ is a row that ends.
_BRACKETS = re.compile(
    r"^ {0,3}(?P<fence>```+|~~~+|:::+).*?^ {0,3}(?P=fence)|(?P<code>`+)[^`].*?(?P=code)"
    r"|\$\$.*?\$\$|\\begin\{(?P<name>[a-z]+\*?)\}.*?\\end\{(?P=name)\}"
    r"|(?P<open>\\?\\\[)(?P<display>.*?)\\?\\\]|(?P<paren>\\?\\\()(?P<inline>.*?)\\?\\\)",
    re.S | re.M,
)
#: A command with what stands in its braces; and four words, or a heading.
_COMMAND = re.compile(r"\\[a-zA-Z]+\*?(?:\s*\{[^{}]*\})?")
_PROSE = re.compile(r"^#{1,6} |\b[A-Za-z]{2,}(?:[,;]?[ \t]+[A-Za-z]{2,}){3,}", re.M)
#: What stands above the formula of a directive of MyST.
_OPTIONS = re.compile(r"\s*(?:---\n.*?\n---\n|(?:[ \t]*:[\w-]+:[^\n]*\n)+)", re.S)


@dataclass(frozen=True)
class Formula:
    """LaTeX, and where it stands. label: that of `$$ … $$ (label)`, or ""."""

    kind: Kind
    latex: str
    start: int
    label: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.latex))


@dataclass(frozen=True)
class Read:
    """What stands on a page: its title, its formulas in their order, and what is not closed.

    fences: all other blocks between fences.
    """

    title: str
    formulas: tuple[Formula, ...]
    unclosed: tuple[Unreadable, ...]
    fences: tuple[Fence, ...] = ()


def formulas(source: Source) -> Read:
    """The formulas of the page. A display that is never closed is an error, not prose."""
    lines = _Lines(source)
    text, open_ = _without_open(_dollars(source.text))
    tokens = _parser().parse(text)
    found = [lines.formula("display", source.text[a.start + 2 : a.end], *_ends(a)) for a in open_]
    unclosed = [_open(span, "$$") for span in open_]
    fences: list[Fence] = []
    title = ""
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and not title:
            title = tokens[place + 1].content
        if token.map is None:
            continue
        start, end = lines.between(*token.map)
        if token.type in _DISPLAYS:
            found.append(_display(token, lines, start, end))
        elif token.type in _FENCES and token.info.split()[:1] in (["math"], ["{math}"]):
            found.append(_directive(token, lines, start, end))
        elif token.type == "fence":
            inside, _ = lines.between(token.map[0] + 1, token.map[1])
            span = Span(inside, inside + max(1, len(token.content.rstrip())))
            fences.append(Fence(token.info.strip(), token.content, span))
        elif token.type == "inline":
            found += _of_paragraph(token, lines, start, end)
            unclosed += _never_closed(token, lines, start, end)
    found.sort(key=lambda formula: formula.start)
    return Read(title or source.path.stem, tuple(found), tuple(unclosed), tuple(fences))


def prose(latex: str) -> int | None:
    """Where the line begins that is a heading, or has four words; None in a formula."""
    found = _PROSE.search(_COMMAND.sub(lambda command: " " * len(command[0]), latex))
    return None if found is None else latex.rfind("\n", 0, found.start()) + 1


def _without_open(text: str) -> tuple[str, list[Span]]:
    """The text without the $$ of displays in which text follows, and those displays up to it."""
    found: list[Span] = []
    place = 0
    while block := _BRACKETS.search(text, place):
        place = block.end()
        if block[0].startswith("$$") and (behind := prose(block[0])):
            place = block.start() + behind
            found.append(Span(block.start(), place))
            text = text[: block.start()] + "  " + text[block.start() + 2 :]
    return text, found


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _open(span: Span, sign: str) -> Unreadable:
    return Unreadable(
        Span(span.start, span.start + len(sign)),
        f"a display begins with {sign} and is never closed",
        "close it with the same sign, on a line of its own",
    )


_FENCES = ("fence", "colon_fence")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").use(dollarmath_plugin, double_inline=True)
    parser.block.ruler.at(
        "math_block",
        _with_no_blank_line_above,
        {"alt": ["paragraph", "reference", "blockquote"]},
    )
    parser.use(amsmath_plugin).use(colon_fence_plugin).use(myst_role_plugin)
    return parser.use(front_matter_plugin)


_BLOCK = math_block_dollar(allow_blank_lines=True)


def _with_no_blank_line_above(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A display begins on a line of its own, also in the middle of a paragraph."""
    if silent:  # asked whether the paragraph ends here
        return state.src.startswith("$$", state.bMarks[first] + state.tShift[first])
    return _BLOCK(state, first, last, silent)


def _dollars(text: str) -> str:
    r"""The same text, as long, with $ and $$ for \( \) and \[ \], and for \\( \\) and \\[ \\]."""

    def signs(found: re.Match[str]) -> str:
        for opened, inside, sign in (("open", "display", "$$"), ("paren", "inline", "$")):
            if found[opened] is not None:
                after = len(found[0]) - len(found[opened]) - len(found[inside])
                before = sign.rjust(len(found[opened]))
                return before + found[inside] + sign.ljust(after)
        return found[0]

    return _BRACKETS.sub(signs, text)


def _directive(token: Token, lines: _Lines, start: int, end: int) -> Formula:
    """A fence of math. The label that stands above the formula in MyST names the line."""
    above = _OPTIONS.match(token.content)
    formula = lines.formula("display", token.content[above.end() if above else 0 :], start, end)
    label = re.search(r"label:[ \t]*(\S+)", above[0]) if above else None
    return Formula("display", formula.latex, formula.start, label[1] if label else "")


def _display(token: Token, lines: _Lines, start: int, end: int) -> Formula:
    formula = lines.formula("display", token.content, start, end)
    label = token.info.strip() if token.type == "math_block_label" else ""
    return Formula("display", formula.latex, formula.start, label)


def _of_paragraph(token: Token, lines: _Lines, start: int, end: int) -> Iterator[Formula]:
    for child in token.children or []:
        role = child.type == "myst_role" and child.meta["name"] == "math"
        if role or child.type in ("math_inline", *_DISPLAYS):
            kind: Kind = "display" if child.type in _DISPLAYS else "inline"
            content = child.content.strip("`") if kind == "inline" else child.content  # $`x`$
            formula = lines.formula(kind, content, start, end)
            start = formula.start + len(formula.latex)
            yield formula


def _never_closed(token: Token, lines: _Lines, start: int, end: int) -> Iterator[Unreadable]:
    for child in token.children or []:
        opened = _OPENED.search(child.content) if child.type == "text" else None
        if opened is not None:
            place = lines.text.find(opened[0], start, end)
            place = start if place < 0 else place
            yield _open(Span(place, end), opened[0])


class _Lines:
    """The text by its lines; signs of a quotation are blank, so that a formula reads on."""

    def __init__(self, source: Source) -> None:
        self.text = re.sub(
            r"^(?: {0,3}>)+", lambda found: " " * len(found[0]), source.text, flags=re.M
        )
        self._starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def between(self, first: int, last: int) -> tuple[int, int]:
        """The characters of some lines."""
        starts = [*self._starts, len(self.text)]
        return starts[first], starts[min(last, len(starts) - 1)]

    def formula(self, kind: Kind, content: str, start: int, end: int) -> Formula:
        """The formula whose text the parser gives as `content`, somewhere from start to end."""
        rows = [re.escape(row.strip()) for row in content.strip().split("\n")]
        found = re.search(r"(?:^|[\n$`]|\\[(\[])\s*(" + r"\s*".join(rows) + ")", self.text[start:])
        if found is None:  # an odd indent: the lines as they are, so that nothing is skipped
            return Formula(kind, self.text[start:end], start)
        return Formula(kind, found[1], start + found.start(1))
