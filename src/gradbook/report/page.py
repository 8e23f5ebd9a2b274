"""The frame of every HTML page: self-contained, in light and dark, without network or script."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from html import escape

import numpy as np
import sympy
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from gradbook import __version__

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #00795a; --bad: #b83a09;
  --open: #85570a; --plain: #4b5563; --quiet: #565d66; --link: #1d5fb8; }
@media (prefers-color-scheme: dark) { :root { --good: #34d399; --bad: #fb923c; --open: #fbbf24;
  --plain: #9ca3af; --quiet: #a8afb8; --link: #8ab8f5; } }
html { background: Canvas; color: CanvasText; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
a { color: var(--link); } h1, h2, td, th, li, .title { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .45rem 0; }
td, th { text-align: left; vertical-align: top; padding: .45rem .6rem;
  border-top: 1px solid var(--line); }
th { font-weight: 600; font-size: .85rem; border-top: 0; min-width: 4rem; }
th[scope=row] { border-top: 1px solid var(--line); font-size: 1rem; min-width: 7.4rem; }
th .soft { font-weight: 400; }
td.number { text-align: right; white-space: nowrap; }
td.said { width: 100%; max-width: 0; }
.title, .soft, caption { font-size: .85rem; color: var(--quiet); }
.proved, .passed { color: var(--good); font-weight: 600; } .definition { color: var(--plain); }
.refuted, .failed { color: var(--bad); font-weight: 600; }
.undecided, .not-run { color: var(--open); font-weight: 600; }
.verdict { font-size: 1.1rem; white-space: pre-line; padding: .6rem .9rem; border-left: 4px solid;
  background: var(--soft); }
math { font-size: 1.1rem;
  font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", math; }
mtd[columnalign=left] { text-align: left; } mtd[columnalign=right] { text-align: right; }
details { margin: .3rem 0; } summary { cursor: pointer; }
pre { overflow-x: auto; padding: .8rem; background: var(--soft); font-size: .82rem;
  line-height: 1.35; }
.wide { overflow: auto hidden; padding-block: .2rem; } svg { max-width: 100%; height: auto; }
.code .gi { color: var(--good); } .code .gd { color: var(--bad); }
@media (max-width: 40rem) { td, th { padding: .35rem .3rem; } }
@media print { details > * { display: block; } body { max-width: none; } }
"""


def page(title: str, body: str) -> str:
    """A whole page. `body` is HTML, `title` plain text."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · gradbook</title>\n<style>{_STYLE}{_highlighting()}</style>\n"
        f"</head>\n<body>\n<main>\n{body}{_footer()}\n</main>\n</body>\n</html>\n"
    )


def code(source: str, language: str) -> str:
    """Source code in colours."""
    shown = highlight(source, get_lexer_by_name(language), HtmlFormatter(cssclass="code"))
    return str(shown).replace("<pre>", '<pre tabindex="0">')


def listing(text: str, state: str = "") -> str:
    """A text as it stands. What is wider than the page is scrolled to, by the keyboard too."""
    return f'<pre tabindex="0" class="{state}">{escape(text)}</pre>'


def table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    """A table that says what it shows. heads: HTML; none for a list of pairs; rows: of `row`."""
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    head = f"<thead><tr>{columns}</tr></thead>" if columns else ""
    body = "".join(rows)
    return (
        '<div class="wide" style="margin-block: .7em" tabindex="0">'
        f"<table><caption>{escape(caption)}</caption>{head}<tbody>{body}</tbody></table></div>"
    )


def row(head: str, *cells: str, anchor: str = "") -> str:
    """A row of a table, by the HTML of its head and of its cells."""
    at = f' id="{anchor}"' if anchor else ""
    rest = "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in cells)
    return f'<tr{at}><th scope="row">{head}</th>{rest}</tr>'


def _highlighting() -> str:
    """Colours of source code for light and dark; the backgrounds stay the page's."""
    light = HtmlFormatter(style="xcode").get_style_defs(".code")
    dark = HtmlFormatter(style="monokai").get_style_defs(".code")
    plain = ".code { background: none !important; }"
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n{plain}"


def _footer() -> str:
    versions = (
        f"gradbook {__version__}, SymPy {sympy.__version__}, NumPy {np.__version__}, "
        f"Python {platform.python_version()}"
    )
    return f'\n<p class="soft">{escape(versions)}</p>'
