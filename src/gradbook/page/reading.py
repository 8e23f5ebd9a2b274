"""Reads a page.

`read` goes through the text once: formulas, tokens, trees; then the declarations of the prose; then
one statement after another, each with the letters that are known by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from gradbook import arguments
from gradbook.page import beside
from gradbook.page import tree as t
from gradbook.page.core import Key, Letter
from gradbook.page.declare import (
    Declarations,
    declared,
    declares,
    of_squares,
    read_inline,
    says_something,
    shared,
)
from gradbook.page.displays import Row, joined, rows, statements, unclosed
from gradbook.page.fenced import SaidOfLoss, code_lines, said_of_loss
from gradbook.page.glossary import Glossary, glossary
from gradbook.page.letters import Letters, Undeclared, as_word, with_numbers
from gradbook.page.lexer import tokens_if_any
from gradbook.page.markdown import Formula, formulas, prose
from gradbook.page.markdown import Read as Found
from gradbook.page.names_defined import functions_defined, letters_declared, letters_defined
from gradbook.page.page import Page, PageLine
from gradbook.page.read_statements import Read, read_statement
from gradbook.page.source import PageError, Source, Span, Unreadable, Waits
from gradbook.page.usage import (
    Written,
    keys,
    size_names,
    tell_labels,
    with_conditions,
    with_definitions,
)


def read(path: str | Path, *, cell: str | None = None) -> Page:
    """Reads a page: a Markdown file, or the Markdown cells of a notebook.

    cell: the name of a `%%page` cell of a notebook, which is a page of its own. What cannot be read
    is among the page's `errors`. Raises NoPage where there is no text to read.
    """
    if cell is not None:
        arguments.text("cell", cell)
    return read_source(Source.read(arguments.path("path", path), cell))


def read_text(text: str, name: str = "page.md") -> Page:
    """Reads a page from its text."""
    return read_source(Source(Path(name), text))


def read_source(source: Source) -> Page:
    return _Reading(source).page()


@dataclass
class _Reading:
    """One reading of one page."""

    source: Source
    errors: list[PageError] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    row_errors: list[tuple[Row, PageError]] = field(default_factory=list)
    all_rows: list[Row] = field(default_factory=list)
    broken: list[tuple[Key, PageError]] = field(default_factory=list)
    glossary: Glossary = ()
    functions: frozenset[str] = frozenset()
    lists: Mapping[int, int] = field(default_factory=dict)

    def page(self) -> Page:
        found = formulas(self.source)
        for problem in found.unclosed:
            self.error(problem)
        self.functions = frozenset(functions_defined(found.formulas))
        self.glossary = glossary(found.formulas)
        self.lists = beside.lists(self.source.text, found.formulas)
        for formula in joined(found.formulas, self.source.text):
            self.parse(formula)
        self.written = list(with_definitions(self.written))
        self._all = list(self.written)
        self.letters = Letters(self.source)
        self.letters.later = dict(self.defined_keys())
        self.declare()
        lines = tuple(sorted([*self.lines(), *self.said_in_python(found)], key=lambda l: l.span))
        said = self.said_of_loss(found)
        displays = [formula for formula in found.formulas if formula.kind == "display"]
        wrong = [*(error.span for error in self.errors), *(l.span for l in lines if l.unread)]
        read = sum(not any(formula.span.meets(span) for span in wrong) for formula in displays)
        errors = sorted(self.errors, key=lambda error: error.span)
        counts = (len(displays), read)
        all_ = (each.statement for each in self._all if each.row or t.defined(each.statement))
        known = (self.letters, lines, tuple(errors), tuple(all_))
        return Page(self.source, found.title, *known, *counts, said)

    def error(self, found: Unreadable, line: str = "") -> PageError:
        found = as_word(found, self.source)
        error = PageError(found.span, found.message, found.hint, line)
        if not any(
            (each.span, each.message) == (error.span, error.message) for each in self.errors
        ):
            self.errors.append(error)
        return error

    @contextmanager
    def noting(self) -> Iterator[None]:
        """While something is read that may be an error."""
        try:
            yield
        except Unreadable as problem:
            self.error(problem)

    def found(self, problem: Unreadable, line: str = "") -> PageError:
        """An error; of a letter that nothing declares it is the one there is."""
        error = self.error(problem, line)
        if isinstance(problem, Undeclared):
            self.letters.undeclared[problem.key] = error
        return error

    # Between fences.

    def said_in_python(self, found: Found) -> Iterator[PageLine]:
        for each in code_lines(found.fences):
            if isinstance(each, Unreadable):
                self.error(each)
            elif before := self.tags.get(each.id):
                self.taken(each.id, each.span, before)
            else:
                self.tags[each.id] = each.span
                yield PageLine(each.id, each.span, "", code=each)

    def said_of_loss(self, found: Found) -> SaidOfLoss:
        with self.noting():
            return said_of_loss(found.fences)
        return SaidOfLoss()

    # Tokens and trees.

    def parse(self, formula: Formula) -> None:
        if formula.kind == "inline":
            if prose(formula.latex) is not None and not formula.latex[0].isdigit():  # $5
                sign = Span(formula.start - 1, formula.start)
                hint = "is a $ missing behind the formula in front of these words?"
                self.error(Unreadable(sign, "there is text in this formula", hint))
            elif says_something(formula):
                self.parse_inline(formula)
            return
        try:
            found = rows(formula, self.glossary)
        except Unreadable as problem:
            error = self.error(problem)
            row = Row((), formula.start, "", None)
            self.row_errors.append((row, error))
            return
        for wrong in unclosed(tokens_if_any(formula.latex, formula.start)):
            self.error(wrong)
        for row in found:
            self.all_rows.append(row)
            parsed = []
            try:
                for each in statements(row, self.functions):
                    parsed.append(each)
            except Unreadable as problem:
                error = self.error(problem, row.tag)
                self.row_errors.append((row, error))
                self.broken += [(key, error) for key in letters_defined(row, len(parsed))]
            self.written += [Written(each, row, formula.start) for each in parsed]

    def parse_inline(self, formula: Formula) -> None:
        try:
            found = read_inline(formula, self.functions)
            self.written += [Written(each, None, formula.start) for each in found]
        except Unreadable as problem:
            error = self.error(problem)
            self.broken += [(key, error) for key in letters_declared(formula)]

    def defined_keys(self) -> Iterator[tuple[Key, Span]]:
        for each in self.written:
            for key in _keys_defined(each.statement):
                yield key, each.statement.chain.sides[0].span

    # Declarations.

    def declare(self) -> None:
        """Sizes, then ranges of indices, then numbers, vectors and matrices."""
        for key, error in self.broken:
            self.letters.known[key] = _broken(key, error)
        sizes = frozenset(size_names(self.written))
        heads = {key[0] for key in keys(self.written)}
        self.written = [
            each if each.row else replace(each, statement=of_squares(each.statement, heads))
            for each in self.written
        ]
        self.written, more = beside.apart(self.written, self.lists, self.letters.later, sizes)
        declarations = Declarations(self.letters, sizes)
        rest = [each for each in self.written if self.is_declaration(each)]
        for passed in ("sizes", "indices", "labels", "values"):
            rest = [each for each in rest if not self.declared(declarations, each, passed)]
        for each in more:
            with self.noting():
                beside.restrict(each.statement, self.letters)
        self.declare_shares()
        self.written = [each for each in self.written if id(each) not in self.done]
        tell_labels(self.letters, self.written, self._all)
        self.written = list(with_conditions(self.letters, self.written))

    def declare_shares(self) -> None:
        """Σ_k p_k = 1 in the text."""
        said = [each.statement for each in self._all]
        for each in self.written:
            if each.row is None and shared(each.statement) is not None:
                self.done.add(id(each))
                with self.noting():
                    beside.declare_shares(each.statement, self.letters, said)

    done: set[int] = field(default_factory=set)

    def is_declaration(self, each: Written) -> bool:
        """Whether it declares: of a letter that is defined before, it only says a shape; and in a
        display λ ≥ 0 is a claim.
        """
        relations = each.statement.chain.relations
        if each.row is not None and relations and relations[0].sign != r"\in":
            return False
        keys = [name.key for name in self.names(each.statement)]
        defined = [self.letters.later[key] for key in keys if key in self.letters.later]
        before = any(span < each.statement.span for span in defined)
        return declares(each.statement, self.letters) and not before

    def names(self, statement: t.Statement) -> list[t.Name]:
        """The letters that a declaration declares."""
        found = declared(statement.chain, self.letters)
        return [name for name in found if isinstance(name, t.Name)]

    def declared(self, declarations: Declarations, each: Written, passed: str) -> bool:
        """Whether it is one of those that are read in this pass."""
        if declarations.kind(each.statement) != passed:
            return False
        for name in self.names(each.statement):  # read before, and written behind
            other = self.letters.known.get(name.key)
            if other and other.kind in ("index", "label") and other.span > each.statement.span:
                found = Letter(name.head, 0, 0, "value", name.span)
                self.error(self.letters.twice(found, other))
                del self.letters.known[other.key]
        if not declares(each.statement, self.letters):
            return True  # W_j, of a W that is declared: a statement about it
        self.done.add(id(each))
        try:
            declarations.read(each.statement)
            return True
        except Waits as waits:
            error = waits.cause
        except Unreadable as problem:
            error = self.found(problem)
        for name in self.names(each.statement):
            self.letters.known.setdefault(name.key, _broken(name.key, error))
        return True

    # Lines.

    def lines(self) -> tuple[PageLine, ...]:
        for row, error in self.row_errors:
            error.line = error.line or self.id_of(row)
        read: dict[str, list[tuple[Row, Read | None]]] = {}
        for row in self.all_rows:
            self.begin(row, read)
        for each in self.written:
            found = self.read_one(each)
            if each.row is not None:
                read[self.id_of(each.row)].append((each.row, found))
        for row, _ in self.row_errors:
            if row.tokens:
                read[self.id_of(row)].append((row, None))
        lines = []
        for id, parts in read.items():
            line = self.line(id, parts)
            said = any(line.span.start <= e.span.start <= line.span.end for e in self.errors)
            if not (said or line.unread or line.claims or line.definitions):
                self.error(Unreadable(line.span, f"{id} says nothing", "a line claims or defines"))
            lines.append(line)
        return tuple(lines)

    def begin(self, row: Row, read: dict[str, list[tuple[Row, Read | None]]]) -> None:
        """A tag names one line: the rows of one display, one after another."""
        id = self.id_of(row)
        before = self.tags.get(id)
        if row.tag_span is not None and before is not None:
            self.taken(id, row.tag_span, before)
        elif row.tag_span is not None:
            self.tags[id] = row.tag_span
        read.setdefault(id, [])
        self.rows_of.setdefault(id, []).append(row)

    def taken(self, id: str, span: Span, before: Span) -> None:
        where = self.source.position(before.start)[0]
        message = f"{id} is the tag of line {where} already"
        self.error(Unreadable(span, message, "each line has an id of its own"), id)

    tags: dict[str, Span] = field(default_factory=dict)
    rows_of: dict[str, list[Row]] = field(default_factory=dict)
    _all: list[Written] = field(default_factory=list)

    def id_of(self, row: Row) -> str:
        if row.tag:
            return row.tag
        place = row.tokens[0].span.start if row.tokens else row.end
        cell = self.source.cell(place)
        where = f"line {self.source.position(place)[0]}"
        return f"cell {cell.number}, {where}" if cell else where

    def read_one(self, each: Written) -> Read | None:
        """What a statement says; None where it cannot be read, which is then among the errors."""
        line = self.id_of(each.row) if each.row is not None else ""
        name = line or f"line {self.source.position(each.statement.span.start)[0]}"
        try:
            return read_statement(each.statement, self.letters)
        except Waits as waits:
            error = waits.cause
            if name not in error.waits and name != error.line:
                error.waits.append(name)
        except Unreadable as problem:
            error = self.found(problem, line)
        for key in _keys_defined(each.statement):
            self.letters.known[key] = _broken(key, error)
        return None

    def line(self, id: str, parts: list[tuple[Row, Read | None]]) -> PageLine:
        own = self.rows_of[id]
        spans = [token.span for row in own for token in row.tokens] or [
            Span(own[0].end, own[0].end + 1)
        ]
        span = spans[0].to(spans[-1])
        found = tuple(read for _, read in parts if read is not None)
        return PageLine(
            id,
            span,
            self.latex(own),
            tuple(claim for read in found for claim in read.claims),
            tuple(read.defines for read in found if read.defines is not None),
            found,
            len(found) < len(parts),
            tagged=any(row.tag for row in own),
        )

    def latex(self, own: list[Row]) -> str:
        """The rows as they are written, in one formula that shows alone."""
        written = []
        for row in own:
            if row.tokens:
                text = self.source.text[row.tokens[0].span.start : row.tokens[-1].span.end]
                text = re.sub(r"\$\$\s*\$\$", " ", text)  # displays that are one
                written.append(" ".join(re.sub(r"\\(tag|label)\*?\{[^{}]*\}", "", text).split()))
        whole = r" \\ ".join(written)
        aligned = len(written) > 1 or "&" in whole
        return rf"\begin{{aligned}} {whole} \end{{aligned}}" if aligned else whole


def _broken(key: Key, error: PageError) -> Letter:
    return Letter(key[0], key[1], key[2], "defined", error.span, broken=error)


def _keys_defined(statement: t.Statement) -> Iterator[Key]:
    name = t.defined(statement)
    if name is not None:
        name = with_numbers(name)
        yield name.key
