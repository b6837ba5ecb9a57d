"""Addresses outside the report: each host is asked one thing at a time, told as it answered, and not again too soon."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from evidencebook.cli import main
from evidencebook.upkeep.links import KEPT, STATES, Answer, Memory, ask, check


class Host(BaseHTTPRequestHandler):
    """Answers with the status that the path names; `/moved` leads to `/200`."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        self.send_response(301 if name == "moved" else int(name))
        if name == "moved":
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "state", "detail"),
    [
        ("200", "ok", "200"), ("moved", "moved", "/200"), ("404", "gone", "404"), ("410", "gone", "410"),
        ("403", "refused", "403"), ("429", "refused", "429"), ("500", "unreachable", "500"),
    ],
)  # fmt: skip
def test_an_answer_is_told_as_it_was(host: str, path: str, state: str, detail: str) -> None:
    found = ask(f"{host}/{path}")
    assert (found.state, found.detail.removeprefix(host)) == (state, detail)


def test_a_host_that_does_not_answer_is_unreachable() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/200"
    assert ask(address).state == "unreachable"


def test_good_answers_are_believed_for_a_while_and_others_are_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "links.json"
    asked: list[str] = []

    def asking(url: str) -> Answer:
        asked.append(url)
        return Answer("gone" if "gone" in url else "ok", "", 0.0 if "old" in url else 1e12)

    urls = ["https://a.org/x#part", "https://a.org/x", "https://a.org/gone", "https://b.org/old", "mailto:a@a.org"]
    told: list[str] = []
    found = check(urls, Memory(path), lambda url, _: told.append(url), asking, pause=0)
    assert (
        sorted(found) == sorted(asked) == sorted(told) == ["https://a.org/gone", "https://a.org/x", "https://b.org/old"]
    )
    asked.clear()
    again = check(urls, Memory(path), lambda *_: None, asking, pause=0)
    assert (sorted(asked), again.keys()) == (["https://a.org/gone", "https://b.org/old"], found.keys())
    assert Memory(path).fresh("https://a.org/x", 1e12 + KEPT - 1)
    assert Memory(path).fresh("https://a.org/x", 1e12 + KEPT) is None
    check(["https://a.org/x"], Memory(path), lambda *_: None, asking, pause=0)
    assert [*json.loads(path.read_text("utf-8"))] == ["https://a.org/x"], "what is no longer named is forgotten"
    path.write_text("[", "utf-8")
    assert Memory(path).fresh("https://a.org/x", 0.0) is None


def test_a_host_is_asked_one_thing_at_a_time() -> None:
    busy: set[str] = set()
    order: list[str] = []

    def asking(url: str) -> Answer:
        name = url.split("/")[2]
        assert name not in busy
        busy.add(name)
        order.append(url)
        busy.discard(name)
        return Answer("ok", "", 1e12)

    urls = [f"https://{name}.org/{number}" for name in "abc" for number in range(5)]
    memory = type("None", (), {"fresh": lambda *_: None, "keep": lambda *_: None})()
    check(urls, memory, lambda *_: None, asking, pause=0.001)
    for name in "abc":
        assert [url for url in order if f"/{name}." in url] == [f"https://{name}.org/{number}" for number in range(5)]


def test_the_command_asks_for_what_pages_name_and_tells_what_is_gone(tmp_path: Path, host: str) -> None:
    def said(*paths: str) -> tuple[int, str, str]:
        anchors = "".join(f'<a href="{host}/{path}">x</a>' for path in paths)
        (tmp_path / "_build/html").mkdir(parents=True, exist_ok=True)
        (tmp_path / "_build/html/index.html").write_text(
            f"<!DOCTYPE html><html><head><title>T</title></head><body><main>{anchors}</main></body></html>", "utf-8"
        )
        found = CliRunner().invoke(main, ["links", "--root", str(tmp_path)])
        return found.exit_code, found.stdout, found.stderr

    none = CliRunner().invoke(main, ["links", "--root", str(tmp_path)])
    assert (
        none.exit_code == 1 and "there is no web edition to look through - run `evidencebook book` first" in none.output
    )
    code, out, _ = said("200")
    assert (code, out.splitlines()[-1]) == (0, "1 ok")
    code, out, _ = said("200", "403")
    assert code == 0 and "1 ok, 1 refused" in out and "some hosts do not answer programs" in out
    code, out, error = said("200", "404")
    assert (code, error) == (1, f"{host}/404: gone (404); named on index.html\n")
    assert set(STATES) == {"ok", "moved", "refused", "gone", "unreachable"}
