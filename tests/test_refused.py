"""What a page may not hold fails the build with file and line, and what is of use on a screen only is left out."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.building import REPORT, STRICT, build, built_in, change
from tests.printed import read

pytestmark = pytest.mark.slow

CHAPTER = REPORT / "docs/forms"
# What a page may not hold, and what is said of it; each stands at the line after those before it.
REFUSED = {
    "Words <iframe src='https://example.org'></iframe> after.": "<iframe> has no form in every edition",
    "Words <b onclick='x()'>bold</b>.": "<b> with a script has no form",
    "Words <button>press</button>.": "<button> has no form in every edition - put it into {only} html",
    "[link](<x.md>)\n\n<a href='javascript:x()'>run</a>": "'javascript:x()' is no address to link to",
    "A note[^nobody].": "no footnote is called 'nobody' - write `[^nobody]: ...` on this page",
    "```{glossary}\nlamp\n    What gives light.\n\nlamp\n    Another.\n```": "duplicate term description of lamp",
    "![](tower.png)": "the picture tower.png has no alternative text",
    "```{image} tower.webp\n```": "the picture tower.webp has no alternative text",
    "![cut](cut.png)": "the picture cut.png is damaged - save it as PNG",
    "![not](not.jpg)": "the picture not.jpg is PNG, and its name says JPEG",
    "![other](other.tiff)": "the picture other.tiff is of no format that every edition shows",
    "![broken](broken.svg)": "the picture broken.svg is damaged, or no SVG",
    "![more](more.svg)": "the picture more.svg shows another file, https://example.org/x.png",
    "![folder](d.png)": "the picture d.png is a folder",
    "![remote](https://example.org/a.png)": "lies elsewhere",
    "The formula {math}`\\foo{x}`.": "the formula cannot be set: \\foo is not known",
    "```{math}\n\\frac{a}\n```": "the formula cannot be set: something is missing in a frac",
}
PLOT = """class Plot:
    def _repr_png_(self):
        return open('tower.png', 'rb').read()
Plot()"""
CHART = """import altair as alt, pandas as pd
alt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a')"""
CELLS = {
    "from IPython.display import HTML\nHTML('<script>1</script>')": "no form that every edition can show: <script>",
    PLOT: "a picture that a cell gives has no alternative text",
    CHART: "a chart has no alternative text",
}
NOTEBOOK = "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n# Page\n\n"


def test_what_has_no_form_fails_the_build_with_file_and_line(root: Path) -> None:
    for name in ("tower.png", "tower.webp"):
        shutil.copy(CHAPTER / name, root / "book" / name)
    tower = (CHAPTER / "tower.png").read_bytes()
    linked = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://example.org/x.png"/></svg>'
    files = {
        "cut.png": tower[:60],
        "not.jpg": tower,
        "other.tiff": tower,
        "broken.svg": b"<svg><g>",
        "more.svg": linked,
    }
    for name, content in files.items():
        (root / "book" / name).write_bytes(content)
    (root / "book/d.png").mkdir()
    page, expected = NOTEBOOK, {}
    cells = {f"```{{code-cell}} python\n{cell}\n```": said for cell, said in CELLS.items()}
    for text, message in (REFUSED | cells).items():
        first = page.count("\n") + 1
        page += f"{text}\n\n"
        expected[message] = range(first, page.count("\n"))
    (root / "book/x.md").write_text("# X\n", "utf-8")
    (root / "book/tide.md").write_text(page, "utf-8")
    change(root / "_toc.yml", "      - file: book/tide\n", "      - file: book/tide\n      - file: book/x\n")
    done = build(root, *STRICT)
    assert done.returncode != 0
    told = [(int(line), said) for line, said in re.findall(r"book/tide\.md:(\d+): WARNING: (.*)", done.stderr)]
    for message, lines in expected.items():
        assert [line for line, said in told if message in said and line in lines], (message, lines, told)
    assert not (root / "_build/html").exists() or not list((root / "_build/html").iterdir())


def test_references_that_cannot_be_read_stop_the_build_with_one_line(root: Path) -> None:
    change(root / "_config.yml", "sphinx:\n", "bibtex_bibfiles: [book/references.bib]\nsphinx:\n")
    (root / "book/references.bib").write_text("@book{a,\n title = {x}\n", "utf-8")
    done = build(root, *STRICT)
    said = "book/references.bib:3: these references cannot be read: premature end of file"
    assert done.returncode == 1 and done.stderr.startswith(said), done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_error_while_a_chart_is_shown_is_told_by_its_name_and_line(root: Path) -> None:
    """Altair tells it itself, and the kernel's reply has no name for it."""
    wrong = CHART.replace("x='a'", "x='a:Z'")
    cell = f"```{{code-cell}} python\n{wrong}\n```"
    change(root / "book/tide.md", "More.\n", f"More.\n\n{cell}\n")
    done = build(root, *STRICT)
    assert re.search(r"book/tide\.md:\d+: WARNING: cell 2: ValueError: \"Z\" is not one of the valid", done.stderr)


def test_what_is_of_use_on_a_screen_only_is_left_out_and_nothing_else(root: Path) -> None:
    """Code of cells, {only} html, comments, looks, and raw text for another writer by name."""
    change(
        root / "book/tide.md",
        "More.",
        "More.\n\n```{only} html\n<button>ONSCREEN</button>\n```\n\n% COMMENT\n\n<style>.LOOKS {}</style>\n\n"
        "```{raw} latex\nFORTEX\n```\n\n<div class='box'>\n\nBOXED *words*\n\n</div>\n",
    )
    built_in(root, "pdf", "epub")
    with zipfile.ZipFile(root / "_build/epub/tides.epub") as archive:
        page = BeautifulSoup(archive.read("EPUB/book-tide.xhtml"), "html.parser")
    for text in (read((root / "_build/pdf/tides.pdf").read_bytes()).text(), page.get_text()):
        assert "BOXED words" in text
        for left_out in ("ONSCREEN", "COMMENT", "LOOKS", "FORTEX", "figures import people"):
            assert left_out not in text
