"""A page as tests: how it is read is one, and each of its lines is one more, and is proved."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

import gradbook
from gradbook.page import NoPage, Page, PageLine
from gradbook.prove.decision import Decision
from gradbook.pytest_plugin.failure import Failed, Said
from gradbook.report.places import error, wrong
from gradbook.verify import decided


class PageFile(pytest.File):
    """A page: a file of Markdown, or the Markdown cells of a notebook."""

    def collect(self) -> Iterator[pytest.Item]:
        yield AsRead.from_parent(self, name="as read", of=self)
        for line in self.page:
            yield LineItem.from_parent(self, name=line.id, of=self, line=line)

    @cached_property
    def page(self) -> Page:
        try:
            return gradbook.read(self.path)
        except NoPage as said:
            raise self.CollectError(str(said)) from said

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        """Of the lines that this run asks for: one process decides them all."""
        asked = (item for item in self.session.items if isinstance(item, LineItem))
        return decided([item.line for item in asked if item.of is self], jobs=1)


class AsRead(Said):
    """It passes where nothing on the page is an error."""

    def __init__(self, *, of: PageFile, **options: Any) -> None:
        super().__init__(**options)
        self.of = of

    def runtest(self) -> None:
        page = self.of.page
        if page.errors:
            raise Failed("\n\n".join(error(page.source, each).plain for each in page.errors))


class LineItem(Said):
    """A line: it passes where it is proved, or is a definition.

    What cannot be read is told once, by AsRead.
    """

    def __init__(self, *, of: PageFile, line: PageLine, **options: Any) -> None:
        super().__init__(**options)
        self.of, self.line = of, line

    def runtest(self) -> None:
        if self.line.unread:
            pytest.skip("a part of it cannot be read")
        decision = self.of.decisions.get(self.line.id)
        if decision is not None and not decision.holds:
            raise Failed(wrong(self.line, decision).plain)

    def reportinfo(self) -> tuple[Path, int, str]:
        row, _ = self.line.page.source.position(self.line.span.start)
        return self.path, row - 1, f"{self.path.name}: {self.line.id}"
