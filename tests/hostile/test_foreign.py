"""In a folder that somebody else made nothing runs but the code of its notebooks, whatever lies there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from evidencebook.check import checking
from tests.building import JUPYTER_BOOK, change, copy_book
from tests.hostile.test_machine import EVIDENCEBOOK

pytestmark = pytest.mark.slow
TRAP = "import os\nwith open(os.environ['MARKERS'] + '/' + {name!r}.replace('/', '-'), 'w') as file: file.write(__file__)\n"
# What Python, Sphinx, Jupyter, IPython, pytest, pip or an editor would read or import where they start.
TRAPS = [
    "conf.py", "book/conf.py", "sitecustomize.py", "usercustomize.py", "yaml.py", "click.py", "hashlib.py", "json.py",
    "jupyter_book.py", "sphinx.py", "evidencebook.py", "evidencebook/__init__.py", "vl_convert.py", "typst.py",
    "ipython_config.py", "jupyter_config.py", "jupyter_server_config.py", "ipython_kernel_config.py",
    "profile_default/startup/00.py", "book/profile_default/startup/00.py", "conftest.py", "setup.py",
    "matplotlibrc.py", "seeds/conf.py", "data/conf.py", "data/__init__.py", "_templates/layout.py",
]  # fmt: skip


@pytest.fixture(scope="module")
def markers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("markers")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with traps for whatever is started in it."""
    root = copy_book(tmp_path_factory.mktemp("foreign"))
    for name in TRAPS:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(TRAP.format(name=name), "utf-8")
    (root / "docutils.conf").write_text("[general]\nraw_enabled: no\n", "utf-8")
    (root / "book/_templates").mkdir()
    (root / "book/_templates/layout.html").write_text("{{ cycler.__init__.__globals__.os.system('touch $MARKERS/t') }}")
    change(root / "_config.yml", "html_static_path: []", "html_static_path: []\n    templates_path: [book/_templates]")
    return root


@pytest.mark.parametrize("command", [[EVIDENCEBOOK, "check"], [EVIDENCEBOOK, "pdf"], [JUPYTER_BOOK, "build", "."]])
def test_nothing_that_lies_in_a_report_is_run_by_its_name(root: Path, markers: Path, command: list[str]) -> None:
    own = {**os.environ, "MARKERS": str(markers)}
    done = subprocess.run(command, cwd=root, env=own, capture_output=True, text=True, check=False)
    assert [path.name for path in markers.iterdir()] == []
    assert done.returncode == 0 or "SecurityError" in done.stderr + done.stdout, done.stdout + done.stderr


def problems(root: Path) -> list[str]:
    return [str(one) for one in checking.check(root, with_pages=True).problems]


@pytest.mark.parametrize("function", ["os.system", "subprocess.run", "builtins.eval", "figures.people.read", ""])
def test_settings_name_no_function_that_reads_pages(tmp_path: Path, function: str) -> None:
    root = copy_book(tmp_path)
    change(
        root / "_config.yml",
        "html_static_path: []",
        f'html_static_path: []\n    nb_custom_formats: {{.x: ["{function}"]}}',
    )
    ran = tmp_path / "ran"
    (root / "book/tide.md").rename(root / "book/tide.x")
    (root / "book/tide.x").write_text(f"touch {ran}", "utf-8")
    assert any(one.startswith("_config.yml: nb_custom_formats: .x would be read by calling") for one in problems(root))
    subprocess.run([JUPYTER_BOOK, "build", str(root)], capture_output=True, check=False)
    assert not ran.exists()


@pytest.mark.parametrize(
    "text",
    [
        "```{include} /../../outside.md\n```",
        "```{include} ../../outside.md\n```",
        "```{literalinclude} ../../outside.md\n```",
        "```{csv-table}\n:file: ../../outside.md\n```",
        "```{eval-rst}\n.. include:: ../../outside.md\n```",
        "```{eval-rst}\n.. raw:: html\n   :file: ../../outside.md\n```",
        "{download}`x <../../outside.md>`",
        "![A picture](../../outside.png)",
    ],
)
def test_page_takes_in_no_file_from_outside(tmp_path: Path, text: str) -> None:
    root = copy_book(tmp_path)
    (tmp_path / "outside.md").write_text("secret\n", "utf-8")
    (tmp_path / "outside.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (root / "book/tide.md").write_text(f"# Tides\n\n{text}\n", "utf-8")
    said = problems(root)
    assert any("lies outside the report - copy it into the report" in one or "outside.md" in one for one in said), said


def test_page_may_take_in_a_file_of_the_report(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    (root / "book/part.md").write_text("A part.\n", "utf-8")
    (root / "book/tide.md").write_text("# Tides\n\n```{include} part.md\n```\n", "utf-8")
    assert not [one for one in problems(root) if "outside" in one]


def test_the_page_on_security_names_what_else_is_a_program(tmp_path: Path) -> None:
    said = (Path(__file__).parents[2] / "SECURITY.md").read_text("utf-8")
    for name in ("figures", "extensions", "Makefile", "`src/`", "_build"):
        assert name in said


def test_no_python_is_started_with_the_folder_of_a_report_first_on_its_path() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in (Path(__file__).parents[2] / "src").rglob("*.py")
        if "benchmark" not in path.parts
        for line in path.read_text("utf-8").splitlines()
        if re.search(  # the process for pages takes its first folder away by itself
            r'\[sys\.executable, "-[^PX]', line
        )
    ]
    assert found == [], 'write "-P" before the others'
