"""Sources that were printed before: for the same content, derived and checked once.

What is kept is text, by a key that has in it everything it depends on: the loss, node by node; what
was asked for; every source file of gradbook; and the versions of Python, SymPy, mpmath and NumPy.
Where it cannot be told whether two contents are one, nothing is kept, and everything is derived,
proved and checked anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import mpmath
import numpy
import sympy
from sympy import Basic, IndexedBase, Number, NumberSymbol, Symbol, preorder_traversal, srepr
from sympy.core.symbol import Str
from sympy.logic.boolalg import BooleanAtom

from gradbook.emit import cache as files
from gradbook.loss import Loss
from gradbook.penalty import L2

VERSIONS = (sys.version, sympy.__version__, mpmath.__version__, numpy.__version__)

#: A source file that is newer than this is not what runs here.
STARTED = time.time_ns()


def kept(
    made: Callable[[], str], compared: Callable[[str], None], loss: Loss, *asked: object
) -> str:
    """The text that `made` returns for a loss, from an earlier time if there was one.

    compared: raises an exception for a text that is wrong. It is asked once, before the text is
    kept. asked: what else the text depends on; each must show all that it is in its `repr`.
    """
    key = key_for(loss, *asked)
    if key is not None and (found := files.found(key, "txt")):
        return found[1].decode()
    text = made()
    compared(text)
    if key is None:
        return text
    with suppress(OSError):  # then it is made again the next time
        files.keep(text.encode(), key, "txt")
    return text


def key_for(loss: Loss, *asked: object) -> str | None:
    """What a text for this loss is kept by; None if it must not be kept."""
    own, program = content(loss), running()
    if own is None or program is None:
        return None
    return files.key_of(*VERSIONS, program, own, *map(repr, asked))


def content(loss: Loss) -> str | None:
    """Everything that a loss is; None for one that a text cannot tell from others.

    That is one with a function or a class of one's own, whose meaning is elsewhere, and one with
    letters that are told apart by number, such as SymPy's Dummy.
    """
    if type(loss) is not Loss or type(loss.penalty) not in (L2, type(None)):
        return None
    formulas: list[Basic] = [loss.formula]
    formulas += [part for pair in loss.parameters for part in pair]
    penalty = loss.penalty
    if penalty is not None:
        formulas += [penalty.strength, penalty.factor]
    if not all(_is_told(node) for formula in formulas for node in preorder_traversal(formula)):
        return None
    rest = (loss.name, loss.key, loss.weighted, penalty and penalty.bias)
    return json.dumps([rest, sorted(loss.cites.items()), list(map(srepr, formulas))])


def _is_told(node: Basic) -> bool:
    """Whether a text says everything of a node: its class, and what it is beside its parts."""
    kind = type(node)
    if str(kind.__module__).partition(".")[0] not in ("sympy", "gradbook"):
        return False
    if isinstance(node, Symbol | IndexedBase):
        return kind in (Symbol, IndexedBase) or kind.__module__ == "gradbook.notation"
    return bool(node.args) or isinstance(node, Number | NumberSymbol | BooleanAtom | Str)


@cache
def running() -> str | None:
    """A digest of all of gradbook, as it runs here; None where that cannot be told."""
    return digest_of(Path(__file__).parents[1], STARTED)


def digest_of(folder: Path, started: int) -> str | None:
    """A digest of the source files of a package, with their names.

    None where there are none, or where one is newer than what started then, and does not run.
    """
    digest = hashlib.sha256()
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".c"))
    for path in paths:
        try:
            about, text = path.stat(), path.read_bytes()
        except OSError:  # somebody is changing it
            return None
        if max(about.st_mtime_ns, about.st_ctime_ns) > started:
            return None
        name = str(path.relative_to(folder))
        digest.update(f"{len(name)} {name} {len(text)} ".encode() + text)
    return digest.hexdigest() if paths else None
