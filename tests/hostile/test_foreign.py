"""In a folder that somebody else made nothing runs but the code of its notebooks, whatever lies there."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from evidencebook.build import made_here
from evidencebook.changes import bases
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
    "_ext/traps.py", "book/_ext/traps.py", "book/json.py", "book/ipykernel.py",
    "book/ipython_kernel_config.py", "book/sitecustomize.py", ".ipython/profile_default/startup/00.py",
    ".jupyter/jupyter_config.py", "theme.py", "book/_static/static.py",
]  # fmt: skip
PTH = "import os; open(os.environ['MARKERS'] + '/pth', 'w').close()\n"
PROGRAM = "#!/bin/sh\ntouch $MARKERS/program\n"
# What other programs would read as their settings, or run: of these nothing is Python.
FILES = {
    "trap.pth": PTH, "book/trap.pth": PTH, ".env": "EVIDENCE_TEXTS=/nowhere\nPYTHONPATH=.\n", "pip.conf": "[global]\nno-index = x\n",
    "setup.cfg": "[options.entry_points]\nsphinx.builders =\n  html = traps\n", "jinja.json": "{{ 7 * 7 }}", "sitecustomize.sh": PROGRAM,
    "pyproject.toml": '[project.entry-points."sphinx.builders"]\nhtml = "traps"\n[tool.pytest.ini_options]\naddopts = "-p traps"\n',
    "Makefile": "html:\n\ttouch $$MARKERS/make\n$(shell touch $$MARKERS/make)\n", "latexmkrc": "system('touch $ENV{MARKERS}/tex');\n",
    "evidencebook.egg-info/entry_points.txt": "[sphinx.builders]\nhtml = traps\n", "git": PROGRAM, "dot": PROGRAM, "bin/python": PROGRAM,
    "jupyter-book": PROGRAM, "python": PROGRAM, "kernels/python3/kernel.json": '{"argv": ["./python"], "language": "python"}',
}  # fmt: skip


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
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
        (root / name).chmod(0o755)
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


def test_a_module_beside_pages_is_run_by_their_cells_alone(tmp_path: Path, markers: Path) -> None:
    root = copy_book(tmp_path)
    for name in ("book/pandas.py", "book/altair.py", "book/figures/traps.py"):
        (root / name).write_text(TRAP.format(name=name), "utf-8")
    own = {**os.environ, "MARKERS": str(markers)}
    subprocess.run([EVIDENCEBOOK, "check", "--root", str(root)], env=own, check=True, capture_output=True)
    (root / "book/tide.md").write_text("(ch-tide)=\n# Tides\n\n(fig-lookers)=\nWithout cells.\n", "utf-8")
    subprocess.run([JUPYTER_BOOK, "build", str(root)], env=own, check=True, capture_output=True)
    assert (root / "_build/html/book/tide.html").exists() and not [*markers.iterdir()]


def problems(root: Path) -> list[str]:
    return [str(one) for one in checking.check(root, with_pages=True).problems]


@pytest.mark.parametrize("mode", ["traced", "stock"])
def test_of_a_folder_of_results_that_came_along_nothing_is_loaded(tmp_path: Path, mode: str) -> None:
    """Whoever knows the place of a report, such as a container's, can give its build every file but the mark."""
    root, ran = copy_book(tmp_path), tmp_path / "ran"
    change(root / "_config.yml", "html_static_path: []", f"html_static_path: []\n    evidence_execution: {mode}")
    build = [JUPYTER_BOOK, "build", str(root)]
    subprocess.run(build, capture_output=True, check=True)
    doctrees = root / "_build/.doctrees"
    trees = [*doctrees.rglob("*.doctree"), doctrees / "environment.pickle"]
    assert len(trees) > 3
    for path in trees:
        path.write_bytes(pickle.dumps(Touch(str(ran))))
    for path in doctrees.rglob("*.js"):  # which readers' browsers would run
        path.write_text("planted()", "utf-8")
    for path in (root / "_build/html").rglob("*.html"):
        path.write_text("planted", "utf-8")
    (doctrees / "made-here").write_bytes(b"0" * 64)
    subprocess.run(build, capture_output=True, check=True)
    assert not ran.exists()
    found = [path for path in (root / "_build").rglob("*") if path.suffix in (".html", ".js")]
    assert found and not [path.name for path in found if path.read_text("utf-8").startswith("planted")]


class Touch:
    """What leaves a file where it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return os.system, (f"touch {self.path}",)


def test_what_a_build_remembers_is_of_its_folder_and_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(name: str, place: str = "here") -> bool:
        monkeypatch.setattr(made_here, "PLACES", (tmp_path / "file" / "none", tmp_path / place))
        made_here._secret.cache_clear()
        doctrees = tmp_path / name / ".doctrees"
        doctrees.mkdir(parents=True, exist_ok=True)
        made_here.believe_own(doctrees)
        was = (doctrees / "executed").is_dir()
        (doctrees / "executed").mkdir(exist_ok=True)
        return was

    (tmp_path / "file").touch()  # a place that cannot be written in
    assert not kept("a") and kept("a") and not kept("b")
    assert not kept("a", "elsewhere") and kept("a", "elsewhere")
    shutil.copytree(tmp_path / "a", tmp_path / "c")
    assert not kept("c", "elsewhere")
    (tmp_path / "d").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/kept").touch()
    (tmp_path / "d/.doctrees").symlink_to(tmp_path / "mine")
    assert not kept("d") and (tmp_path / "mine/kept").exists() and not (tmp_path / "d/.doctrees").is_symlink()
    made_here._secret.cache_clear()


def test_settings_of_a_repository_run_nothing_where_a_revision_is_compared(tmp_path: Path) -> None:
    """The file system monitor, text converters, filters, signatures, hooks, and hosts of which objects would be had."""
    root, ran = copy_book(tmp_path), tmp_path / "ran"
    (root / "data/editions.csv").write_text("version,day\n", "utf-8")
    (root / ".gitattributes").write_text("*.csv diff=evil filter=evil\n*.md diff=evil filter=evil\n", "utf-8")

    def git(*words: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "one")
    (root / "data/editions.csv").write_text("version,day\n1.0,2026-11-30\n", "utf-8")
    git("commit", "-am", "1.0")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 $@ >>{ran}\ncat\n", "utf-8")
    program.chmod(0o755)
    for name in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "core.gitProxy", "core.editor", "core.askPass"),
        *("diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "filter.evil.process"),
        *(
            "gpg.program",
            "credential.helper",
            "uploadpack.packObjectsHook",
            "tar.tar.command",
            "interactive.diffFilter",
        ),
    ):
        git("config", name, str(program))
    git("config", "log.showSignature", "true")
    git("config", "core.hooksPath", str(tmp_path))
    (tmp_path / "post-checkout").symlink_to(program)
    subprocess.run(["git", "-C", str(root), "status"], capture_output=True, check=False)
    assert ran.exists(), "git itself runs them"
    ran.unlink()
    for named in ("1.0", "HEAD"):
        copy = tmp_path / f"copy-{named}"
        bases._check_out(root, bases._revision(root, named), copy)
        assert "1.0,2026-11-30" in (copy / "data/editions.csv").read_text("utf-8")
    for wanted in ("2.0", "nothing"):
        with pytest.raises(bases.NoBase, match="is no revision, recorded edition"):
            bases._revision(root, wanted)
    assert not ran.exists(), ran.read_text("utf-8")


@pytest.mark.parametrize(
    "setting",
    [
        "myst_heading_slug_func: os.system", "template_bridge: figures.people.Bridge", "pygments_style: this.s",
        "html_search_options: {type: mecab, lib: ./evil.so}",
    ],
)  # fmt: skip
def test_settings_name_nothing_that_is_imported_and_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    root, ran = copy_book(tmp_path), tmp_path / "ran"
    monkeypatch.setenv("RAN", str(ran))
    extra = f"html_static_path: []\n    myst_heading_anchors: 2\n    {setting}"
    change(root / "_config.yml", "html_static_path: []", extra)
    (root / "book/tide.md").write_text("# touch $RAN\n\nText.\n", "utf-8")
    name = setting.partition(": ")[0]
    said = [one for one in problems(root) if one.startswith(f"_config.yml: {name}: ") and "would be imported" in one]
    assert len(said) == 1, problems(root)
    done = subprocess.run([JUPYTER_BOOK, "build", str(root)], capture_output=True, text=True, check=False)
    assert (done.returncode, ran.exists()) == (0, False), done.stderr
    assert f"{name}: " in done.stderr


@pytest.mark.parametrize(
    "setting",
    ["html_extra_path: [OUT]", "html_extra_path: [../out]", "html_favicon: OUT/x.svg", "html_logo: ../out/x.svg"],
)
def test_settings_publish_nothing_from_outside(tmp_path: Path, setting: str) -> None:
    root, out = copy_book(tmp_path), tmp_path / "out"
    out.mkdir()
    (out / "x.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    setting = setting.replace("OUT", str(out))
    change(root / "_config.yml", "html_static_path: []", f"html_static_path: []\n    {setting}")
    said = problems(root)
    assert len(said) == 1 and "lies outside the report - copy it into the report" in said[0], said
    subprocess.run([JUPYTER_BOOK, "build", str(root)], capture_output=True, check=False)
    assert (root / "_build/html/index.html").exists() and not [*(root / "_build/html").rglob("x.svg")]


def test_a_page_asks_no_host(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        host = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        page = (
            f"# Tides\n\n```{{csv-table}}\n:url: {host}\n```\n\n```{{eval-rst}}\n.. raw:: html\n   :url: {host}\n```\n"
        )
        (root / "book/tide.md").write_text(page, "utf-8")
        said = problems(root)
        assert sum("url" in one and one.startswith("book/tide.md:") for one in said) == 2, said
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['touch RAN']", "!!python/name:os.system", "!include /etc/passwd"]
)
def test_settings_make_no_objects(tmp_path: Path, tag: str) -> None:
    root, ran = copy_book(tmp_path), tmp_path / "ran"
    text = (root / "_config.yml").read_text("utf-8")
    (root / "_config.yml").write_text(f"{text}    nb_x: {tag.replace('RAN', str(ran))}\n", "utf-8")
    assert any(one.startswith("_config.yml:") and "not YAML" in one for one in problems(root))
    subprocess.run([JUPYTER_BOOK, "build", str(root)], capture_output=True, check=False)
    assert not ran.exists()


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
        "```{code-cell} python\n:load: ../../outside.md\n```",
    ],
)
def test_page_takes_in_no_file_from_outside(tmp_path: Path, text: str) -> None:
    root = copy_book(tmp_path)
    (tmp_path / "outside.md").write_text("secret\n", "utf-8")
    (tmp_path / "outside.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    front = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n" if "code-cell" in text else ""
    (root / "book/tide.md").write_text(f"{front}# Tides\n\n{text}\n", "utf-8")
    said = problems(root)
    assert any("lies outside the report - copy it into the report" in one or "outside.md" in one for one in said), said


def test_page_may_take_in_a_file_of_the_report(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    (root / "book/part.md").write_text("A part.\n", "utf-8")
    (root / "book/tide.md").write_text("# Tides\n\n```{include} part.md\n```\n", "utf-8")
    assert not [one for one in problems(root) if "outside" in one]


def test_the_page_on_security_names_what_else_is_a_program(tmp_path: Path) -> None:
    said = (Path(__file__).parents[2] / "SECURITY.md").read_text("utf-8")
    for name in ("figures", "extensions", "Makefile", "`src/`", ".venv", "beside its", "intersphinx_mapping"):
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
