"""No text of a report runs as code: templates are switched off, for all pages and for those that ask for them."""

from __future__ import annotations

import pickle
import subprocess
from pathlib import Path

import pytest
from docutils import nodes

from evidencebook.tables import contract, dictionary
from tests.building import STRICT, build, change, copy_book

pytestmark = pytest.mark.slow

TIDE = "      - file: book/tide\n"
ASKING = """---
{asked}
---
# Asking

Inline {{{{ {inline} }}}} in a sentence.

{{{{ {block} }}}}
"""


def payload(name: str) -> str:
    return f"cycler.__init__.__globals__.os.system('touch $MARKERS/{name}')"


def add_page(root: Path, name: str, text: str) -> None:
    (root / f"book/{name}.md").write_text(text, "utf-8")
    change(root / "_toc.yml", TIDE, f"{TIDE}      - file: book/{name}\n")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_book(tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="module")
def markers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("markers")


@pytest.fixture(scope="module")
def done(root: Path, markers: Path) -> subprocess.CompletedProcess[str]:
    """A build whose descriptions and pages try to run a command each."""
    said = "Headline of the article as a bibliographic title;"
    change(root / contract.LABEL, said, f"{{{{ {payload('description')} }}}}")
    (root / dictionary.LABEL).write_text(dictionary.render(contract.load(root)), "utf-8")
    included = '```{include} ../data/README.md\n:start-after: "-->"\n:relative-docs: " "\n```\n'
    add_page(root, "columns", f"---\nmyst:\n  heading_anchors: 2\n---\n# Columns\n\n{included}")
    add_page(root, "typed", f"# Typed\n\nWhat {{{{ {payload('typed')} }}}} says.\n")
    for name, asked in {
        "asking": "myst:\n  enable_extensions: [substitution, colon_fence]",
        "older": "substitutions:\n  tide: high\nmyst:\n  enable_extensions: [substitution]",
        "code": "file_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n"
        "myst:\n  enable_extensions: [substitution]\n  substitutions: {tide: high}",
    }.items():
        code = {"inline": payload(f"{name}-inline"), "block": payload(f"{name}-block")}
        add_page(root, name, ASKING.format(asked=asked, **code))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MARKERS", str(markers))
        return build(root, *STRICT)


def read(root: Path, page: str) -> str:
    """The text of a page as it was read: nothing is published of a book with such pages."""
    tree: nodes.document = pickle.loads((root / f"_build/.doctrees/book/{page}.doctree").read_bytes())
    return tree.astext()


def test_nothing_that_stands_in_a_report_was_run(done: subprocess.CompletedProcess[str], markers: Path) -> None:
    assert list(markers.iterdir()) == []


def test_description_and_page_show_what_is_written(done: subprocess.CompletedProcess[str], root: Path) -> None:
    for page, shown in {"columns": "{{ cycler.__init__.__globals__.os.system(", "typed": "{{ cycler."}.items():
        text = read(root, page)
        assert shown in text
        assert f"{page}.md" not in done.stderr


@pytest.mark.parametrize(("page", "lines"), [("asking", (7, 9)), ("older", (9, 11)), ("code", (11, 13))])
def test_page_that_asks_for_templates_is_refused_with_its_lines(
    done: subprocess.CompletedProcess[str], root: Path, page: str, lines: tuple[int, int]
) -> None:
    assert done.returncode != 0
    for line in lines:
        assert f"{root}/book/{page}.md:{line}: WARNING: templates are switched off, since they run code" in done.stderr
    assert "{{ cycler." in read(root, page)


def test_values_for_templates_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    change(root / "_config.yml", "  config:\n", "  config:\n    myst_substitutions: {tide: high}\n")
    done = build(root, *STRICT)
    assert done.returncode != 0
    assert "myst_substitutions are not used - write their values into the pages" in done.stderr
