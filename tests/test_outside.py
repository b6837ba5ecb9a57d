"""Addresses outside the report: asked one at a time of each host, believed for a while, told as they answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from evidencebook.upkeep import links
from evidencebook.upkeep.links import Answer, Memory


class Host(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012
    at_once = 0
    most_at_once = 0

    def do_GET(self) -> None:
        Host.asked.append(self.path)
        Host.at_once += 1
        Host.most_at_once = max(Host.most_at_once, Host.at_once)
        time.sleep(0.02)
        Host.at_once -= 1
        code = {"/refused": 403, "/gone": 404, "/broken": 500, "/moved": 301}.get(self.path, 200)
        self.send_response(code)
        if code == 301:
            self.send_header("Location", "/fine")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def host() -> Iterator[str]:
    Host.asked, Host.most_at_once = [], 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def states(host: str, memory: Memory, *paths: str) -> dict[str, str]:
    answers = links.check([f"{host}{path}" for path in paths], memory, lambda *_: None, pause=0)
    return {url.removeprefix(host): answer.state for url, answer in answers.items()}


def test_each_answer_is_called_what_it_is(host: str, tmp_path: Path) -> None:
    found = states(host, Memory(tmp_path / "links.json"), "/fine", "/moved", "/refused", "/gone", "/broken")
    assert found == {
        "/fine": "ok", "/moved": "moved", "/refused": "refused", "/gone": "gone", "/broken": "unreachable",
    }  # fmt: skip


def test_a_host_that_does_not_answer_is_unreachable_and_not_gone(tmp_path: Path) -> None:
    assert links.ask("http://127.0.0.1:9/").state == "unreachable"


def test_a_host_is_asked_one_thing_at_a_time_and_no_address_twice(host: str, tmp_path: Path) -> None:
    states(host, Memory(tmp_path / "links.json"), "/a", "/b", "/c#one", "/c#two", "/d")
    assert Host.asked == ["/a", "/b", "/c", "/d"]
    assert Host.most_at_once == 1


def test_good_answers_are_believed_for_a_while_and_others_are_asked_again(host: str, tmp_path: Path) -> None:
    path = tmp_path / "links.json"
    states(host, Memory(path), "/fine", "/gone", "/refused")
    Host.asked.clear()
    states(host, Memory(path), "/fine", "/gone", "/refused")
    assert Host.asked == ["/gone", "/refused"]
    old = Answer("ok", "200", time.time() - links.KEPT - 1)
    Memory(path).keep({f"{host}/fine": old})
    Host.asked.clear()
    states(host, Memory(path), "/fine")
    assert Host.asked == ["/fine"]


def test_a_damaged_memory_is_an_empty_one(host: str, tmp_path: Path) -> None:
    path = tmp_path / "links.json"
    path.write_text("{ not json", "utf-8")
    assert states(host, Memory(path), "/fine") == {"/fine": "ok"}


def test_addresses_of_another_kind_are_left_alone(tmp_path: Path) -> None:
    assert links.check(["mailto:x@example.org", "urn:isbn:1"], Memory(tmp_path / "l.json"), lambda *_: None) == {}
