"""The process that reads files: it runs nothing of them, and says which functions there are, and
which small changes of one.

It is started by `reading`, for all files of a folder: a file of many megabytes, or of endless
parentheses, ends this process and no other.
"""

from __future__ import annotations

import ast
import os
import socket
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from gradbook.mend.change import shown
from gradbook.mend.slips import Slip, slips
from gradbook.subjects.candidates import ANOTHER_LOSS, candidates, left_out, looks_like
from gradbook.subjects.channel import from_socket, message, receive, receive_array
from gradbook.subjects.guard import die_after, die_with, guard
from gradbook.subjects.source import LEFT_OUT, NOT_FILLED_IN, Source, parsed
from gradbook.subjects.subject import Obstacle

#: So many functions of one file are told, and changes of so many characters at a time.
_MOST, _TEXT = 1000, 100_000
_NO_CANDIDATE, _ANOTHER = "no candidate", "another function"
#: What asks for the shape of something alone, and what acts.
_SHAPES = ("shape", "size", "ndim", "dtype")
_LIKE = ("zeros", "zeros_like", "empty", "empty_like", "len")
_ACTS = (ast.Call, ast.BinOp, ast.Compare, ast.Subscript, ast.For, ast.While, ast.FunctionDef)


def main(descriptor: int, life: int) -> None:
    """Reads what is sent to the socket `descriptor`, for as long as whoever asks is there."""
    die_with(life)
    channel = socket.socket(fileno=descriptor)
    into = from_socket(channel)
    limited = False
    try:
        while True:
            die_after(0, 0)
            number, task, size = receive(None, into)
            text = receive_array((size,), np.dtype(np.uint8), into).tobytes()
            if not limited:
                guard(task["memory"], task["file_size"], ())
                limited = True
            die_after(task["seconds"], task["waiting"])
            for buffer in message(number, _told(task, text)):
                channel.sendall(buffer)
    except (EOFError, ConnectionError):
        os._exit(0)


def _told(task: dict[str, Any], text: bytes) -> dict[str, Any]:
    """What is asked of a file, or why that cannot be told."""
    path = Path(task["file"])
    try:
        source = _source(path, text)
        if "change" in task:
            index, changed = task["change"]
            return {"shown": shown(source.pieces[index], changed)}
        if "roles" in task:
            found = _slips(path, text, task["name"], tuple(task["roles"].items()))[task["first"] :]
            lengths = accumulate(len(slip.text) for slip in found)
            count = sum(length <= _TEXT for length in lengths)
            return {"slips": [[slip.index, slip.text] for slip in found[: max(1, count)]]}
        return _functions(source, task.get("letters") or {})
    except Obstacle as obstacle:
        return {"obstacle": str(obstacle)[:1000], "code": obstacle.code}
    except (MemoryError, RecursionError):
        return {"obstacle": f"{path.name} is too large to be read", "code": "unreadable"}


@lru_cache(maxsize=1)
def _source(path: Path, text: bytes) -> Source:
    return parsed(path, text)


@lru_cache(maxsize=1)
def _slips(path: Path, text: bytes, name: str, roles: tuple[tuple[str, str], ...]) -> list[Slip]:
    return slips(_source(path, text), name, dict(roles))


def _functions(source: Source, letters: Mapping[str, list[str]]) -> dict[str, Any]:
    """Each function, and what is in the way of judging it; or why there is none to be judged."""
    names = candidates(source, letters)
    others = left_out(source, names, letters)
    if not names:
        why, code = _without(source, others, f"looks like {looks_like(letters)}")
        return {"obstacle": why[:1000], "code": code}
    blank = ["it is not filled in", NOT_FILLED_IN]
    rows = [[name, *(blank if _is_blank(source, name) else ["", ""])] for name in names]
    rows += [[name, why[:1000], LEFT_OUT] for name, why in others.items()]
    return {"functions": rows[:_MOST]}


def _without(source: Source, others: Mapping[str, str], none: str) -> tuple[str, str]:
    if source.unread:
        first = source.unread[0]
        return f"no function that can be read {none}: {first}", first.code
    said = [f"{name} ({why})" for name, why in others.items()]
    there = f"its functions: {', '.join(said[:8])}{', …' * (len(said) > 8)}"
    code = _ANOTHER if ANOTHER_LOSS in others.values() else _NO_CANDIDATE
    return f"no function {none}; {there if said else 'it has none'}", code


def _is_blank(source: Source, name: str) -> bool:
    """Whether a function is as it was handed out: of what it is given, it uses at most shapes."""
    owner, _, called = name.rpartition(".")
    body = source.classes[owner].body if owner else list(source.functions.values())
    nodes = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == called]
    if not nodes:
        return False
    parts = list(_parts(nodes[-1].body))
    own = {part.id for part in parts if isinstance(part, ast.Name) and _is_set(part)}
    return not any(
        isinstance(part, _ACTS) or (isinstance(part, ast.Name) and part.id not in own)
        for part in parts
    )


def _parts(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a body, but for shapes, what is made of shapes alone, and what is raised."""
    stack: list[ast.AST] = [*body]
    while stack:
        node = stack.pop()
        if not _is_of_shape(node):
            yield node
            stack += ast.iter_child_nodes(node)


def _is_of_shape(node: ast.AST) -> bool:
    """np.zeros_like(W), W.shape[0], or an error that says that nothing is there yet."""
    if isinstance(node, ast.Subscript):
        return _is_of_shape(node.value)
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] in _LIKE
    return isinstance(node, ast.Raise) or (isinstance(node, ast.Attribute) and node.attr in _SHAPES)


def _is_set(name: ast.Name) -> bool:
    return not isinstance(name.ctx, ast.Load)
