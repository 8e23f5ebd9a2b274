"""Formulas at random, as trees, and how a person writes them: no more brackets than are needed."""

from hypothesis import strategies as st

from gradbook.page import tree as t
from gradbook.page.source import Span

HERE = Span(0, 0)


def name(head, *below, above=()):
    return t.Name(HERE, head, tuple(map(name, below)), tuple(map(name, above)))


def numbers(indices):
    """Formulas that are numbers, with these indices."""
    entry = st.sampled_from(indices.get("m", []) or ["b"])
    row = st.sampled_from(indices["C"])
    atoms = st.one_of(
        st.integers(0, 3).map(lambda n: t.Number(HERE, str(n))),
        st.just(name("lambda")),
        st.tuples(st.sampled_from("uv"), entry).map(lambda pair: name(*pair)),
        st.tuples(row, entry).map(lambda pair: name("W", *pair)),
        entry.map(lambda b: name("x", b, above=("i",))),
        st.just(t.Product(HERE, (t.Transposed(HERE, name("u")), name("A"), name("v")), ("", ""))),
        st.just(t.Power(HERE, t.Call(HERE, "norm", (name("u"),)), t.Number(HERE, "2"))),
    )
    return st.recursive(atoms, lambda inner: deeper(inner, indices), max_leaves=6)


def deeper(inner, indices):
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    signs = st.lists(st.sampled_from([1, -1]), min_size=3, max_size=3)
    comparison = st.tuples(inner, inner).map(
        lambda pair: t.Indicator(HERE, (t.Chain(HERE, pair, (t.Relation(HERE, ">"),)),))
    )
    return st.one_of(
        st.tuples(several, signs).map(
            lambda found: t.Sum_(HERE, tuple(zip(found[1], found[0], strict=False)))
        ),
        several.map(lambda found: t.Product(HERE, found, ("·",) * (len(found) - 1))),
        several.map(lambda found: t.Product(HERE, found, ("",) * (len(found) - 1))),
        st.tuples(inner, inner).map(
            lambda pair: t.Quotient(HERE, pair[0], t.Sum_(HERE, ((1, TWO), (1, squared(pair[1])))))
        ),
        inner.map(squared),
        inner.map(lambda u: t.Call(HERE, "max", (t.Number(HERE, "0"), u))),
        comparison,
        inner.map(lambda u: total("k", u, ())),
        inner.map(lambda u: total("k", u, (t.Chain(HERE, (name("k"), name("j")), NOT_EQUAL),))),
    )


TWO = t.Number(HERE, "2")
NOT_EQUAL = (t.Relation(HERE, "\\ne"),)


def squared(u):
    return t.Power(HERE, u, TWO)


def total(index, of, conditions):
    """Σ_k of what has a W_{k b} in it, so that k is used."""
    of = t.Product(HERE, (name("W", index, "b"), of), ("",))
    return t.Total(HERE, "sum", (name(index),), None, None, conditions, of)


def latex(node):
    """As a person writes it."""
    match node:
        case t.Number(text=text):
            return text
        case t.Name(head=head, below=below, above=above):
            hangs = f"_{{{' '.join(map(latex, below))}}}" if below else ""
            head = f"\\{head}" if len(head) > 1 else head
            return head + hangs + (f"^{{({latex(above[0])})}}" if above else "")
        case t.Sum_(terms=terms):
            written = "".join(f" {'+' if sign > 0 else '-'} {term(of)}" for sign, of in terms)
            return written.removeprefix(" + ").strip()
        case t.Product(factors=factors, signs=signs):
            written = factor(factors[0])
            for sign, of in zip(signs, factors[1:], strict=True):
                digit = sign == "" and isinstance(of, t.Number)
                written += f" \\cdot {factor(of)}" if sign else f" {bracketed(of, digit)}"
            return written
        case t.Quotient(above=above, below=below):
            return f"\\frac{{{latex(above)}}}{{{latex(below)}}}"
        case t.Power(base=base, exponent=exponent):
            norm = isinstance(base, t.Call) and base.function == "norm"
            plain = isinstance(base, t.Number) or norm or (isinstance(base, t.Name) and base.plain)
            return f"{latex(base) if plain else f'({latex(base)})'}^{latex(exponent)}"
        case t.Transposed(of=of):
            return f"{latex(of)}^\\top"
        case t.Call(function="norm", arguments=(of,)):
            return f"\\| {latex(of)} \\|"
        case t.Call(function=function, arguments=arguments):
            return f"\\{function}({', '.join(map(latex, arguments))})"
        case t.Indicator(conditions=conditions):
            return f"\\mathbb{{1}}\\{{{', '.join(map(latex, conditions))}\\}}"
        case t.Chain(sides=sides, relations=relations):
            return f"{latex(sides[0])} {relations[0].sign} {latex(sides[1])}"
        case t.Total(letters=(letter,), conditions=conditions, of=of):
            under = ", ".join(map(latex, conditions)) or latex(letter)
            return f"\\sum_{{{under}}} {latex(of)}"
    raise TypeError(node)


def term(node):
    return f"({latex(node)})" if isinstance(node, t.Sum_ | t.Total) else latex(node)


def factor(node):
    return bracketed(node, isinstance(node, t.Sum_ | t.Total | t.Product))


def bracketed(node, brackets):
    return (
        f"({latex(node)})"
        if brackets or isinstance(node, t.Sum_ | t.Product | t.Total)
        else latex(node)
    )
