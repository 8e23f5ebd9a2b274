"""The frame of every HTML page: self-contained, in light and dark, without network or script."""

from __future__ import annotations

import platform
from html import escape

import numpy as np
import sympy
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from gradbook import __version__

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #00795a; --bad: #c2410c;
  --open: #92600a; --plain: #4b5563; }
@media (prefers-color-scheme: dark) { :root { --good: #34d399; --bad: #fb923c; --open: #fbbf24;
  --plain: #9ca3af; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .45rem .6rem;
  border-top: 1px solid var(--line); }
th { font-weight: 600; font-size: .85rem; border-top: 0; }
th[scope=row] { border-top: 1px solid var(--line); font-size: 1rem; }
td.id { font-weight: 600; } td.number { text-align: right; white-space: nowrap; }
.title { font-size: .85rem; opacity: .75; } .soft { opacity: .75; font-size: .85rem; }
.proved, .passed { color: var(--good); font-weight: 600; } .definition { color: var(--plain); }
.refuted, .failed { color: var(--bad); font-weight: 600; }
.undecided, .not-run { color: var(--open); font-weight: 600; }
.verdict { font-size: 1.1rem; padding: .6rem .9rem; border-left: 4px solid;
  background: var(--soft); }
math { font-size: 1.1rem;
  font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", math; }
details { margin: .3rem 0; } summary { cursor: pointer; }
pre { overflow-x: auto; padding: .8rem; background: var(--soft); font-size: .82rem;
  line-height: 1.35; } .wide { overflow-x: auto; } svg { max-width: 100%; height: auto; }
@media print { details > * { display: block; } body { max-width: none; } }
"""


def page(title: str, body: str) -> str:
    """A whole page. `body` is HTML, `title` plain text."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · gradbook</title>\n<style>{_STYLE}{_highlighting()}</style>\n"
        f"</head>\n<body>\n{body}{_footer()}\n</body>\n</html>\n"
    )


def code(source: str, language: str) -> str:
    """Source code in colours."""
    return str(highlight(source, get_lexer_by_name(language), HtmlFormatter(cssclass="code")))


def _highlighting() -> str:
    """Colours of source code for light and dark; the backgrounds stay the page's."""
    light = HtmlFormatter(style="friendly").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    plain = ".code { background: none !important; }"
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n{plain}"


def _footer() -> str:
    versions = (
        f"gradbook {__version__}, SymPy {sympy.__version__}, NumPy {np.__version__}, "
        f"Python {platform.python_version()}"
    )
    return f'\n<p class="soft">{escape(versions)}</p>'
