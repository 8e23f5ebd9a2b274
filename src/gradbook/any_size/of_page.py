"""The claims of a page, proved or refuted for any size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from gradbook.any_size.claim import IndexedClaim
from gradbook.any_size.entries import InEntries
from gradbook.any_size.instances import Table
from gradbook.any_size.lines import METHOD, ClaimProof, Refutation, assumptions, prove_claim
from gradbook.any_size.needs import unmet
from gradbook.any_size.page_letters import NotInEntries
from gradbook.arguments import instance
from gradbook.page import Page, PageLine
from gradbook.page.core import ClaimRead, Letter, Range
from gradbook.page.letters import numbered
from gradbook.page.written import head_written
from gradbook.proof import Counterexample, Proof, Status

SIZES = "any size"


def prove_for_any_size(line: PageLine) -> Proof | None:
    """Every claim of the line, up to the first that is false; None where it cannot be read."""
    instance("line", line, PageLine, "a line of a Page")
    started = perf_counter()
    if line.unread or line.code is not None:
        return None
    return replace(_proved(line), seconds=perf_counter() - started)


def _proved(line: PageLine) -> Proof:
    undecided: Proof | None = None
    stated: list[IndexedClaim] = []
    for claim, proof in claim_proofs(line):
        if isinstance(proof, Proof):
            undecided = undecided or proof
            continue
        stated.append(proof.claim)
        if proof.status == "proved":
            continue
        wrong = proof.refutation
        found = Proof(
            proof.status,
            METHOD,
            SIZES if wrong is None else "",
            proof.reason,
            None if wrong is None else counterexample(line.page, claim, wrong),
            span=claim.span,
            link=claim.link,
        )
        if proof.status == "refuted":
            return found
        undecided = undecided or found
    shapes = sum(claim.shape for claim in line.claims)
    status: Status = "proved" if line.claims else "definition"
    said = assumptions(stated) if stated else ()
    counted = (len(line.claims), shapes)
    return undecided or Proof(status, METHOD, SIZES, assumptions=said, counted=counted)


def claim_proofs(line: PageLine) -> Iterator[tuple[ClaimRead, ClaimProof | Proof]]:
    """Each claim of the line, in entries, and what is found of it, or why it has none."""
    for claim in line.claims:
        try:
            entries = InEntries(line.page)
            for stated in [] if claim.shape else entries.claims(claim):
                proof = prove_claim(stated)
                lacking = "" if proof.status == "refuted" else unmet(entries.needs, stated.given)
                if lacking or proof.status == "undecided":
                    reason = lacking or _at_sizes_alone(line.page, claim) or proof.reason
                    proof = replace(proof, status="undecided", reason=reason)
                yield claim, proof
        except NotInEntries as error:
            found = Proof("undecided", METHOD, SIZES, str(error), span=claim.span, link=claim.link)
            yield claim, found


def _at_sizes_alone(page: Page, claim: ClaimRead) -> str:
    """Why a claim with a condition such as C = 3 is nothing for sums over letters."""
    bounds = page.letters.bounds(claim.given)
    ends = [f"{size} ≤ {high}" if low < high else f"{size} = {high}"
            for size, (low, high) in bounds.items() if high.is_finite]  # fmt: skip
    return f"it is about {', '.join(ends)} alone: it is decided at that size" if ends else ""


def counterexample(page: Page, claim: ClaimRead, found: Refutation) -> Counterexample:
    """The values of the page's letters at which a claim is false, in its own numbering."""
    entries, data = InEntries(page), found.instance
    entries.claims(claim)
    places = {index.name: at for index, at in data.indices.items()}
    numbers: list[tuple[str, int]] = []
    values: list[tuple[str, Table]] = []

    def number(place: int, along: Range) -> int:
        return data.size(entries.size(along.first)) + along.step * place

    for letter in page.letters:
        name, of = head_written(letter.head), entries.letter(letter) if _is_given(letter) else None
        if of in data.sizes:
            numbers.append((name, data.sizes[of]))
        table = data.values.get(of, data.indices.get(of))
        parts = [] if table is None else list(_by_slots(table, len(letter.slots)))
        for at, part in parts:
            pairs = zip(at, letter.slots, strict=True)
            own = tuple(number(*pair) for pair in pairs)
            name = numbered(letter, own if len(parts) > 1 else ())
            if letter.range is None:
                values += [(name, part)] if part != () else []
            else:
                numbers.append((name, number(part, letter.range)))
    for name, along in claim.free.items():
        if (free := name.strip("#")) in places:
            place = places.pop(free)
            if data.size(entries.size(along.count)) > 1:
                numbers.append((head_written(name), number(place, along)))
    row, column = (data.indices.get(place, 0) + 1 for place in entries.place)
    entry = None if claim.left.shape.is_number else (row, column)
    left, right = (side.replace("-", "−") for side in (found.left, found.right))
    return Counterexample(tuple(numbers), tuple(values), left, right, found.relation, entry)


def _is_given(letter: Letter) -> bool:
    return letter.kind in ("size", "label", "value")


def _by_slots(table: Table, depth: int) -> Iterator[tuple[tuple[int, ...], Table]]:
    """The parts of a table, each with its first `depth` indices."""
    if depth == 0:
        yield (), table
        return
    for at, part in enumerate(table):
        for rest, found in _by_slots(part, depth - 1):
            yield (at, *rest), found
