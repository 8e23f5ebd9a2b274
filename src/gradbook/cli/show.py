"""`gradbook show`: a page, or one line of it, in the terminal."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Console

from gradbook.cli.status import HOLDS
from gradbook.page import Page
from gradbook.page.discover import find, page_with


def add_show(commands: Any) -> None:
    """Adds the command to the others."""
    parser = commands.add_parser("show", help="print the page, or one line of it")
    parser.add_argument("line", nargs="?", help="the id of a line, such as N14")
    parser.add_argument(
        "--any-size",
        action="store_true",
        help="the gradient, or the line, derived with C, m and n as letters, a rule for each step",
    )
    parser.add_argument("--page", metavar="NAME", help="a file or a name in derivation/")
    parser.set_defaults(run=_show)


def _show(options: argparse.Namespace, console: Console) -> int:
    from gradbook.report.show import show_line, show_page, show_pages
    from gradbook.verify import decide

    pages = find([options.page] if options.page else [], options.line or "")
    page = page_with(pages, options.line) if options.line else pages[0]
    if len(pages) > 1 and not options.line:
        shown = show_pages(pages)
    elif options.any_size:
        shown = _any_size(page, options.line)
    elif options.line is None:
        shown = show_page(page)
    else:
        shown = show_line(page[options.line], decide(page[options.line], jobs=1))
    console.print(shown, highlight=False, markup=False, soft_wrap=True)
    return HOLDS


def _any_size(page: Page, line: str | None) -> str:
    """The derivation for any size, or one line of it."""
    from gradbook.any_size import derive
    from gradbook.report.show_any_size import show_any_size, show_line_any_size

    return show_any_size(derive(page.loss)) if line is None else show_line_any_size(page[line])
