"""Which functions of a file, and which files of a folder, look like what can be judged."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradbook.subjects.made import chain, node_of
from gradbook.subjects.methods import methods, own_parameters, state_of
from gradbook.subjects.names import OF_SCORES, SIZES, is_of_the_first, last_name, not_alone, role_of
from gradbook.subjects.parameters import EMPTY, Leaf, Node, inner_functions, parameters_of
from gradbook.subjects.promises import promised
from gradbook.subjects.source import Source

#: Why a function is no candidate.
ANOTHER_LOSS = "by its name it is another loss"
#: Words in a function's name that say that it is no loss, or none of the scores of classes.
_NO_LOSS = re.compile(
    r"train|predict|accuracy|check|numeric|plot|show|draw|test|fit|descent|sgd|optimi[sz]e"
    r"|minimi[sz]e|load|main"
)
_OTHER = re.compile(
    r"logistic|logreg|sigmoid|mse|squared|l2_loss|lasso|perceptron|score|eval|update"
)
#: Words that say that it counts, or estimates, unless it is called a loss.
_NO_LOSS_EITHER = re.compile(r"correct|num$|(^|_)acc(_|$)")
#: Words that say that it is this one, or may be.
_A_LOSS = re.compile(
    rf"{OF_SCORES.pattern}|margin|loss|grad|cost|objective|kernel|perte|co[uû]t|p[eé]rdida|costo"
    r"|custo|perda|verlust|kosten|perdita"
)
#: And words for the two halves of it.
_A_HALF = re.compile(r"forward|^f$|^fun|value|energy|risk|^j$|^l$")
_A_GRADIENT = re.compile(r"grad|backward|jac|deriv|^d_?w$|^df$|^g$")
#: Words that training is not called by.
_SURELY = re.compile(r"hinge|softmax|margin|loss|grad|cost|objective")
#: Parameters that a loss of weights has no use for, unless they need not be given: those of
#: training and of differences, and scores in place of weights.
_FOREIGN = re.compile(
    r"lr|learning_?rate|eta|epochs?|n_?epochs?|num_?(iters?|epochs)|n_?iter.*|iters?|batch_?size"
    r"|max_?iter.*|steps?|[Xxy]_?(val|test)|momentum|h|eps|epsilon|delta_?h"
    r"|step_?size|f|scores?|logits?|preds?|predictions?|outputs?|y_?(pred|hat)"
)
_SCORES = re.compile(r"f|scores?|logits?|preds?|predictions?|outputs?|y_?(pred|hat)")


@dataclass(frozen=True)
class _Found:
    """Something of a file that can be called, and what it takes."""

    name: str
    node: Node
    leaves: tuple[Leaf, ...]

    @property
    def called(self) -> str:
        return self.name.rpartition(".")[2].lower()

    @property
    def names(self) -> list[str]:
        return [leaf.name for leaf in self.leaves]

    @property
    def required(self) -> list[str]:
        return [leaf.name for leaf in self.leaves if leaf.default is EMPTY]

    @property
    def gives_a_gradient(self) -> bool:
        return isinstance(self.node, ast.FunctionDef) and promised(self.node).gradient


#: The letters of a page, and what parameters are called as, by their roles, that may be one.
Letters = Mapping[str, Sequence[str]]


def candidates(source: Source, letters: Letters | None = None) -> list[str]:
    """The functions that look like a loss of weights, examples and labels, by their own names, or
    that take the letters of a page.

    They take at least three parameters, one of which is called as labels are; and either one is
    called as weights are and one as examples, or the function itself as a loss is. What is made by
    a function or a class counts with what its maker takes. A method that is called as a loss is
    counts as well, as "Class.method"; in place of a parameter it may read self.W. A loss and its
    gradient that are two functions are one, "loss+gradient". One whose name begins with an
    underscore counts where there is no other; and where none is called so, any function or method
    counts that no other function calls, and that compares or takes a maximum.
    """
    functions = [*_functions(source)]
    likely = [one for one in functions if _is_likely(one) or _takes(one, letters or {})]
    likely = [one for one in likely if not _helps(source, one, likely)]
    found = _paired(functions, likely)
    for owner, node in source.classes.items():
        of_class = [*_methods(source, owner, node)]
        likely = [one for one in of_class if _is_one_of(source, node, one)]
        found += _paired(of_class, likely)
        functions += of_class
    found = [name for name in found if not _is_private(name)] or found
    return found or [one.name for one in functions if _may_be_one(source, one)]


def left_out(
    source: Source, found: Sequence[str], letters: Letters | None = None
) -> dict[str, str]:
    """Every other function and method, in the order of the file, and why it is no candidate.

    found: the candidates; of two that are one, both.
    """
    judged = {
        f"{one.rpartition('.')[0]}.{half}".lstrip(".") for one in found for half in _halves(one)
    }
    functions = [*_functions(source)]
    for owner, node in source.classes.items():
        functions += _methods(source, owner, node)
    others = [
        one for one in functions if one.name not in judged and not one.called.startswith("__")
    ]
    return {one.name: _why_not(source, one, looks_like(letters)) for one in others}


def looks_like(letters: Letters | None) -> str:
    """What is looked for."""
    return (
        f"a loss of {', '.join(each.rstrip('_') for each in letters)}"
        if letters
        else "a loss of W, X and y"
    )


def _halves(name: str) -> list[str]:
    """Of "A.loss+grad", loss and grad."""
    return name.rpartition(".")[2].split("+")


def _why_not(source: Source, one: _Found, looked_for: str) -> str:
    if alone := not_alone(one.required):
        return f"a backward pass alone: {alone}"
    if _NO_LOSS.search(one.called):
        return "by its name it is no loss"
    if _OTHER.search(one.called) and _A_LOSS.search(one.called):
        return ANOTHER_LOSS
    if any(one.name in p.uses for p in source.pieces if one.name not in p.binds):
        return "another function calls it"
    return f"its name and parameters are not those of {looked_for}"


def _is_private(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last.startswith("_") and last != "__call__"


def _functions(source: Source) -> Iterator[_Found]:
    """The functions of the top level, and what has been made of functions and classes."""
    wrapped = {
        inner.id
        for value in source.values.values()
        if isinstance(value, ast.Call)
        for inner in value.args
        if isinstance(inner, ast.Name)
    }
    for name, node in source.functions.items():
        if not _has_self(node) and name not in wrapped:
            makers, inner = chain(node) if inner_functions(node) else ([node], ())
            yield _Found(name, node, _leaves(source, [*makers, *inner[:1]]))
    for name, value in source.values.items():
        made = node_of(source, name) if isinstance(value, ast.Call | ast.Lambda) else None
        if made is None:
            continue
        leaves = _leaves(source, [made])
        if isinstance(value, ast.Call) and isinstance(made, ast.FunctionDef):
            leaves = leaves[1:] if _has_self(made) else leaves
            bound = {k.arg for k in value.keywords}
            given = len(value.args) - 1 if "partial" in ast.unparse(value.func) else 0
            leaves = tuple(leaf for leaf in leaves[given:] if leaf.name not in bound)
        yield _Found(name, made, leaves)


def _leaves(source: Source, nodes: Sequence[Node]) -> tuple[Leaf, ...]:
    every = [leaf for n in nodes for p in parameters_of(n, source.functions) for leaf in p.leaves]
    return tuple({leaf.name: leaf for leaf in every}.values())


def _methods(source: Source, owner: str, node: ast.ClassDef) -> Iterator[_Found]:
    for name, method in methods(node).items():
        own = [leaf for one in own_parameters(method, source.functions) for leaf in one.leaves]
        yield _Found(f"{owner}.{name}", method, tuple(own))


def _is_likely(one: _Found) -> bool:
    return _of_scores(one.called, one.required) or _looks_like_one(one)


def _takes(one: _Found, letters: Letters) -> bool:
    """Whether each letter may be a parameter, and what else must be given is no letter by its role.

    What the names of parameters leave open, a function that is called as a loss is may have.
    """
    if not letters or _NO_LOSS.search(one.called):
        return False
    open_ = _A_LOSS.search(one.called) or _A_HALF.search(one.called)

    def may_be(name: str, letter: str) -> bool:
        role = role_of(name)
        return last_name(name) == letter or (role in letters[letter] and bool(role or open_))

    def fit(rest: Sequence[str], names: Sequence[str]) -> bool:
        if not rest:
            required = [role_of(name) for name in names if name in one.required]
            return set(required) <= {"reg", *SIZES} and required.count("reg") < 2
        there = [name for name in names if may_be(name, rest[0])]
        own = [name for name in there if last_name(name) == rest[0]]
        return any(fit(rest[1:], [n for n in names if n != name]) for name in own or there)

    return fit([*letters], one.names)


def _helps(source: Source, one: _Found, likely: Sequence[_Found]) -> bool:
    """Whether it is no loss by its name, and another that looks like one calls it."""
    if re.search(rf"loss|cost|grad|objective|{OF_SCORES.pattern}", one.called):
        return False
    others = {other.name for other in likely if other is not one}
    return any(one.name in p.uses for p in source.pieces if p.defines and p.defines.name in others)


def _of_scores(called: str, names: list[str]) -> bool:
    """Whether it looks like a layer of a network: (scores, y) -> (loss, gradient)."""
    if len(names) != 2 or role_of(names[1]) != "y" or _NO_LOSS.search(called):
        return False
    if names[0] in ("x", "s", "z"):
        this = re.compile(r"svm|softmax")
    else:  # what is predicted may be probabilities
        this = OF_SCORES if role_of(names[0]) == "scores" else re.compile(r"svm|hinge|softmax")
    return bool(re.fullmatch(rf"[xsz]|{_SCORES.pattern}", names[0]) and this.search(called))


def _is_one_of(source: Source, node: ast.ClassDef, one: _Found) -> bool:
    """Whether a method is called a loss, and has written something of it itself.

    What a class has else, such as a step of training, is its own affair.
    """
    owner, method = node.name.lower(), one.node
    assert isinstance(method, ast.FunctionDef)
    if _OTHER.search(owner) and not OF_SCORES.search(owner):
        return False
    state = state_of(source, node, [method])
    data = {"W", "X", "y", "b"} & {*map(role_of, state)}
    if not data and _of_scores(f"{owner}_{one.called}", one.required):
        return not _passes_on(method)
    if "W" not in map(role_of, [*state, *one.names]):
        return False
    called = owner if one.called == "__call__" else one.called
    if not (_A_LOSS.search(called) or _A_HALF.search(called) or one.called == "__call__"):
        return False
    given = (*(Leaf(name) for name in state), *one.leaves)
    return _looks_like_one(_Found(called, method, given)) and not _passes_on(method)


def _paired(every: Sequence[_Found], likely: Sequence[_Found]) -> list[str]:
    """The names of what is likely; where a loss has its gradient in another, of both as one."""
    names = [one.name for one in likely]
    losses = [
        one for one in likely if not _A_GRADIENT.search(one.called) and not one.gives_a_gradient
    ]

    def of_its_own(gradient: _Found) -> bool:
        return any(_stem(other.called) == _stem(gradient.called) for other in losses)

    for one in sorted(every, key=of_its_own, reverse=True):
        if not _A_GRADIENT.search(one.called) or _NO_LOSS.search(one.called):
            continue
        if _returns_its_loss(one):
            continue
        if _A_LOSS.sub("", one.called) != one.called and re.search(
            "loss|cost|objective", one.called
        ):
            first = re.match(r"(loss|cost)_?(and|_)?_?grad|grad\w*_(and|loss|cost)", one.called)
            if first or re.search("and", one.called):
                continue
        fitting = [other for other in losses if _fits(other, one)]
        if not fitting:
            continue
        stems = [other for other in fitting if _stem(other.called) == _stem(one.called)]
        first_half = (stems or fitting)[-1]
        pair = f"{first_half.name}+{one.name.rpartition('.')[2]}"
        names = [name for name in names if name not in (first_half.name, one.name)]
        names.append(pair)
        losses = [other for other in losses if other is not first_half]
    return names


def _returns_its_loss(gradient: _Found) -> bool:
    """Whether what it returns has a loss in it already, as it is called there."""
    if not isinstance(gradient.node, ast.FunctionDef):
        return False
    names = promised(gradient.node).names
    return len(names) > 1 and any(re.search("loss|cost|objective", name) for name in names)


def _stem(called: str) -> str:
    """What is left of a name without the words for a loss or a gradient."""
    words = r"loss|cost|objective|grad(ient)?s?|forward|backward|jac(obian)?|value|fun|deriv\w*"
    return re.sub(rf"_|{words}", "", called)


def _fits(loss: _Found, gradient: _Found) -> bool:
    """Whether the one can be given what the other is, or what that has kept."""
    own = [leaf for leaf in gradient.leaves if not is_of_the_first(leaf.name.lower())]
    if isinstance(gradient.node, ast.Lambda) or gradient.name == loss.name:
        return False
    given = {role_of(name) or name for name in loss.names}
    return all(
        leaf.default is not EMPTY or (role_of(leaf.name) or leaf.name) in given for leaf in own
    )


def _may_be_one(source: Source, one: _Found) -> bool:
    """Whether a function of any name compares, or takes a maximum, and nothing calls it."""
    roles = {role_of(name) for name in one.names}
    told = roles >= {"W", "X", "y"} and (_A_LOSS.search(one.called) or "eval" in one.called)
    if not 3 <= len(one.required) <= 6 or (_is_another(one.called) and not told):
        return False
    if any(_FOREIGN.fullmatch(name) for name in one.required):
        return False
    used = {name for piece in source.pieces if one.name not in piece.binds for name in piece.uses}
    compares = any(
        isinstance(part, ast.Compare)
        or (isinstance(part, ast.Attribute) and part.attr == "maximum")
        for part in ast.walk(one.node)
    )
    return compares and one.name not in used


def _passes_on(method: ast.FunctionDef) -> bool:
    """Whether it does no more than to call a function, which is judged itself, or to be there."""
    body = [part for part in method.body if not _is_docstring(part)]
    if len(body) != 1:
        return not body
    call = body[0].value if isinstance(body[0], ast.Return) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
        return call.func.id not in dir(builtins)
    return isinstance(body[0], ast.Pass | ast.Raise)


def _is_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def _has_self(node: Node) -> bool:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return names[:1] in (["self"], ["cls"])


def _is_another(called: str) -> bool:
    """Whether its name says that it is no loss, or another one."""
    if _NO_LOSS.search(called) or (_OTHER.search(called) and not OF_SCORES.search(called)):
        return True
    counts = _NO_LOSS_EITHER.search(called)
    return bool(counts) and not re.search(rf"margin|loss|{OF_SCORES.pattern}", called)


def _looks_like_one(one: _Found) -> bool:
    names, required = one.names, one.required
    if len(names) < 3 or not 2 <= len(required) <= 8 or _is_another(one.called):
        return False
    roles = {role_of(name) for name in names}
    has = [role in roles for role in ("y", "W", "X")]
    of_scores = "scores" in roles and "X" in roles and bool(OF_SCORES.search(one.called))
    for name in required:
        if _FOREIGN.fullmatch(name) and not (of_scores and role_of(name) == "scores"):
            return False
    if any(_SCORES.fullmatch(name) for name in names) and not (all(has) or of_scores):
        return False
    foreign = any(_FOREIGN.fullmatch(given) for given in names) and not of_scores
    surely = _SURELY if foreign else _A_LOSS
    return has[0] and (all(has) or bool(surely.search(one.called)))
