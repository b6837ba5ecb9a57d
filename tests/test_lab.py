"""JupyterLab, Binder and a dev container: sentences with their numbers, and cells that see the tables as they are."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import click
import pytest
from jupyter_client import BlockingKernelClient, KernelManager
from jupyter_client.kernelspec import KernelSpecManager
from playwright.sync_api import Browser

from evidencebook.lab import reloading, starting
from evidencebook.lab.sentences import Sentences
from evidencebook.lab.starting import SHARE
from tests.building import REPORT, build, change, copy_book, soup
from tests.pages import until

BINDER = {
    "https://github.com/o/tides": "https://binder.example/v2/gh/o/tides/main",
    "https://gitlab.com/o/tides.git": "https://binder.example/v2/gl/o%2Ftides/main",
}


@pytest.fixture
def tides(tmp_path: Path) -> Path:
    return copy_book(tmp_path)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{fact}`visitors-counted` came", "40 came"),
        ("{fact}`visitors-counted|number` people", "40 people"),
        ("It was {fact}`sum-paid`.", "It was over US$600 (unconfirmed)."),
        ("It was {fact}`sum-paid|told`.", "It was over US$600."),
        ("by {src}`harbour-log`", "by The Keeper, 1953"),
        ("{count}`claims theme=people|digits` claims", "4 claims"),
        ("{quote}`lookers|to look`", "“to look”"),
        ("{fact}`no-such`", "**unknown: no-such**"),
        ("{fact}`visitors-counted|shouted`", "**visitors-counted: "),
        ("{typed}`three | a name`, {ref}`there <ch-tide>`", "three, there"),
        ("as ``{fact}`lookers` `` writes", "as ``{fact}`lookers` `` writes"),
        ("```python\n{fact}`lookers`\n```\n", "```python\n{fact}`lookers`\n```\n"),
        ("see {numref}`fig-lookers`", "see fig-lookers"),
        ("{numref}`Figure %s <fig-lookers>`", "fig-lookers"),
        ("{term}`the tide`", "the tide"),
        ("{value}`sources harbour-lug`", "**sources harbour-lug: 'harbour-lug'**"),
    ],
)
def test_roles_are_told_in_words(tides: Path, source: str, told: str) -> None:
    assert Sentences(tides).told(source).replace("\N{NO-BREAK SPACE}", " ").startswith(told)


def test_figures_have_their_numbers_once_there_is_an_edition(tides: Path) -> None:
    html = tides / "_build/html/book"
    html.mkdir(parents=True)
    (html / "a.html").write_text('<p id="other">1</p><p id="fig-lookers">without a caption</p>', "utf-8")
    (html / "b.html").write_text('<p id="fig-lookers"><span class="caption-number">Fig. 1.1 </span></p>', "utf-8")
    assert Sentences(tides).told("see {numref}`fig-lookers`") == "see Fig. 1.1"
    assert Sentences(tides).told("see {numref}`fig-others`") == "see fig-others"


class Shell:
    """What of IPython's shell the extension asks for."""

    def __init__(self) -> None:
        self.user_ns: dict[str, object] = {}
        self.before: list[Callable[[], None]] = []
        self.events = self

    def register(self, event: str, call: Callable[[], None]) -> None:
        assert event == "pre_run_cell"
        self.before.append(call)


def test_names_follow_their_modules_and_none_stays_that_is_no_longer_there(
    tides: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tides / "book/gauges.py"
    module.write_text("LEVEL = 1\ndef level(): return 1\nclass Gauge: pass\n", "utf-8")
    monkeypatch.chdir(tides / "book")
    monkeypatch.syspath_prepend(str(tides / "book"))
    shell = Shell()
    reloading.load_ipython_extension(shell)
    exec("import gauges, json\nfrom gauges import level, Gauge\nown = Gauge()\nfrom json import loads", shell.user_ns)
    (look,) = shell.before
    before = dict(shell.user_ns)
    look()
    assert shell.user_ns == before  # nothing changed
    module.write_text("LEVEL = 22\ndef level(): return 22\nclass Gauge: pass\n", "utf-8")
    look()
    assert eval("(gauges.LEVEL, level())", shell.user_ns) == (22, 22)
    assert shell.user_ns["own"] is before["own"] and shell.user_ns["loads"] is before["loads"]
    assert shell.user_ns["Gauge"] is not before["Gauge"]
    module.unlink()
    with pytest.raises(ModuleNotFoundError):
        look()
    assert not {"gauges", "level", "Gauge"} & shell.user_ns.keys()


def test_where_there_is_no_report_nothing_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shell = Shell()
    reloading.load_ipython_extension(shell)
    assert shell.before == []


@pytest.mark.parametrize("has_pages", [True, False])
def test_jupyterlab_sees_the_whole_report_and_opens_its_pages(
    tides: Path, monkeypatch: pytest.MonkeyPatch, has_pages: bool
) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, words: became.append(words))
    monkeypatch.setattr(starting, "find_spec", lambda _: object())
    monkeypatch.setenv("JUPYTER_PATH", "/mine")
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    if not has_pages:
        (tides / "book").rename(tides / "pages")
    starting.start(tides, ["--no-browser"])
    assert became[0][1:4] == ["-P", "-m", "jupyterlab"] and became[0][-1] == "--no-browser"
    assert f"--ServerApp.root_dir={tides}" in became[0]
    assert f"--ServerApp.default_url=/lab{'/tree/book' * has_pages}" in became[0]
    assert os.environ["JUPYTER_PATH"] == f"{SHARE}{os.pathsep}/mine"
    assert os.environ["JUPYTER_CONFIG_PATH"] == str(SHARE / "config")


def test_where_jupyterlab_is_not_installed_that_is_said(tides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "find_spec", lambda _: None)
    with pytest.raises(click.ClickException, match="start it with `make lab`, which installs it"):
        starting.start(tides, [])


def test_sentences_follow_the_tables_and_say_what_is_wrong_with_them(tides: Path) -> None:
    sentences, path = Sentences(tides), tides / "data/claims.csv"
    assert sentences.told("{fact}`visitors-counted|number`") == "40"
    change(path, ",40,40,exact,", ",41,41,exact,")
    assert sentences.told("{fact}`visitors-counted|number`") == "41"
    change(path, ",41,41,exact,", ",many,41,exact,")
    assert "claims.csv" in sentences.told("{fact}`visitors-counted|number`")


@pytest.fixture
def kernel(tides: Path) -> Iterator[BlockingKernelClient]:
    """A kernel as JupyterLab starts it, beside the pages."""
    manager = KernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(SHARE / "kernels")]))
    manager.start_kernel(cwd=str(tides / "book"), env={**os.environ, "PYTHONPATH": str(REPORT / "src")})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel()


def ran(client: BlockingKernelClient, code: str) -> tuple[str, set[str]]:
    """What a cell shows as text, and in which forms."""
    texts, forms = [], set()

    def heard(message: dict[str, object]) -> None:
        content = message["content"]
        assert isinstance(content, dict)
        forms.update(content.get("data", ()))
        texts.extend(
            [content.get("data", {}).get("text/plain", ""), content.get("text", ""), content.get("evalue", "")]
        )

    client.execute_interactive(code, output_hook=heard, timeout=120)
    return "".join(map(str, texts)), forms


@pytest.mark.slow
def test_a_cell_that_runs_again_sees_tables_and_modules_as_they_are(kernel: BlockingKernelClient, tides: Path) -> None:
    shown, forms = ran(kernel, "from figures import people\nfrom figures.people import lookers\npeople.lookers()")
    assert "Points: 40 and" in shown
    assert "application/vnd.vegalite.v5+json" in forms
    change(tides / "data/claims.csv", ",40,40,exact,", ",41,41,exact,")
    assert "Points: 41 and" in ran(kernel, "people.lookers()")[0]
    change(tides / "book/figures/people.py", "Points:", "Dots:")
    assert "Dots: 41 and" in ran(kernel, "lookers()")[0]
    change(tides / "book/figures/people.py", "Dots:", 'Dots:" + "')
    change(tides / "data/claims.csv", ",41,41,exact,", ",many,41,exact,")
    assert "Dots" not in ran(kernel, "lookers()")[0]


@pytest.mark.needs("jupyterlab")
@pytest.mark.slow
@pytest.mark.thorough
def test_jupyterlab_shows_sentences_with_their_numbers_and_charts_to_explore(
    tides: Path, tmp_path: Path, chromium: Browser
) -> None:
    port = "8871"
    options = ["--no-browser", f"--port={port}", "--ServerApp.token=t", "--allow-root", "--LabApp.news_url=none"]
    command = [sys.executable, "-m", "evidencebook", "lab", "--root", str(tides), *options]
    own = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(REPORT / "src")}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=own, stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                urlopen(f"http://127.0.0.1:{port}/api?token=t").close()
                break
            except URLError:
                time.sleep(0.2)
        tab = chromium.new_page()
        tab.goto(f"http://127.0.0.1:{port}/lab/tree/book/tide.md?token=t")
        said = "words => document.querySelector('.jp-Notebook')?.innerText.replaceAll('\\u00a0', ' ').includes(words)"
        until(tab, said, "Between 40 and")
        assert urlopen(f"http://127.0.0.1:{port}/api/contents/data?token=t").status == 200
        change(tides / "data/claims.csv", ",40,40,exact,", ",41,41,exact,")
        tab.click(".jp-CodeCell")
        tab.keyboard.press("Shift+Enter")
        until(tab, "() => document.querySelector('.jp-CodeCell .vega-embed .marks')")
        until(tab, said, "Between 41 and")
        tab.close()
    finally:
        server.terminate()
        server.wait()


@pytest.mark.slow
@pytest.mark.parametrize("repository", BINDER)
def test_a_page_with_code_leads_to_where_it_may_be_run(tides: Path, repository: str) -> None:
    config = tides / "_config.yml"
    hubs = "{binderhub_url: https://binder.example, jupyterhub_url: https://hub.example}"
    text = f"repository: {{url: {repository}, path_to_book: docs, branch: main}}\nlaunch_buttons: {hubs}\n"
    config.write_text(text + config.read_text("utf-8"), "utf-8")
    done = build(tides)
    assert done.returncode == 0, done.stdout + done.stderr
    binder, hub = soup(tides / "_build/html/book/tide.html").select(".tools a[rel=external]")
    address, _, asked = str(binder["href"]).partition("?")
    assert address == BINDER[repository]
    assert parse_qs(asked) == {"urlpath": ["lab/tree/docs/book/tide.md"]}
    assert parse_qs(urlsplit(str(hub["href"])).query)["urlpath"] == ["lab/tree/tides/docs/book/tide.md"]
    assert not soup(tides / "_build/html/book/ledger.html").select(".tools a[rel=external]")


def test_without_a_repository_no_page_leads_anywhere() -> None:
    text = (REPORT / "_config.yml").read_text("utf-8")
    assert re.search(r"^(repository|  binderhub_url):", text, re.MULTILINE) is None


def test_binder_and_the_dev_container_start_what_make_lab_starts() -> None:
    for script in ("postBuild", "start"):
        path = REPORT / ".binder" / script
        assert os.access(path, os.X_OK)
        subprocess.run(["sh", "-n", str(path)], check=True)
    shown = subprocess.run(
        [str(REPORT / ".binder/start"), "sh", "-c", 'echo "$JUPYTER_PATH $JUPYTER_CONFIG_PATH"'],
        cwd=REPORT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert [Path(one).resolve() for one in shown] == [SHARE.resolve(), (SHARE / "config").resolve()]
    (needed,) = (REPORT / ".binder/requirements.txt").read_text("utf-8").split("\n")[:1]
    assert (REPORT / ".binder" / needed.removeprefix("-r ")).is_file()
    container = json.loads((REPORT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    target = container["postCreateCommand"].removeprefix("make ")
    assert re.search(rf"^{re.escape(target)}:", (REPORT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for path in SHARE.rglob("*.json"):
        json.loads(path.read_text("utf-8"))
