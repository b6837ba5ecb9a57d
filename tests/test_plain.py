"""One line in any Jupyter Book: its pages are executed here, without the libraries of reports, sooner than by stock."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from tests.building import JUPYTER_BOOK, executed
from tests.comparing import comparable

pytestmark = [pytest.mark.slow, pytest.mark.thorough]
PLAIN = Path(__file__).parent / "roots" / "plain"
REFUSING = """
import sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"altair", "frictionless", "pandas", "typst", "vl_convert"}:
            raise ImportError(f"{name} is not here")

sys.meta_path.insert(0, Refusing())
"""
PAGES = 30
# What pages of a course do: a few lines of pandas, a figure or two, a model.
CELLS = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt",
    "random = np.random.default_rng({n})\ntable = pd.DataFrame(random.normal(size=(200, 3)), columns=list('xyz'))\n"
    "table.describe()",
    "table.plot.scatter('x', 'y', title='Page {n}')\nplt.show()",
    "from sklearn.linear_model import LinearRegression\nfitted = LinearRegression().fit(table[['x', 'y']], table.z)\n"
    "print(fitted.coef_.round(6))",
    "figure, axes = plt.subplots()\naxes.hist(table.z, bins=20)\naxes.set_xlabel('z');",
    "table.corr()",
)


def built(root: Path, **environment: str) -> str:
    done = subprocess.run(
        [JUPYTER_BOOK, "build", str(root)], capture_output=True, text=True, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def shown(root: Path, page: str) -> str:
    html = BeautifulSoup((root / f"_build/html/{page}.html").read_text("utf-8"), "html.parser")
    return " ".join(html.select_one("article").get_text().split())  # type: ignore[union-attr]


def test_an_ordinary_book_needs_none_of_the_libraries_of_reports(tmp_path: Path) -> None:
    root = tmp_path / "plain"
    shutil.copytree(PLAIN, root)
    (tmp_path / "sitecustomize.py").write_text(REFUSING)
    told = built(root, PYTHONPATH=str(tmp_path))
    assert executed(told) == {"numbers"}
    assert "sum 3" in shown(root, "numbers")
    assert executed(built(root, PYTHONPATH=str(tmp_path))) == set()
    (root / "numbers.txt").write_text("1\n2\n4\n")
    told = built(root, PYTHONPATH=str(tmp_path))
    assert re.search(r"numbers: executed in .* because numbers\.txt changed", told)
    assert "sum 7" in shown(root, "numbers")


def ordinary(root: Path, is_stock: bool) -> None:
    """Write a book of many pages of ordinary notebooks."""
    shutil.copytree(PLAIN, root)
    names = [f"page{n}" for n in range(PAGES)]
    for n, name in enumerate(names):
        cells = "".join(f"```{{code-cell}} python\n{cell.replace('{n}', str(n))}\n```\n\n" for cell in CELLS)
        head = "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
        (root / f"{name}.md").write_text(f"{head}# Page {n}\n\n{cells}")
    contents = {"format": "jb-book", "root": "index", "chapters": [{"file": name} for name in names]}
    (root / "_toc.yml").write_text(yaml.safe_dump(contents))
    config = yaml.safe_load((root / "_config.yml").read_text())
    if is_stock:
        config["execute"]["execute_notebooks"] = "force"
        del config["sphinx"]["extra_extensions"]
    (root / "_config.yml").write_text(yaml.safe_dump(config))


def results(root: Path) -> dict[str, object]:
    """What came of every cell of every page."""
    found = {}
    for path in sorted((root / "_build/jupyter_execute").glob("*.ipynb")):
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        found[path.stem] = [[cell["execution_count"], comparable(cell["outputs"])] for cell in cells]
    return found


@pytest.mark.thorough
def test_thirty_ordinary_pages_give_what_they_give_with_stock_and_sooner(tmp_path: Path) -> None:
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2):  # in turns, so that whatever else the machine does falls on both
        for is_stock in (False, True):
            root = tmp_path / f"{'stock' if is_stock else 'ours'}{turn}" / "book"
            ordinary(root, is_stock)
            started = time.monotonic()
            built(root)
            seconds[is_stock].append(time.monotonic() - started)
    print(f"ours {seconds[False]}, stock {seconds[True]}")
    assert min(seconds[False]) < min(seconds[True])
    ours, stock = results(tmp_path / "ours0/book"), results(tmp_path / "stock0/book")
    assert len(ours) == PAGES
    assert ours == stock
