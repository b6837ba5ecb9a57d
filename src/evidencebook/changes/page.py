"""What moved, as one page of HTML that stands by itself: sentences with their words marked, figures side by side."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape
from itertools import groupby

from evidencebook.changes.comparing import Difference, Moved, MovedFigure
from evidencebook.changes.manifest import Drawn
from evidencebook.changes.telling import because, counted, moved, named, short

PAGE = "changes.html"  # in _build
_STYLE = """
:root { color-scheme: light dark; --gone: #b3261e; --come: #1b6e3c; --line: #8886 }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
@media (prefers-color-scheme: dark) { :root { --gone: #f2b8b5; --come: #7fd8a0 } }
h1, h2, h3 { line-height: 1.2 } h2 { border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 2.5rem }
del { color: var(--gone) } ins { color: var(--come) } .why, .where { color: GrayText; font-size: 0.85em }
li { margin-bottom: 0.9rem } table { border-collapse: collapse; width: 100% } th { text-align: left }
td, th { border-bottom: 1px solid var(--line); padding: 0.3rem 0.6rem 0.3rem 0; vertical-align: top }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem }
.pair figure { margin: 0; border: 1px solid var(--line); background: #fff } .pair img { width: 100%; display: block }
figcaption { color: #444; background: #eee; padding: 0.2rem 0.6rem; font-size: 0.85em } .scroll { overflow-x: auto }
"""
_WORDS = re.compile(r"\S+\s*")


def page(difference: Difference, *, at: str = "") -> str:
    """Return the page; `at` is the folder of the edition that stands beside it, into which sentences lead."""
    title = f"What moved: {escape(moved(difference))}"
    body = "\n".join(_body(difference, at))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What moved</title>'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:"><meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style></head>\n<body><main><h1>{title}</h1>\n"
        f"<p>From {escape(difference.before.name)} to {escape(difference.after.name)}.</p>\n"
        f"{body}</main></body></html>\n"
    )


def _body(difference: Difference, at: str) -> Iterator[str]:
    if difference.contradicting:
        yield f"<h2>{counted(len(difference.contradicting), 'sentence').capitalize()} against its own words</h2><ul>"
        for one, reason in difference.contradicting:
            said = escape(one.after.text) if one.after else ""
            yield f"<li>{said}<br><span class=why>{escape(reason)}. {_where(difference, one, at)}</span></li>"
        yield "</ul>"
    if difference.facts:
        yield "<h2>Values</h2><div class=scroll><table><tr><th>Value<th>Before<th>After<th>Because of</tr>"
        for fact in difference.facts:
            cells = (fact.fact_id, fact.before or "(new)", fact.after or "(gone)", named(fact.causes))
            yield f"<tr>{''.join(f'<td>{escape(cell)}' for cell in cells)}</tr>"
        yield "</table></div>"
    if difference.told:
        yield "<h2>Sentences</h2>"
    for name, group in groupby(difference.told, lambda one: one.page):
        yield f"<h3>{escape(difference.page_title(name))}</h3><ul>"
        yield from (_sentence(difference, one, at) for one in group)
        yield "</ul>"
    if difference.figures:
        yield "<h2>Figures</h2>"
        yield from (_figure(difference, one) for one in difference.figures)
    if difference.rows:
        yield "<h2>Rows</h2><ul>"
        for row in difference.rows:
            old, new = row.before or {}, row.after or {}
            lines = [f"{escape(name)}: {_change(short(old.get(name, '')), short(new.get(name, '')))}" for name in new]
            told = "<br>".join(lines) if row.what == "changed" else ""
            yield f"<li>{row.what} <b>{escape(' '.join(row.key))}</b><br>{told}</li>"
        yield "</ul>"
    if difference.renumbered:
        told = counted(len(difference.renumbered), "sentence")
        yield f"<details><summary>{told} with nothing new but numbers of entries or the digest</summary><ul>"
        yield from (_sentence(difference, one, at) for one in difference.renumbered)
        yield "</ul></details>"
    for name in difference.reordered:
        yield f"<p>{escape(difference.page_title(name))}: the same sentences in another order.</p>"


def _sentence(difference: Difference, one: Moved, at: str) -> str:
    before, after = (side.text if side else "" for side in (one.before, one.after))
    why = f"Because of {escape(because(difference, one))}. {_where(difference, one, at)}"
    return f"<li>{_change(before, after)}<br><span class=why>{why}</span></li>"


def _where(difference: Difference, one: Moved, at: str) -> str:
    page = difference.after.pages.get(one.page)
    title = escape(difference.page_title(one.page))
    if not (at and page and one.after):
        return title
    address = f"{at}/{page.address}{f'#{one.after.anchor}' if one.after.anchor else ''}"
    return f'<a href="{escape(address)}">{title}</a>'


def _change(before: str, after: str) -> str:
    """Return both texts in one, with marks around the words that went and came."""
    old, new = (_WORDS.findall(one) for one in (before, after))
    found = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        went, came = escape("".join(old[a:b])), escape("".join(new[c:d]))
        if what == "equal":
            found.append(came)
        else:
            found.append((f"<del>{went}</del> " if went else "") + (f"<ins>{came}</ins> " if came else ""))
    return "".join(found)


def _figure(difference: Difference, one: MovedFigure) -> str:
    drawn = one.after or one.before
    assert drawn is not None
    pictures = f'<div class="pair">{_picture(one.before, "Before")}{_picture(one.after, "After")}</div>'
    gone, come = one.rows
    rows = [f"<tr><td><del>{'<td><del>'.join(map(escape, row))}</tr>" for row in gone]
    rows += [f"<tr><td><ins>{'<td><ins>'.join(map(escape, row))}</tr>" for row in come]
    heads = "".join(f"<th>{escape(name)}" for name in drawn.columns)
    table = f"<div class=scroll><table><tr>{heads}</tr>{''.join(rows)}</table></div>" if rows else ""
    title = escape(f"{difference.page_title(one.page)}: {drawn.name}")
    return f"<h3>{title}</h3>{pictures}{table}<p class=why>Because of {escape(because(difference, one))}.</p>"


def _picture(drawn: Drawn | None, when: str) -> str:
    if drawn is None:
        return f"<figure><figcaption>{when}: none</figcaption></figure>"
    data = base64.b64encode(drawn.svg.encode()).decode()
    return (
        f'<figure><figcaption>{when}</figcaption><img src="data:image/svg+xml;base64,{data}" '
        f'alt="{escape(drawn.alt)}"></figure>'
    )
