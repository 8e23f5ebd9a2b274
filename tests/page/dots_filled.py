"""Trees of a page, compared: what stands between x_1 and x_m, and trees without their places."""

from dataclasses import fields, is_dataclass, replace

from gradbook.page import tree as t


class NotRead(Exception):
    """A part that the second reading does not know."""


def filled(items, reading):
    """1, x_1, …, x_m with what stands between x_1 and x_m."""
    found = []
    for place, each in enumerate(items):
        if not isinstance(each, t.Dots):
            found.append(each)
            continue
        if not 0 < place < len(items) - 1:
            raise NotRead("dots at an end")
        first, last = ends(items[place - 1], items[place + 1], reading)
        found += [between(items[place - 1], items[place + 1], k) for k in range(first + 1, last)]
        if last <= first:  # x_1 is x_m, or there is neither
            raise NotRead("dots between one")
    return found


def ends(one, other, reading):
    """The two indices in which both parts differ, as numbers."""
    differ = list(differences(one, other))
    if not differ:
        raise NotRead("dots between the same")
    found = {tuple(map(reading.index, pair)) for pair in differ}
    if len(found) != 1:
        raise NotRead("dots in two indices")
    return found.pop()


def is_index(part):
    return isinstance(part, t.Number) or (isinstance(part, t.Name) and part.plain)


def differences(one, other):
    if one == other or type(one) is type(other) is t.Span:
        return
    if is_index(one) and is_index(other):
        yield from [] if same(one, other) else [(one, other)]
        return
    if type(one) is not type(other):
        raise NotRead("dots between others")
    if isinstance(one, tuple) and len(one) == len(other):
        for pair in zip(one, other, strict=True):
            yield from differences(*pair)
    elif is_dataclass(one):
        for each in fields(one):
            if each.name != "span":
                yield from differences(getattr(one, each.name), getattr(other, each.name))
    else:
        raise NotRead("dots between others")


def same(one, other):
    return without_places(one) == without_places(other)


def between(one, other, k):
    """The first part, with k for the index in which it differs from the other."""
    if is_index(one) and is_index(other):
        return one if same(one, other) else t.Number(one.span, str(k))
    if isinstance(one, tuple):
        return tuple(between(*pair, k) for pair in zip(one, other, strict=True))
    if not is_dataclass(one):
        return one
    changed = {
        each.name: between(getattr(one, each.name), getattr(other, each.name), k)
        for each in fields(one)
        if each.name != "span"
    }
    return replace(one, **changed)


def without_places(part):
    """A tree without its places, and without brackets."""
    if isinstance(part, t.Group):
        return without_places(part.inner)
    if isinstance(part, tuple):
        return tuple(map(without_places, part))
    if not is_dataclass(part):
        return part
    parts = (without_places(getattr(part, f.name)) for f in fields(part) if f.name != "span")
    return (type(part).__name__, *parts)
