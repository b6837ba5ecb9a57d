"""Letters that no print face has: told once each, in their place, before the book is set."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import typst
from click.testing import CliRunner

from evidencebook import cli
from evidencebook.charts import fonts
from evidencebook.editions.print import letters
from evidencebook.editions.print.typesetting import _faces, markup
from evidencebook.tables import contract, dictionary
from tests.building import EDITIONS, STRICT, build, change

SIGNS = [
    *map(chr, [*range(1, 0x20), *range(0x7F, 0xA1), 0xAD, *range(0x2000, 0x2070), *range(0xFFF9, 0xFFFE), 0xFEFF]),
    *"éßøŁжΩ한丹ع١א✓→−≈’…\U0001f600\ue000\ufe0f\u0301\u0489\u115f\u3000\u3164\u180e\U000e0041\U000f0000\u212b\u1e17\u1ec7",
]  # fmt: skip


def is_set(sign: str) -> bool:
    families = ", ".join(f'"{name}"' for name in (fonts.SANS, fonts.SERIF, *fonts.OTHERS))
    faces = f"font: ({families}), fallback: false"
    text = f'#set document(title: "x")\n#set text({faces})\n= A\na{markup(sign)}b'
    folders = _faces()["font_paths"]
    try:
        typst.compile(text.encode(), font_paths=folders, ignore_system_fonts=True, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        assert "could not be displayed" in str(error) or "disallowed codepoint" in str(error)
        return False
    return True


def test_exactly_those_letters_are_missing_that_typst_refuses() -> None:
    missing = letters.missing("".join(SIGNS))
    assert [sign for sign in SIGNS if is_set(sign) == (sign in missing)] == []


def set_book(root: Path) -> subprocess.CompletedProcess[str]:
    return build(root, *STRICT, *EDITIONS["pdf"])


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if "the print faces have no letter" in line]


@pytest.mark.slow
def test_each_letter_is_told_once_where_it_was_written(root: Path) -> None:
    change(root / "data/claims.csv", "The keeper counted some", "The 𒀀 keeper, 𒀀, counted some")
    change(root / "book/tide.md", "More.", "More 𓀀 and *𓀀* there.")
    change(root / "book/figures/people.py", 'x="people:Q"', 'x=alt.X("people:Q", title="people 𐤀")')
    change(root / contract.LABEL, '"title": "High Water: tides', '"title": "High 𓁀 Water: tides')
    (root / dictionary.LABEL).write_text(dictionary.render(contract.load(root)), "utf-8")
    done = set_book(root)
    assert done.returncode != 0
    remedy = "write it in Latin letters, or say it in words"
    assert told(done) == [
        f"book/tide.md:13: the print faces have no letter 𐤀 (PHOENICIAN LETTER ALF) - {remedy}",
        f"book/tide.md:34: the print faces have no letter 𓀀 (EGYPTIAN HIEROGLYPH A001) - {remedy}",
        f"data/claims.csv:2: statement: the print faces have no letter 𒀀 (CUNEIFORM SIGN A) - {remedy}",
        f"data/datapackage.json: title: the print faces have no letter 𓁀 (EGYPTIAN HIEROGLYPH A055) - {remedy}",
    ]
    assert len(done.stderr.splitlines()) < 12
    assert list((root / "_build/pdf").iterdir()) == []


@pytest.mark.slow
def test_letters_that_print_does_not_show_do_not_matter(root: Path) -> None:
    page = root / "book/tide.md"
    change(page, "from figures import people", 'from figures import people\nSAID = "𒀀𓀀"')
    change(page, "More.", "More.\n\n% 𓀀\n\n```{raw} latex\n𐤀\n```")
    done = set_book(root)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_picture_that_no_edition_could_show_is_told_where_it_was_written(root: Path) -> None:
    (root / "book/broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture at all")
    change(root / "book/tide.md", "More.", "More.\n\n![A broken picture](broken.png)")
    done = set_book(root)
    assert done.returncode != 0
    assert "book/tide.md:36: WARNING: the picture" in done.stderr and "hint:" not in done.stderr


@pytest.mark.slow
@pytest.mark.thorough
def test_book_goes_on_with_the_other_editions_and_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(root / "data/claims.csv", "The keeper counted some", "The 𒀀 keeper counted some")
    for verb in ("check", "book", "pack"):
        ran = CliRunner().invoke(cli.main, [verb, "--root", str(root)])
        assert ran.exit_code == (verb != "check"), ran.output
    assert "Print edition: not made." in ran.stderr
    assert (root / "_build/html/index.html").is_file() and (root / "_build/epub/tides.epub").is_file()
    assert not list(root.glob("_build/**/*.pdf")) and not list(root.glob("_build/*.zip"))
