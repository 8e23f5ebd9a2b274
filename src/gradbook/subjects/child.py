"""The process of a subject: it loads one function, and answers call after call until it is ended.

Started by `isolated`, without the rest of gradbook: what is judged meets Python, NumPy and this.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from gradbook.subjects import calls, channel, forms, returned, stand_ins
from gradbook.subjects.apart import keep_apart
from gradbook.subjects.calls import Caller, clause
from gradbook.subjects.channel import (
    Receive,
    answer_to_data,
    call_from_message,
    from_socket,
    message,
    receive,
    receive_array,
)
from gradbook.subjects.guard import die_after, die_with, guard
from gradbook.subjects.loading import Loaded, Loader
from gradbook.subjects.subject import Answer, Obstacle


def main(descriptor: int, life: int) -> None:
    """Serves the judge at the socket `descriptor` for as long as the judge is there.

    life: another socket, whose other end is closed with the judge.
    """
    die_with(life)
    try:
        _serve(socket.socket(fileno=descriptor))
    except (EOFError, ConnectionError):
        os._exit(0)


def _serve(judge: socket.socket) -> None:
    """Reads what to load and then what to call, and answers."""
    into = from_socket(judge)
    number, task, _ = receive(None, into)
    out_of_memory = f"needs more than {task['memory'] / 2**30:g} GiB of memory"
    send = partial(_send, judge.sendall, task["magic"].encode())
    stand_ins.install()
    keep_apart([calls, channel, forms, returned])
    path = _unpack(task["files"], into)
    guard(task["memory"], task["file_size"], task["readable"])
    die_after(task["loading"], task["waiting"])
    try:
        loader = Loader(path, task["name"])
        loaded = loader.load(*task["edited"])
    except Obstacle as obstacle:
        send(number, {"obstacle": str(obstacle)[:1000]})
        return
    except MemoryError:
        send(number, {"obstacle": f"loading it {out_of_memory}"})
        return
    call = Caller(loaded.function, out_of_memory)
    send(number, _known(call, loaded))
    while True:
        die_after(0, 0)
        number, content, _ = receive(None, into)
        if "edited" in content:
            die_after(task["loading"], task["waiting"])
            call, content = _loaded_anew(loader, content["edited"], call, out_of_memory)
            send(number, content)
            continue
        arguments, keywords = call_from_message(content, into)
        die_after(task["seconds"], task["waiting"])
        began = process_time()
        try:
            answer = call(arguments, keywords)
            content, arrays = answer_to_data(answer, process_time() - began)
        except MemoryError:
            content, arrays = answer_to_data(Answer(error=out_of_memory), process_time() - began)
        except BaseException as raised:  # an interrupt that nobody at a keyboard caused, say
            error = Answer(error=clause(raised), raised=type(raised).__name__)
            content, arrays = answer_to_data(error, process_time() - began)
        send(number, content, arrays)


def _unpack(files: Sequence[tuple[str, int]], into: Receive) -> Path:
    """Writes files into this process's own folder. The first is the one that is judged."""
    for name, size in files:
        path = Path.cwd() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(receive_array((size,), np.dtype(np.uint8), into).data)
    if len(files) > 1:
        # Before what is installed, but after Python's own: one of them may be called random.py.
        installed = (i for i, place in enumerate(sys.path) if place.endswith("-packages"))
        sys.path.insert(next(installed, len(sys.path)), str(Path.cwd()))
    return Path.cwd() / files[0][0]


def _known(call: Caller, loaded: Loaded) -> dict[str, Any]:
    return {
        "parameters": call.parameters[:100],
        "defaults": {name: _short(value) for name, value in call.defaults.items()},
        "call": [line[:1000] for line in call.call[:20]],
        "numbers": loaded.numbers[:100],
        "remarks": [remark[:1000] for remark in loaded.remarks[:20]],
    }


def _loaded_anew(
    loader: Loader, edited: tuple[int, str], before: Caller, out_of_memory: str
) -> tuple[Caller, dict[str, Any]]:
    """The function with other words in one statement; if it cannot be had so, the one before."""
    try:
        loaded = loader.load(*edited)
    except (Obstacle, MemoryError) as error:
        return before, {"obstacle": str(error)[:1000] or "needs more memory than there is"}
    call = Caller(loaded.function, out_of_memory)
    return call, _known(call, loaded)


def _short(value: Any) -> Any:
    return value[:200] if isinstance(value, str) else value


def _send(
    sendall: Callable[[Any], None],
    magic: bytes,
    number: int,
    content: Mapping[str, Any],
    arrays: Sequence[np.ndarray] = (),
) -> None:
    with contextlib.suppress(Exception):  # the function may have closed or replaced it
        sys.stdout.flush()  # so that what it printed counts before its answer does
    for buffer in message(number, content, arrays, magic):
        sendall(buffer)
