"""A build that stays in memory: when the edition is made, forks of it rewrite single pages as soon as asked.

Whatever a fork does ends with it, so that each begins from what the whole build has read. The process is started with
the number of a socket on which it tells that the edition is made, and then takes orders, one JSON object a line:
`{"number", "pages", "folder", "check"}` is answered by the number and `problems`; where there are none, the pages lie
in the folder. A new order ends one that is being carried out, and the end of the socket ends the process.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import jupyter_book.sphinx
from jupyter_book.cli.main import main
from sphinx.application import Sphinx
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util.build_phase import BuildPhase

from evidencebook.build import telling
from evidencebook.build.execution import AHEAD_OF_PAGES, again, start_ahead
from evidencebook.build.freshness import CHANGED, RUNNER
from evidencebook.build.lending import lent
from evidencebook.check import anchors, checking
from evidencebook.execution.environment import can_fork
from evidencebook.preview.heard import Heard
from evidencebook.tables.problems import lines

TOLD = "problems.json"
Counts: TypeAlias = list[tuple[EnvironmentCollector, dict[str, Any]]]


@contextmanager
def closing_descriptor(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def counts(app: Sphinx) -> Counts:
    """Return those who number sections and figures, with what they know before they begin: some count on and on."""
    listeners = (one.handler for one in app.events.listeners["env-get-updated"])
    collectors = (getattr(one, "__self__", None) for one in listeners)
    return [(one, dict(vars(one))) for one in collectors if isinstance(one, EnvironmentCollector)]


class Rewriter:
    """Rewrites pages of an edition that its application has just made."""

    def __init__(self, app: Sphinx, orders: socket.socket, numbering: Counts) -> None:
        self._app, self._orders, self._numbering = app, orders, numbering
        self._edition = Path(app.outdir)
        self._unread = b""
        for docname in app.env.all_docs:  # another build may remove the files
            app.env._write_doc_doctree_cache.setdefault(docname, app.env.get_doctree(docname))
        app.builder.prepare_writing(set(app.env.all_docs))
        if AHEAD_OF_PAGES.of(app) is None:  # nothing had changed
            start_ahead(app)
        if workers := AHEAD_OF_PAGES.of(app):
            workers.wake()

    def serve(self) -> None:
        """Carry out orders until there are no more."""
        order = self._next()
        while order is not None:
            child = os.fork()
            if not child:
                # Nothing is called that the whole build has registered for its end.
                os._exit(self._carried_out(order))
            with closing_descriptor(os.pidfd_open(child)) as ended:
                if self._orders.fileno() in select.select([self._orders.fileno(), ended], [], [])[0]:
                    os.kill(child, signal.SIGKILL)
                    self._renew_workers()  # it may have been talking to them
            os.waitpid(child, 0)
            told = Path(order["folder"], TOLD)
            problems = json.loads(told.read_text("utf-8")) if told.exists() else []
            self._orders.sendall(f"{json.dumps({'number': order['number'], 'problems': problems})}\n".encode())
            order = self._next()
        if workers := AHEAD_OF_PAGES.of(self._app):
            workers.close()

    def _next(self) -> dict[str, Any] | None:
        """Return the latest order, or None where there will be none: those before it nobody waits for any more."""
        while b"\n" not in self._unread:
            piece = self._orders.recv(1 << 16)
            if not piece:
                return None
            self._unread += piece
        *lines, self._unread = self._unread.split(b"\n")
        order: dict[str, Any] = json.loads(lines[-1])
        return order

    def _renew_workers(self) -> None:
        if workers := AHEAD_OF_PAGES.of(self._app):
            workers.close()
        start_ahead(self._app)

    def _carried_out(self, order: dict[str, Any]) -> int:
        """Rewrite pages, write down what is wrong with them or with the tables, and return the exit status."""
        root, folder = Path(self._app.srcdir), Path(order["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        said, heard = folder / "said", Heard(root)
        with said.open("w") as file:
            os.dup2(file.fileno(), 2)
        try:
            for line in lines(checking.check(root, anchors.texts_dir(root)).problems) if order["check"] else ():
                heard.complain(line)
            if not heard.problems:
                (folder / "_static").symlink_to(self._edition / "_static")  # of which addresses have the digests
                self._app.outdir = self._app.builder.outdir = type(self._app.outdir)(folder)
                # Where others of the same build find what they have put there, that of the application stays as it is.
                trees = type(self._app.doctreedir)(folder / ".doctrees")
                self._app.builder.doctreedir = self._app.env.doctreedir = trees
                with lent(self._app.env):
                    self._rewrite([page for page in order["pages"] if page in self._app.env.all_docs])
        except SystemExit:  # as for a cell that failed, which has been told
            pass
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.stderr.flush()
        with said.open(encoding="utf-8", errors="replace") as told:
            telling.tell_errors(told, heard)
        (folder / TOLD).write_text(json.dumps(heard.problems), "utf-8")
        return 0

    def _rewrite(self, docnames: Sequence[str]) -> None:
        """Read pages again, with results that hold, and write them."""
        app, builder, env = self._app, self._app.builder, self._app.env
        app.emit(CHANGED)
        execution = again(app)
        app.phase = BuildPhase.READING
        execution.prepare(app, env, list(docnames))
        execution.complete(app, env)
        for docname in docnames:
            app.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)
            builder.read_doc(docname)
        app.emit("env-updated", env)
        for collector, begun in self._numbering:
            vars(collector).update(begun)
        app.emit("env-get-updated", env)
        for docname in docnames:
            app.phase = BuildPhase.RESOLVING
            tree = env.get_and_resolve_doctree(docname, builder)
            app.phase = BuildPhase.WRITING
            builder.write_doc_serialized(docname, tree)
            builder.write_doc(docname, tree)
        builder.copy_image_files()  # type: ignore[attr-defined]


def keep_workers(app: Sphinx, error: Exception | None) -> None:
    """Keep the processes that have imported what pages need from being ended with the build."""
    runner = RUNNER.of(app)
    AHEAD_OF_PAGES.drop(app)
    if error is None and runner and (workers := runner.release()):
        AHEAD_OF_PAGES.put(app, workers)


def stay(orders: socket.socket, options: Sequence[str]) -> None:
    """Run Jupyter Book, and stay when it has made the edition."""

    class Staying(Sphinx):
        def build(self, *asked: Any) -> None:
            numbering = counts(self)
            self.connect("build-finished", keep_workers, priority=1)
            super().build(*asked)
            if self.statuscode:
                return
            orders.sendall(b'{"made": true}\n')
            if can_fork():
                Rewriter(self, orders, numbering).serve()
            else:
                orders.recv(1)

    jupyter_book.sphinx.Sphinx = Staying
    main(["build", *options], prog_name="jupyter-book")


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        stay(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
