"""Links of pages that no reader should follow fail the build, each with its file and line."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.building import STRICT, build, change, copy_book

pytestmark = pytest.mark.slow

TIDE = "      - file: book/tide\n"
PAGE = """# Links

A [page](https://example.org/a), a [mailbox](mailto:keeper@example.org), [another page](tide.md) and [a place](#here).

(here)=
## Wrong ones

First,
[no address](https:foo).

- A [password](https://user:secret@example.org/).

| what | where |
|---|---|
| a port | [port](https://example.org:99999/) |

<http://>

Reached by itself: http://example.org:0/x.

[another host](//example.org/x)

```{eval-rst}
Here is `a script <javascript:alert(1)>`_ to run.

.. image:: /picture.svg
   :target: vbscript:x
   :alt: a picture
```
"""
WRONG = [
    (8, "https:foo"),
    (11, "https://user:secret@example.org/"),
    (15, "https://example.org:99999/"),
    (17, "http://"),
    (19, "http://example.org:0/x"),
    (24, "javascript:alert(1)"),
    (24, "vbscript:x"),  # a picture of that markup does not know its own line
]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    root = copy_book(tmp_path_factory.mktemp("links"))
    (root / "book/links.md").write_text(PAGE, "utf-8")
    (root / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    change(root / "_toc.yml", TIDE, f"{TIDE}      - file: book/links\n")
    return build(root, *STRICT)


def test_each_wrong_link_is_told_with_its_line(done: subprocess.CompletedProcess[str]) -> None:
    told = re.findall(r"book/links\.md:(\d+): WARNING: '(.*?)' is no address to link to: .+ - write a", done.stderr)
    assert [(int(line), address) for line, address in told] == WRONG


def test_build_fails(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode != 0
    assert f"{len(WRONG)} faults in pages" in done.stderr


def test_no_other_link_is_complained_of(done: subprocess.CompletedProcess[str]) -> None:
    assert "example.org/a'" not in done.stderr and "keeper" not in done.stderr
