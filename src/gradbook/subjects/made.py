"""Functions that other functions make, and what a name of a file stands for."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from gradbook.subjects.forms import Form, Stage, Use, call_text
from gradbook.subjects.parameters import Node, inner_functions, parameters_of
from gradbook.subjects.promises import Promises, promised
from gradbook.subjects.source import Source


def node_of(source: Source, name: str) -> Node | None:
    """The function that a name is: itself, what it is a partial of, or what makes it gives."""
    if name in source.functions:
        return source.functions[name]
    value = source.values.get(name)
    if isinstance(value, ast.Lambda):
        return value
    if not isinstance(value, ast.Call):
        return None
    called = ast.unparse(value.func).rpartition(".")[2]
    if called in source.classes:
        body = source.classes[called].body
        return next(
            (n for n in body if isinstance(n, ast.FunctionDef) and n.name == "__call__"), None
        )
    maker = source.functions.get(called)
    made = inner_functions(maker) if maker is not None else ()
    if made:
        return made[0] if len(made) == 1 else None
    wrapped = value.args[0] if value.args else None
    return source.functions.get(wrapped.id) if isinstance(wrapped, ast.Name) else None


def chain(node: ast.FunctionDef) -> tuple[list[Node], tuple[Node, ...]]:
    """The functions that make one another, and those that the last of them gives."""
    stages: list[Node] = [node]
    made = inner_functions(node)
    while len(made) == 1 and isinstance(made[0], ast.FunctionDef) and inner_functions(made[0]):
        stages.append(made[0])
        made = inner_functions(made[0])
    return stages, made


def made_by(source: Source, node: ast.FunctionDef, function: Callable[..., Any]) -> Form:
    """What a function makes, as one function of all that it takes and that is made of it."""
    functions = source.functions
    makers, made = chain(node)
    first = parameters_of(makers[0], functions, function)
    later = [parameters_of(each, functions) for each in makers[1:]]
    stages = [Stage(function, first), *(Stage(None, parameters) for parameters in later)]
    used = [parameters_of(each, functions) for each in made]
    line = "f = " + "".join([call_text(node.name, first), *(call_text("", p) for p in later)])
    uses = [
        Use(_place(place, len(used)), parameters, call_text(_called(place, len(used)), parameters))
        for place, parameters in enumerate(used)
    ]
    promises = [promised(each) for each in made if isinstance(each, ast.FunctionDef)]
    gradient = len(uses) > 1 or any(one.gradient for one in promises)
    names = promises[0].names if len(promises) == len(uses) == 1 else ()
    return Form(tuple(uses), tuple(stages), promises=Promises(names, gradient), lines=(line,))


def _called(place: int, count: int) -> str:
    return "f" if count == 1 else f"f[{place}]"


def _place(place: int, count: int) -> Callable[[Any], Callable[..., Any]]:
    return (lambda made: made) if count == 1 else (lambda made: made[place])
