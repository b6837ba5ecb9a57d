"""What a page looks at while it runs, heard in its own process: files, folders, variables, modules that it asks for."""

from __future__ import annotations

import os
import pkgutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from evidencebook.execution import cells, questions, unheard
from evidencebook.execution.environment import is_environment
from evidencebook.execution.inputs import ABSENT, Aspect, Read, fingerprint
from evidencebook.execution.questions import absolute

__all__ = ["Read", "Recorder"]
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
ENGINE_FOLDER = f"{os.path.dirname(os.path.dirname(__file__))}{os.sep}"
IMPORTER = "<frozen importlib._bootstrap_external>"


class Recorder:
    """Records what this process looks at while it is entered as a context, with what it found at its first look.

    Audit events (https://docs.python.org/3/library/audit_events.html) tell of every file that Python opens, whatever
    library asks for it. They are silent about questions such as "does this exist?", so these functions are wrapped.
    What other programs and compiled libraries do is not heard at all: that a page has such is (`unheard`), and then it
    may have read anything.
    """

    def __init__(self) -> None:
        self._seen: dict[Read, str] = {}
        self._written: dict[str, bool] = {}  # whether something stood there before
        self._databases: set[str] = set()
        self._set: set[str] = set()  # variables
        self._listed: dict[str, set[str]] = {}
        self._modules: dict[str, list[str]] = {}  # asked for, and where they were looked for
        self._tables: list[cells.Asked] = []
        self._whole: set[str] = set()  # files opened otherwise than as tables
        self._has_program = self._has_library = self._is_on = self._is_installed = False
        self._folder = os.curdir
        self._thread = threading.local()

    def __enter__(self) -> None:
        if not self._is_installed:
            # An audit hook cannot be removed, hence one for the life of the process.
            sys.addaudithook(self._heard)
            questions.hear(self)
            sys.meta_path.insert(0, self)
            self._is_installed = True
            self._folder = os.getcwd()
        self._is_on = True

    def __exit__(self, *_: object) -> None:
        self._is_on = False

    def follow(self, events: Any) -> None:
        """Record from the start to the end of each cell that a shell runs from now on; `events` are the shell's."""
        events.register("pre_run_cell", lambda *_: self.__enter__())
        events.register("post_run_cell", lambda *_: self.__exit__())

    def reads(self, folders: Iterable[str]) -> list[Read]:
        """Return what was looked at so far, and what was left behind, with the sources of all modules of the report.

        A page that may have read what nobody heard has a read of anything in the report's `folders`.
        """
        self._is_on = False
        for module in list(sys.modules.values()):
            if file := getattr(module, "__file__", None):
                self._note("content", file)
        self._note_modules()
        own = tuple(f"{folder}{os.sep}" for folder in folders)
        for path in list(self._written):
            before = self._seen.get(key := Read("content", path), ABSENT)
            if before != ABSENT and fingerprint(key) == before:
                del self._written[path]  # opened to be changed, and not changed: it was read
        found = [Read(*key[:2], self._found_in_the_end(key, before)) for key, before in self._seen.items()]
        by_cells = self._by_cells()
        found = [by_cells.get(read.path, read) if read.aspect == "content" else read for read in found]
        found = [read for read in found if read.path not in self._written or read.aspect in ("names", "variable")]
        found += [Read("written", path, now) for path, now in self._left(own)]
        cells, modules = unheard.code_of_page(read for read in found if not read.path.startswith(ENGINE_FOLDER))
        folders = [folder for folder in folders if not is_environment(folder)]
        if self._has_program or self._has_library or unheard.has_library(cells + modules):
            found += [Read("anything", folder) for folder in folders]
            named = unheard.named(f"{cells} {unheard.quoted(modules)}", self._folder)
            found += [read for read in named if read.aspect == "content" or not read.path.startswith(own)]
        if self._has_program:
            found += [Read("below", folder) for folder in folders]
        if self._has_program:
            found.append(Read("variables", ""))
        return sorted(found)

    def _by_cells(self) -> dict[str, Read]:
        """Return the reads of cells that stand for those of whole tables, which must be as they were."""
        asked: dict[str, dict[str, set[int]]] = {}
        for one in self._tables:
            for path, columns in one.files.items():
                known = asked.setdefault(absolute(path), {})
                for column, rows in columns.items():
                    known[column] = known.get(column, set()) | rows
                if not one.is_good:
                    self._whole.add(absolute(path))
        found = {path: Read("cells", path, part=cells.part(columns)) for path, columns in asked.items()}
        told = {path: (self._seen.get(Read("content", path)), fingerprint(read)) for path, read in found.items()}
        return {
            path: Read(*read[:2], told[path][1], read.part)
            for path, read in found.items()
            if path not in self._whole and fingerprint(Read("content", path)) == told[path][0]
        }

    def _found_in_the_end(self, key: Read, before: str) -> str:
        """Of a folder in which nothing has changed but what the page itself wrote: what is there now.

        Of a database that has changed nobody knows who did it.
        """
        if key.aspect != "names":
            return before if key.path not in self._databases or fingerprint(key) == before else ""
        own = {os.path.basename(path) for path in self._written if os.path.dirname(path) == key.path}
        return fingerprint(key) if own and _names(key.path) ^ self._listed[key.path] <= own else before

    def _left(self, own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield what the page wrote and what stands there now, but for what it made and took away again."""
        temporary = f"{os.path.realpath(tempfile.gettempdir())}{os.sep}"
        for path, was_there in self._written.items():
            now = fingerprint(Read("written", path))
            is_own = path.startswith(own)
            is_cache = path.startswith(temporary) or f"{os.sep}." in path
            if (now != ABSENT or was_there) and (is_own or not is_cache) and not is_environment(path):
                yield path, now

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._is_on or getattr(self._thread, "is_busy", False):
            return
        hear: Callable[..., None] | None = self._hearing.get(event)
        if hear is not None:
            self._thread.is_busy = True
            try:
                hear(self, *arguments)
            finally:
                self._thread.is_busy = False

    _heard.__cantrace__ = True  # type: ignore[attr-defined]  # https://docs.python.org/3/library/sys.html#sys.addaudithook

    def _hear_open(self, path: Any, _: Any, mode: Any) -> None:
        if isinstance(path, int):
            return  # an open descriptor: whoever opened it has been heard
        path = absolute(path, getattr(self._thread, "folder", None))
        if isinstance(mode, int) and mode & WRITING:
            if not mode & os.O_TRUNC:
                self._note("content", path)  # whoever changes a file in place may have read it
            self._wrote(path)
        else:
            self._note("content", path)

    def _hear_list(self, path: Any = None) -> None:
        # The importer lists folders for its own sake, and libraries look for plugins.
        asker = sys._getframe(2).f_code.co_filename
        if asker != IMPORTER and not (asker == pkgutil.__file__ and is_environment(questions.asker())):
            self._note("names", absolute("." if path is None else path))

    def _hear_database(self, database: Any) -> None:
        self._has_library = True  # "attach" opens another one, and nobody hears of it
        path = os.fsdecode(database) if not isinstance(database, int) else ""
        path = unquote(urlsplit(path).path) if path.startswith("file:") else path
        if path and path != ":memory:":
            self._databases.add(absolute(path))
            self._note("content", absolute(path))

    def _hear_program(self, program: Any, arguments: Any = (), folder: Any = None) -> None:
        listed = [arguments] if isinstance(arguments, str | bytes) else list(arguments or ())
        words = [os.fsdecode(one) for one in [program, *listed] if one is not None and not isinstance(one, int)]
        if words and os.path.basename(words[0]) in unheard.PROGRAMS:
            return
        self._has_program = True
        for read in unheard.named(" ".join(words), absolute("." if folder is None else folder)):
            self._note(read.aspect, read.path)

    def _hear_fork(self, *_: Any) -> None:
        self._has_program = True  # what a child hears is lost with it

    def _hear_library(self, name: Any) -> None:
        if unheard.is_unheard(questions.asker()):
            self._has_library = True
        if name and os.path.exists(name):
            self._note("content", absolute(name))

    def _hear_move(self, old: Any, new: Any, old_folder: int = -1, new_folder: int = -1) -> None:
        self._note("content", absolute(old, old_folder))
        self._wrote(absolute(old, old_folder))
        self._wrote(absolute(new, new_folder))

    def _hear_link(self, _: Any, new: Any, *folders: int) -> None:
        self._wrote(absolute(new, folders[-1] if folders else -1))

    def _hear_change(self, path: Any, *more: Any) -> None:
        if not isinstance(path, int):
            self._wrote(absolute(path, more[-1] if more and isinstance(more[-1], int) else -1))

    def _hear_tables(self, asked: cells.Asked) -> None:
        asked.is_heard = True
        self._tables.append(asked)
        self._thread.table = asked

    def _hear_set(self, name: Any, *_: Any) -> None:
        self._set.add(os.fsdecode(name))

    _hearing: ClassVar[dict[str, Callable[..., None]]] = {
        cells.READING: _hear_tables,
        "open": _hear_open, "os.listdir": _hear_list, "os.scandir": _hear_list, "sqlite3.connect": _hear_database,
        "subprocess.Popen": lambda self, program, words, folder, _: self._hear_program(program, words, folder),
        "os.posix_spawn": lambda self, program, words, _: self._hear_program(program, words),
        "os.system": _hear_program, "os.fork": _hear_fork,
        "os.forkpty": _hear_fork, "ctypes.dlopen": _hear_library, "os.rename": _hear_move, "os.link": _hear_link,
        "os.symlink": _hear_link, "os.remove": _hear_change, "os.rmdir": _hear_change, "os.mkdir": _hear_change,
        "os.truncate": lambda self, path, _: self._hear_change(path), "os.putenv": _hear_set, "os.unsetenv": _hear_set,
    }  # fmt: skip

    def find_spec(self, name: str, path: Sequence[str] | None = None, _: Any = None) -> None:
        """Hear of a module that is asked for, as the first who is asked where it lies, and know nothing of it."""
        if self._is_on and name not in self._modules:
            self._modules[name] = [absolute(folder) for folder in (path if path is not None else sys.path)]

    def _note_modules(self) -> None:
        """Note all places at which a module was looked for in vain: the next time it may be there."""
        for name, folders in self._modules.items():
            if name.partition(".")[0] in sys.stdlib_module_names:
                continue
            file = str(getattr(sys.modules.get(name), "__file__", None) or "")
            for folder in folders:
                place = os.path.join(folder, name.rpartition(".")[2])
                if not is_environment(folder) and (name not in sys.modules or not is_environment(file)):
                    for path in (place, os.path.join(place, "__init__.py"), f"{place}.py"):
                        self._note("state", path)
                if file.startswith((f"{place}.", f"{place}{os.sep}")):
                    break

    def ask(self, aspect: Aspect, path: Any, folder: int | None = None) -> None:
        """Note a question of which no event tells."""
        if self._is_on and not getattr(self._thread, "is_busy", False):
            self._thread.is_busy = True
            try:
                self._note(aspect, path if aspect in ("variable", "variables") else absolute(path, folder))
            finally:
                self._thread.is_busy = False

    def start(self, words: Sequence[Any]) -> None:
        """Note a program of which no event tells."""
        if self._is_on and os.path.basename(os.fsdecode(words[0])) not in unheard.PROGRAMS:
            self._has_program = True

    def open_in(self, folder: int | None) -> None:
        """Note the folder to which the path of the next event is relative."""
        self._thread.folder = folder

    def _note(self, aspect: Aspect, path: str) -> None:
        key = Read(aspect, path)
        if aspect == "variables":
            self._seen[key] = ""
        if aspect == "content" and getattr(getattr(self._thread, "table", None), "is_good", True) is not None:
            self._whole.add(path)
        if key in self._seen or unheard.is_virtual(path, self._folder) or (path in self._written and aspect != "names"):
            return
        if aspect == "variable":
            if path not in self._set:
                self._seen[key] = ""  # told by whoever started this process: here it may be another one
        elif not is_environment(path):
            self._seen[key] = fingerprint(key)
            if aspect == "names":
                self._listed[path] = _names(path)

    def _wrote(self, path: str) -> None:
        if path not in self._written and not unheard.is_virtual(path, self._folder):
            self._written[path] = os.path.lexists(path)


def _names(folder: str) -> set[str]:
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()
