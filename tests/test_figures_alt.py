"""What holds for every figure: its text can be read out, its marks stand for facts, its letters can be read."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import altair as alt
import pytest
from figures import EVIDENCE, deadline, front

from evidencebook.charts import ABOUT, FACTS, MIME
from evidencebook.charts.columns import fact_ids, named, strip_unused
from evidencebook.charts.figures import Figure
from evidencebook.charts.renderer import attached, mimebundle
from tests.specs import CELLS, boxes, forms, rows, spec_of

ROOT = Path(__file__).parents[1]
MOST_WORDS = 400  # as long as a listener bears
SMALLEST = 12  # pixels, of letters; a narrow drawing is shown a little smaller still


@pytest.mark.parametrize("cell", CELLS)
def test_alternative_texts_can_be_read_out(cell: str) -> None:
    text = spec_of(cell)["description"]
    assert not re.search(r"\([^()]*\(", text), "brackets in brackets cannot be heard"
    assert not re.search(r"(?:^|[.] )\d", text), "a sentence opens with a word"
    assert not re.search(r"[~{}\u00a0]|None|\.\.|; ?[;.]|[.:] [;.]", text), "signs with nothing between them"


@pytest.mark.parametrize("cell", CELLS)
def test_every_figure_has_a_text_and_its_marks_stand_for_known_facts(cell: str) -> None:
    spec = spec_of(cell)
    assert 15 <= len(spec["description"].split()) <= MOST_WORDS
    assert all(EVIDENCE.has(fact_id) for fact_id in fact_ids(spec))
    assert set(fact_ids(forms(spec)[1])) == set(fact_ids(spec)), "both drawings stand for the same facts"


@pytest.mark.parametrize("cell", CELLS)
def test_the_drawing_for_phones_keeps_to_the_schema_too(cell: str) -> None:
    narrow = dict(attached(spec_of(cell)).narrow.spec)
    del narrow["config"]  # the theme's, which Altair adds after it has checked a chart
    alt.Chart.from_dict(narrow, validate=True)


@pytest.mark.parametrize("cell", CELLS)
def test_what_stands_for_facts_has_a_name_and_no_column_is_there_unencoded(cell: str) -> None:
    for form in forms(spec_of(cell)):
        names = {row[ABOUT] for row in rows(form) if row.get(ABOUT)}
        stand_for = {fact for row in rows(form) if row.get(ABOUT) for fact in row[FACTS].split()}
        assert stand_for == set(fact_ids(form))
        assert all(name == name.strip() and len(name.partition("\n")[0]) <= 110 for name in names)
        shown = strip_unused(named(form))
        encoded = set(re.findall(r'"(?:field|groupby|sort)": "([^"]+)"', json.dumps(shown)))
        assert {column for row in rows(shown) for column in row} <= encoded | {FACTS}


@pytest.mark.parametrize("cell", CELLS)
def test_letters_can_be_read_and_lie_within_the_picture(cell: str) -> None:
    shown = Figure.from_text(mimebundle(spec_of(cell))[MIME])
    for picture, form, width in zip((shown.wide, shown.narrow), forms(spec_of(cell)), (680, 340), strict=True):
        sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)', picture.svg)}
        assert sizes and min(sizes) >= SMALLEST
        found = re.search(r'width="([0-9.]+)"', picture.svg)
        assert found and float(found[1]) <= width
        # What runs over an edge pushes the whole chart aside, and a map is cut off.
        for text, (left, _, right, _) in boxes(form):
            assert left >= -1 and right <= width - 7, text


@pytest.mark.parametrize("cell", CELLS)
def test_the_table_and_the_text_of_a_figure_have_no_empty_column(cell: str) -> None:
    table = attached(spec_of(cell)).table
    assert table.rows
    for number, head in enumerate(table.columns):
        assert any(row[number] not in ("", "–") for row in table.rows), head


def test_drawings_carry_no_names() -> None:
    shown = Figure.from_text(mimebundle(spec_of("timeline.chain"))[MIME])
    assert ABOUT in json.dumps(shown.wide.spec)
    assert "Attempted mass breakouts, as reported, 2020" not in shown.wide.svg + shown.narrow.svg


def test_a_chart_function_fits_one_screen() -> None:
    for module in (
        deadline,
        front,
        *(__import__(f"figures.{cell.partition('.')[0]}", fromlist=["x"]) for cell in CELLS),
    ):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__:
                assert len(inspect.getsource(function).splitlines()) <= 45, f"{module.__name__}.{name}"


AHEAD = """
import importlib, pkgutil, sys
sys.path[:0] = [{book!r}]
import evidencebook.drawing.ahead
known = set(sys.modules)
import figures
for module in pkgutil.iter_modules(figures.__path__):
    found = importlib.import_module(f"figures.{{module.name}}")
    for name, one in vars(found).items():
        if name.islower() and not name.startswith("_") and getattr(one, "__module__", "") == found.__name__:
            try:
                one()
            except TypeError:  # it wants something, and is no figure
                pass
print(*sorted(name for name in set(sys.modules) - known if name.partition(".")[0] != "figures"))
"""


def test_all_that_figures_import_is_imported_ahead() -> None:
    """Every page would import it anew."""
    command = [sys.executable, "-c", AHEAD.format(book=str(ROOT / "book"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
