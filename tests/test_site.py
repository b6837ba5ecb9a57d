"""Written pages read back: sections with their text, links and what is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.editions.web import site

PAGE = """<!DOCTYPE html><html><head><title>Tides – High Water</title>
<link rel="stylesheet" href="../_static/page.css"><link rel="next" href="next.html">
<link rel="canonical" href="https://example.org/book/tide.html"><script src="../_static/gone.js"></script></head>
<body><nav><a href="../index.html">Start</a></nav>
<main><article><section id="tides"><h1>Tides<a class="headerlink" href="#tides">#</a></h1>
<p>The water stood <a href="#gauge">high</a> ( as a keeper says ).</p><br>
<section id="gauge"><h2>The gauge</h2><p>It reads 30,000.</p>
<table><tr><th>Who</th><td>A keeper</td><td>90</td></tr></table>
<details class="twin"><p>not said</p></details><svg><text>drawn</text></svg><script>code()</script></section>
<div class="ledger-entry" id="ledger-x"><h3>Up to 90</h3><p>An entry.</p>
<dl><dt>Voice</dt><dd><p>A keeper [ <a href="#gauge">log</a> ]</p></dd>
<dt>Source</dt><dd>A log, page 3 (<a class="passage" href="https://example.org/log">open the passage</a>)</dd></dl>
</div>
</section></article></main><footer><a href="https://example.org/elsewhere">Elsewhere</a><a href="other.html#no">x</a>
<img src="data:image/png;base64,AA" alt=""><img src="https://example.org/p.png" alt=""></footer></body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "book").mkdir()
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/page.css").write_text("", "utf-8")
    (tmp_path / "index.html").write_text("<html><head><title>x</title></head><body></body></html>", "utf-8")
    (tmp_path / "book/next.html").write_text("<html><body><p id='here'>y</p></body></html>", "utf-8")
    (tmp_path / "book/other.html").write_text("<html><body><p id='here'>y</p></body></html>", "utf-8")
    (tmp_path / "book/tide.html").write_text(PAGE, "utf-8")
    return tmp_path


def test_sections_hold_what_a_reader_sees_under_their_heading(folder: Path) -> None:
    page = site.read(folder)["book/tide.html"]
    assert page.title == "Tides – High Water"
    said = {section.anchor: (section.title, section.text) for section in page.said}
    assert said["tides"] == ("Tides", "The water stood high (as a keeper says).")
    assert said["gauge"] == ("The gauge", "It reads 30,000. · Who · A keeper · 90")
    assert said["ledger-x"] == ("Up to 90", "An entry. · Voice: A keeper [log] · Source: A log, page 3")
    assert [section.anchor for section in page.said if section.is_entry] == ["ledger-x"]


def test_links_and_what_is_loaded_are_told_apart(folder: Path) -> None:
    page = site.read(folder)["book/tide.html"]
    assert ("index.html", "") in page.links
    assert ("book/tide.html", "gauge") in page.links
    assert page.loaded == ["_static/page.css", "_static/gone.js"]
    assert page.outside == [
        "https://example.org/book/tide.html",
        "https://example.org/log",
        "https://example.org/elsewhere",
    ]
    assert page.remote == ["https://example.org/p.png"]


def test_a_link_to_no_file_or_no_anchor_is_broken(folder: Path) -> None:
    found = set(site.broken(site.read(folder), folder))
    assert found == {("book/tide.html", "book/other.html#no"), ("book/tide.html", "_static/gone.js")}
    (folder / "_static/gone.js").write_text("", "utf-8")
    (folder / "book/other.html").unlink()
    assert set(site.broken(site.read(folder), folder)) == {("book/tide.html", "book/other.html")}


def test_a_comment_within_a_section_is_passed_over(tmp_path: Path) -> None:
    text = "<article><section id='a'><h1>Tides</h1><!-- a note --><p>High.</p></section></article>"
    (tmp_path / "a.html").write_text(text, "utf-8")
    (section,) = site.read(tmp_path)["a.html"].sections
    assert (section.title, section.text) == ("Tides", "High.")
