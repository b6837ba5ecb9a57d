"""What the preview hears of saved files, with and without a system that tells, and how it serves an edition."""

from __future__ import annotations

import http.client
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from evidencebook.lab import starting
from evidencebook.preview import watching
from evidencebook.preview.server import Server, Site


@pytest.fixture(params=["told by the system", "looked at"])
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[watching.Files]:
    """The files of a folder with a page and a table, watched in one of two ways."""
    if request.param == "looked at":
        monkeypatch.setattr(watching, "_inotify", lambda: None)
        monkeypatch.setattr(watching, "LOOK", 0.01)
    (tmp_path / "book/deep").mkdir(parents=True)
    (tmp_path / "book/page.md").write_text("# A\n", "utf-8")
    (tmp_path / "book/deep/table.csv").write_text("a\n1\n", "utf-8")
    found = watching.Files([tmp_path / "book", tmp_path / "nowhere"])
    yield found
    found.close()


def test_saves_are_news_and_what_stays_the_same_is_none(files: watching.Files, tmp_path: Path) -> None:
    page, table = tmp_path / "book/page.md", tmp_path / "book/deep/table.csv"
    assert files.changed(0.05) == set()
    os.utime(page)
    page.write_text("# A\n", "utf-8")
    assert files.changed(0.2) == set()
    page.write_text("# B\n", "utf-8")
    assert files.changed(2) == {str(page)}
    assert files.changed(0.05) == set()
    swap = page.with_name("page.md~")
    swap.write_text("# C\n", "utf-8")
    assert files.changed(0.2) == set()
    swap.replace(page)  # as an editor saves
    table.unlink()
    news = files.changed(2)
    while news != {str(page), str(table)}:
        more = files.changed(2)
        assert more, news
        news |= more


def test_a_new_folder_is_watched_and_one_that_goes_takes_its_files_along(files: watching.Files, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made/new.md").write_text("# New\n", "utf-8")
    (tmp_path / "made").rename(tmp_path / "book/made")
    assert files.changed(2) == {str(tmp_path / "book/made/new.md")}
    (tmp_path / "book/made/new.md").write_text("# Newer\n", "utf-8")
    assert files.changed(2) == {str(tmp_path / "book/made/new.md")}
    (tmp_path / "book/deep").rename(tmp_path / "gone")
    assert files.changed(2) == {str(tmp_path / "book/deep/table.csv")}


def test_more_news_than_the_system_keeps_is_found_by_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inotify_simple = pytest.importorskip("inotify_simple")
    page = tmp_path / "page.md"
    page.write_text("# A\n", "utf-8")
    files = watching.Files([tmp_path])
    lost = [inotify_simple.Event(-1, inotify_simple.flags.Q_OVERFLOW, 0, "")]
    told = SimpleNamespace(read=lambda timeout: [lost.pop()] if lost else [], close=files._notices.close)
    monkeypatch.setattr(files, "_notices", told)
    page.write_text("# B\n", "utf-8")
    assert files.changed(0.5) == {str(page)}
    files.close()


# --- the server -------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of an edition with two pages, one of them in a folder."""
    for name, said in (
        ("index.html", "<head></head>Front"),
        ("book/index.html", "<head></head>Book"),
        ("a.css", "a {}"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(said, "utf-8")
    found = Server(0, Site(tmp_path))
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


def asked(server: Server, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
    connection.request(method, path)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_a_folder_leads_to_its_page_and_whoever_asks_for_the_head_gets_no_more(server: Server) -> None:
    status, headers, _ = asked(server, "GET", "/book")
    assert (status, headers["Location"]) == (301, "/book/")
    status, headers, content = asked(server, "GET", "/book/")
    assert status == 200 and b"Book" in content and b"/-preview/preview.js" in content
    assert asked(server, "HEAD", "/book/")[1]["Content-Length"] == headers["Content-Length"]
    assert asked(server, "HEAD", "/book/")[2] == b""
    assert asked(server, "GET", "/a.css")[1]["Content-Type"].startswith("text/css")
    assert asked(server, "GET", "/-preview/preview.js")[0] == 200
    assert asked(server, "GET", "/-preview/other")[0] == 404
    assert asked(server, "GET", "/none.html")[0] == 404


def test_where_nothing_is_made_yet_the_page_says_so(tmp_path: Path) -> None:
    with Server(0, Site(tmp_path / "none")) as found:
        threading.Thread(target=found.handle_request).start()
        status, _, content = asked(found, "GET", "/")
    assert status == 404 and b"There is no page here yet." in content


def test_whoever_looks_is_let_go_at_the_end(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
    connection.request("GET", "/-preview/events?page=/index.html&digest=x")
    answer = connection.getresponse()
    assert answer.readline().startswith(b"event: reload")
    server.site.close()
    assert b"event" not in answer.read()
    connection.close()


# --- JupyterLab -------------------------------------------------------------------------------------------------------


def test_jupyterlab_opens_the_pages_of_the_report_or_how_to_get_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "find_spec", lambda _: None)
    with pytest.raises(click.ClickException, match="JupyterLab is not installed - start it with `make lab`"):
        starting.start(tmp_path, ())
    started: list[list[str]] = []
    monkeypatch.setattr(starting, "find_spec", lambda name: name)
    monkeypatch.setattr(os, "execv", lambda _, command: started.append(command))
    monkeypatch.setenv("JUPYTER_PATH", "/own")
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    starting.start(tmp_path, ("--no-browser",))
    assert os.environ["JUPYTER_PATH"].endswith(f"{os.pathsep}/own")
    assert os.environ["JUPYTER_CONFIG_PATH"] == str(starting.SHARE / "config")
    (tmp_path / "book").mkdir()
    starting.start(tmp_path, ())
    first, second = started
    assert first[2:4] == ["-m", "jupyterlab"] and first[-1] == "--no-browser"
    assert first[4:6] == [f"--ServerApp.root_dir={tmp_path}", "--ServerApp.default_url=/lab"]
    assert second[5] == "--ServerApp.default_url=/lab/tree/book"
