"""What is wrong on a page, with its place: file:line:column, the row, carets under the part."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from rich.text import Text

from gradbook.page import Page, PageError, PageLine
from gradbook.page.as_read import condition
from gradbook.page.letters import written
from gradbook.page.source import Source, Span
from gradbook.page.witnesses import at_some_sizes, same_on_both_sides, stated_once
from gradbook.proof import Proof
from gradbook.prove.decision import Decision
from gradbook.report.plain import WIDTH


def error(source: Source, found: PageError) -> Text:
    """What cannot be read, and how many lines wait for it."""
    said = [f"hint: {found.hint}"] if found.hint else []
    if found.waits:
        count = len(found.waits)
        lines = ", ".join(found.waits)
        said.append(f"{count} line{'s wait' if count > 1 else ' waits'} for it: {lines}")
    return located(source, found.span, found.message, said)


def wrong(line: PageLine, decision: Decision) -> Text:
    """Why a line is false, with values, or why it is undecided."""
    source, proof = line.page.source, decision.deciding
    span = place_of(line, proof)
    if proof.status == "undecided":
        where = f" (for {proof.sizes})" if proof.sizes else ""
        message = f"{source.at(span)}: {line.id} is undecided{_which(proof)}: "
        rows = textwrap.wrap(f"{message}{proof.reason}{where}", WIDTH - 1, subsequent_indent="  ")
        return Text("\n".join(rows), style="yellow")
    message = f"{line.id} is false{_which(proof)}"
    found = proof.counterexample
    said = [proof.reason or proof.sizes if found is None else str(found)]
    return located(source, span, message, [*said, f"read as: {line.as_read}"])


def place_of(line: PageLine, proof: Proof) -> Span:
    """Where the claim stands that decides, or the line."""
    return line.span if proof.span is None else proof.span


def _which(proof: Proof) -> str:
    """Which link of a chain."""
    number, of = proof.link
    if of == 1:
        return ""
    ordinal = {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")
    return f", in the {ordinal} of its {of} relations"


def located(source: Source, span: Span, message: str, said: Iterable[str]) -> Text:
    """lecture.md:61:24: what is wrong, the row with carets, and what is said of it."""
    number, row, carets = source.shown(span, WIDTH - 9)
    head = textwrap.wrap(f"{source.at(span)}: {message}", WIDTH - 1, subsequent_indent="  ")
    text = Text("\n".join(head), style="bold red")
    text.append(f"\n{number:>5} | ", style="dim").append(row, style="default")
    text.append("\n      | ", style="dim").append(carets, style="bold red")
    for words in said:
        wrapped = textwrap.wrap(words, WIDTH - 4, subsequent_indent="  ", break_on_hyphens=False)
        text.append("\n" + "\n".join(f"  {row}" for row in wrapped), style="default")
    return text


def says_less(page: Page) -> tuple[str, ...]:
    """What of a page says less than it shows: definitions and claims that nothing would miss."""
    some = (f"{id} ({condition(at)})" for id, at in at_some_sizes(page))
    said = {
        "stated once only": map(written, stated_once(page)),
        "the same on both sides": same_on_both_sides(page),
        "claimed at some sizes only": some,
    }
    return tuple(f"{what}: {all_}" for what, which in said.items() if (all_ := ", ".join(which)))
