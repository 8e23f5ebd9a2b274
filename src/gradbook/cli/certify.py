"""`gradbook certify`: a page as a script for the proof checker Coq."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console

from gradbook.cli.status import HOLDS
from gradbook.writing import write


def add_certify(commands: Any) -> None:
    """Adds the command to the others."""
    parser = commands.add_parser(
        "certify",
        help="write what a page rests on as a proof that Coq checks",
        description="Writes a script for Coq (apt install coq; coqc FILE.v) of every loss of the "
        "page that is a sum over the other classes, or of a total over all: its slopes in every "
        "region, that they are subgradients of the sum, and that they add up to 0, for every "
        "number of classes. It is made of what the page says: with a wrong slope, Coq refuses it.",
    )
    parser.add_argument("page", help="a file, or a name in derivation/")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="write DIR/PAGE.v")
    parser.set_defaults(run=_certify)


def _certify(options: argparse.Namespace, console: Console) -> int:
    from gradbook.certify import certificate
    from gradbook.page.discover import find

    page = find([options.page])[0]
    script = certificate(page)
    if options.output is None:
        print(script, end="")
        return HOLDS
    path = options.output / f"{page.path.stem}.v"
    write(path, script)
    console.print(f"certificate: {path}", style="dim", highlight=False, soft_wrap=True)
    return HOLDS
