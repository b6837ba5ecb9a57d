"""Whether the addresses outside the report still answer: asked seldom, one at a time of each host, told as it was."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import requests

from evidencebook.writing import write_whole

AGENT = "Mozilla/5.0 (compatible; evidencebook link check)"
TIMEOUT = 20.0  # seconds for one answer
PAUSE = 1.0  # seconds between two questions to one host
HOSTS_AT_ONCE = 8
KEPT = 7 * 24 * 3600.0  # seconds for which a good answer is believed
# What a server says to programs that it does not like: the page may be there for readers.
REFUSALS = {401, 403, 405, 406, 429, 451, 503, 999}
GONE = {404, 410}
STATES = ("ok", "moved", "refused", "gone", "unreachable")


@dataclass(frozen=True)
class Answer:
    """What an address answered: `state` is one of STATES, `asked` is in seconds since 1970."""

    state: str
    detail: str
    asked: float


class Memory:
    """Answers of earlier runs, in a file; a damaged or missing one is an empty one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Answer] = {}
        with suppress(OSError, ValueError, TypeError):
            self._known = {url: Answer(**one) for url, one in json.loads(path.read_text("utf-8")).items()}

    def fresh(self, url: str, now: float) -> Answer | None:
        """Return a good answer that is recent enough; what was refused or gone is asked again."""
        known = self._known.get(url)
        return known if known and known.state in {"ok", "moved"} and now - known.asked < KEPT else None

    def keep(self, answers: Mapping[str, Answer]) -> None:
        """Write the answers, and forget addresses that are no longer asked for."""
        text = json.dumps({url: asdict(answers[url]) for url in sorted(answers)}, indent=1)
        write_whole(self._path, f"{text}\n".encode())


def ask(url: str) -> Answer:
    """Return what one address answers now."""
    now = time.time()
    try:
        headers = {"User-Agent": AGENT, "Accept": "text/html,*/*;q=0.8"}
        with requests.get(url, headers=headers, timeout=TIMEOUT, stream=True) as reply:
            code, final = reply.status_code, reply.url
    except requests.exceptions.RequestException as error:
        return Answer("unreachable", type(error).__name__, now)
    if code in GONE:
        return Answer("gone", str(code), now)
    if code in REFUSALS:
        return Answer("refused", str(code), now)
    if code >= 400:
        return Answer("unreachable", str(code), now)
    moved = final.rstrip("/") != url.rstrip("/")
    return Answer("moved", final, now) if moved else Answer("ok", str(code), now)


def check(
    urls: Iterable[str], memory: Memory, told: Callable[[str, Answer], None],
    asking: Callable[[str], Answer] = ask, pause: float = PAUSE,
) -> dict[str, Answer]:  # fmt: skip
    """Return the answer of every address, fragments left aside; hosts side by side, each asked one thing at a time."""
    now = time.time()
    by_host: dict[str, list[str]] = defaultdict(list)
    answers: dict[str, Answer] = {}
    for url in sorted({urldefrag(url).url for url in urls}):
        if urlsplit(url).scheme not in {"http", "https"}:
            continue
        known = memory.fresh(url, now)
        if known is not None:
            answers[url] = known
        else:
            by_host[urlsplit(url).netloc].append(url)

    def ask_host(host: str) -> dict[str, Answer]:
        found = {}
        for number, url in enumerate(by_host[host]):
            if number:
                time.sleep(pause)
            found[url] = asking(url)
            told(url, found[url])
        return found

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for found in pool.map(ask_host, sorted(by_host)):
            answers |= found
    memory.keep(answers)
    return answers
