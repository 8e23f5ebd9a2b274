"""Reads lecture notes in LaTeX: a page is a program, and this is its reader.

`read(path)` gives a `Page`: its letters, its lines with what they claim, its errors, each with
its place. Nothing is proved here; `gradbook.prove` does that. In the order in which a page passes:

    source              the text, a Markdown file or the cells of a notebook; line and column
    markdown            the formulas in it, inline and on lines of their own
    fenced              lines that are said in Python, and what is said of the loss
    tokens              the tokens of a formula, and the words of LaTeX
    spellings           what is shown alike, in one spelling
    lexer               a formula as tokens
    tree                a formula as it is written: the parts of a tree
    parser              tokens → tree: sums, products, factors
    parse_brackets        brackets, seen and unseen, and those around conditions
    parse_functions       functions, fractions, derivatives, sums
    parse_indices         letters, and what hangs on one: indices, powers, transposes
    parse_matrices        matrices, cases, and marks at rows
    parse_statements      relations, conditions, what stands under a Σ
    glossary            what was misread, and what it stands for
    displays            a display as rows and statements
    names_defined       names of functions, before anything is parsed, and of what cannot be
    written             letters in Unicode
    usage               what statements say of each other: definitions behind, sizes, labels
    letters             the letters that are known, and what to say of one that is not
    declare             what the prose declares
    beside              what the text says of a letter right beside its declaration; shares
    core                what a formula means: shapes, ranges, letters looked up
    shapes, conditions  which shapes fit; indices and conditions
    elaborate           tree → core: letters, entries, indices, cases
    elaborate_conditions  conditions, indicators, cases
    elaborate_functions   f(x) := …, f of something else, and its slope
    elaborate_operators   Σ, ∇, ∂
    elaborate_products    sums, products, quotients, powers
    elaborate_calls       named functions
    dots                  what the first and the last have in common, in a sum or a matrix
    elaborate_matrices    rows, columns and matrices, by their blocks or by their dots
    read_statements     statements as definitions and claims
    page                a page: its letters, lines and errors
    reading             the whole of it: from a file to a page
    discover            pages by their files, folders or names
    as_read             a line as it was read, in full
    at_sizes            formulas at sizes that are numbers: SymPy's matrices, and their entries
    stated              what a claim says there, and where it has a value
    witnesses           definitions that are stated once only, claims that say nothing
    content             all that a line says, as text, to know again what has not changed
    edits               the slips of a hand, each as a change of the text
    cases               the sizes that matter to a claim, and the cases in which it is decided
"""

from gradbook.page.page import Page, PageLine
from gradbook.page.reading import read, read_text
from gradbook.page.source import NoPage, PageError

__all__ = ["NoPage", "Page", "PageError", "PageLine", "read", "read_text"]
