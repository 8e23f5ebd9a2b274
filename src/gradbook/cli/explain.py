"""`gradbook explain`: the faults that `gradbook check` tells by name."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Console

from gradbook import arguments
from gradbook.cli.status import HOLDS


def add_explain(commands: Any) -> None:
    """Adds the command to the others."""
    parser = commands.add_parser("explain", help="say what a fault is that check found")
    parser.add_argument("code", nargs="?", help="such as GB301 (default: a list of all)")
    parser.set_defaults(run=_explain)


def _explain(options: argparse.Namespace, console: Console) -> int:
    from gradbook.judge.faults import faults
    from gradbook.report.explain import explain, explain_all

    known = {fault.code: fault for fault in faults()}
    if options.code is not None and options.code.upper() not in known:
        given = arguments.shown(options.code)
        close = arguments.meant(options.code, known)
        raise ValueError(f"code must be that of a fault, such as GB301, not {given}{close}")
    one = options.code and known[options.code.upper()]
    shown = explain(one) if one else explain_all(tuple(known.values()))
    console.print(shown, highlight=False, markup=False, soft_wrap=True)
    return HOLDS
