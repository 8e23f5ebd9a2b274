"""`gradbook emit`: the source of a kernel, printed or written to a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.syntax import Syntax

from gradbook.any_size.page_letters import NotInEntries
from gradbook.cli.parser import size
from gradbook.cli.status import HOLDS
from gradbook.emit import FIXED_SIZE, PAGE_TARGETS, TARGETS, PageKernel, emit
from gradbook.kernels import Kernel
from gradbook.page import Page
from gradbook.page.discover import find
from gradbook.writing import write


def add_emit(commands: Any) -> None:
    """Adds the command to the others."""
    parser = commands.add_parser("emit", help="print or write the source of a kernel")
    parser.add_argument("page", help="a file, or a name in derivation/")
    parser.add_argument("line", nargs="?", help="such as N2: the right side of what it states")
    parser.add_argument(
        "--target",
        choices=sorted(TARGETS),
        help="default: codegen for the loss of a classifier; numpy for a line, and for a page with "
        "letters of its own",
    )
    fixed = f"for {' and '.join(FIXED_SIZE)} (default: %s), or what c-fast is scheduled for"
    parser.add_argument("--classes", type=int, metavar="C", help=fixed % 3)
    parser.add_argument("--features", type=int, metavar="M", help=fixed % 2)
    parser.add_argument(
        "--of",
        metavar="NAME",
        help="which of the numbers that a page differentiates (the last one)",
    )
    parser.add_argument(
        "--size",
        metavar="C=3",
        action="append",
        type=size,
        help=f"a size of a page, for {' and '.join(FIXED_SIZE)}; once for each",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to a file")
    parser.set_defaults(run=_emit)


def _emit(options: argparse.Namespace, console: Console) -> int:
    kernel = _emitted(find([options.page])[0], options)
    if options.output:
        write(options.output, kernel.source)
    elif sys.stdout.isatty():
        console.print(Syntax(kernel.source, kernel.language.lower(), background_color="default"))
    else:
        print(kernel.source)
    return HOLDS


def _emitted(page: Page, options: argparse.Namespace) -> Kernel | PageKernel:
    """The kernel that is asked for. Raises ValueError, with one sentence, where there is none."""
    sizes = None if options.size is None else dict(options.size)
    if options.line is not None:
        return emit(page[options.line], options.target or PAGE_TARGETS[0], sizes=sizes)
    try:
        loss = page.loss
    except NotInEntries:
        loss = None
    if loss is None or options.of is not None or sizes is not None:
        return emit(page, options.target or PAGE_TARGETS[0], of=options.of, sizes=sizes)
    target = options.target or "codegen"
    classes, features = options.classes, options.features
    if target in FIXED_SIZE:
        classes, features = 3 if classes is None else classes, 2 if features is None else features
    return emit(loss, target, classes=classes, features=features)
