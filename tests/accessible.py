"""What a page of HTML does not say to who does not see it, or uses no mouse."""

import re


def lacking(page):
    """The tables without a caption, heads without a scope, pictures without words, and so on."""
    found = [
        *(table for table in re.findall(r"<table>(?!<caption>).{0,60}", page)),
        *(head for head in re.findall(r"<th(?: [^>]*)?>", page) if "scope=" not in head),
        *(svg for svg in re.findall(r"<svg[^>]*>", page) if 'aria-label="' not in svg),
        *(pre for pre in re.findall(r"<pre[^>]*>", page) if "tabindex" not in pre),
    ]
    return found + [part for part in ("<main>", "<title>", "<h1>", 'lang="en"') if part not in page]
