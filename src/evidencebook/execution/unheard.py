"""What Python does not hear: files that other programs and compiled libraries open, and what can be said of them."""

from __future__ import annotations

import glob
import os
import re
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from importlib.machinery import EXTENSION_SUFFIXES
from keyword import iskeyword
from pathlib import Path

from evidencebook.execution.environment import is_environment
from evidencebook.execution.inputs import Read

# Compiled libraries that open files only through Python, by the names of what is imported. A page that loads another
# one may have read anything.
HEARD = frozenset({
    "_cyutility", "_yaml", "charset_normalizer", "contourpy", "coverage", "cytoolz", "debugpy",
    "fontTools", "greenlet", "joblib", "kiwisolver", "markupsafe", "matplotlib", "msgpack", "multidict", "numexpr",
    "numpy", "orjson", "pandas", "patsy", "psutil", "pydantic_core", "regex", "rpds", "scipy", "shapely",
    "simplejson", "skimage", "sklearn", "statsmodels", "threadpoolctl", "tornado", "ujson", "vl_convert", "wcwidth",
    "wrapt", "yaml", "yarl", "zmq", "zstandard",
})  # fmt: skip
HEARD_MODULES = frozenset({"PIL._imaging", "PIL._imagingcms", "PIL._imagingmath", "PIL._imagingmorph", "PIL._webp"})
# What pandas loads for its own sake: it counts where the page speaks of the library.
QUIET = frozenset({"pyarrow.lib", "pyarrow._compute"})
# Of Python itself, those that open files without a word.
UNHEARD = frozenset({"_dbm", "_gdbm"})
# Programs that libraries ask about the machine, and that read nothing of a report.
PROGRAMS = frozenset({"fc-list", "getconf", "ldconfig", "lscpu", "stty", "sysctl", "uname"})
# What a watch tells of a path (`watch`), and that it does not know everything.
OPENED, LISTED, READ, CHANGED, LOST = "opened ", "listed ", "read ", "changed ", "lost"
SYSTEM = ("/bin/", "/etc/", "/lib/", "/lib64/", "/sbin/", "/usr/")
VIRTUAL = ("/dev/", "/proc/", "/sys/")  # files there change by themselves
_WORD = re.compile(r"[^\s'\"`(){},;|&<>=\\]+")
_QUOTED = re.compile(r"""['"]([^'"\n]+)['"]""")
_LONGEST = 255


def has_library(code: str) -> bool:
    """Return whether a compiled library is loaded that may open files without Python's knowledge, for this code."""
    for name, module in list(sys.modules.items()):
        file = str(getattr(module, "__file__", None) or "")
        if name in UNHEARD:
            return True
        is_spoken_of = name not in QUIET or name.partition(".")[0] in code
        is_heard = name in HEARD_MODULES or not is_spoken_of
        if file.endswith(tuple(EXTENSION_SUFFIXES)) and not is_heard and is_unheard(file):
            return True
    return False


def is_unheard(file: str) -> bool:
    """Return whether the file belongs neither to Python nor to a library known to open files only through it."""
    for folder in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        if file.startswith(f"{folder}{os.sep}"):
            package = Path(file).relative_to(folder).parts[0].partition(".")[0]
            return package not in HEARD and not package.endswith("__mypyc")
    return not is_environment(file)


def code_of_page(reads: Iterable[Read]) -> tuple[str, str]:
    """Return the code of all cells so far, and that of the modules among what was read."""
    cells = getattr(sys.modules.get("__main__"), "In", ())
    texts = []
    for path in {read.path for read in reads if read.aspect == "content" and read.path.endswith(".py")}:
        with suppress(OSError):
            texts.append(Path(path).read_text("utf-8", "replace"))
    return "\n".join(map(str, cells)) if isinstance(cells, list) else "", "\n".join(texts)


def quoted(code: str) -> str:
    """Return what looks like paths in the strings of a module's code."""
    return " ".join(text for text in _QUOTED.findall(code) if "/" in text or "." in text)


def is_virtual(path: str, folder: str) -> bool:
    """Return whether what stands at a path changes by itself, and is nothing of a report that is run in this folder.

    One may lie in /dev/shm, where processes also keep what they share: there only what shares its own folder counts.
    """
    path = f"{path}{os.sep}"
    return path.startswith(VIRTUAL) and path.split(os.sep)[:4] != f"{folder}{os.sep}".split(os.sep)[:4]


def named(text: str, folder: str) -> Iterable[Read]:
    """Yield what words of a command or of code name, if they are paths: also what is not there and may appear.

    A file counts with its bytes, a folder with all that lies below it, unless that is most of the machine.
    """
    for word in dict.fromkeys(_WORD.findall(text)):
        path = os.path.normpath(os.path.join(folder, os.path.expanduser(word)))
        is_word = len(word) <= _LONGEST and not iskeyword(word) and any(map(str.isalnum, word))
        is_system = f"{path}{os.sep}".startswith(SYSTEM) or is_virtual(path, folder)
        if not is_word or is_system or is_environment(path) or path in (os.sep, folder):
            continue
        if glob.has_magic(word):
            yield Read("all", path)
        elif os.path.isdir(path):
            is_above = f"{folder}{os.sep}".startswith(f"{path}{os.sep}") or path == os.path.expanduser("~")
            yield Read("names" if is_above else "all", path)
        else:
            yield Read("content", path)


def with_unheard(reads: Iterable[Read], told: Iterable[str]) -> tuple[Read, ...]:
    """Return what a page looked at, where it may have done so unheard: all that anybody did meanwhile.

    Too many reads only cost time. A file that was changed and never opened for reading only was written. Where the
    watch was lost, the page may have read everything.
    """
    reads, told = tuple(reads), set(told)
    if LOST in told or not any(read.aspect == "anything" for read in reads):
        return reads
    known = {read.path for read in reads if read.aspect in ("content", "written") and read.found}
    has_names = any(read.aspect == "below" for read in reads)
    found = {read for read in reads if read.aspect != "anything"}
    for one in told:
        word, path = one.split(" ", 1)
        if f"{word} " == LISTED:
            found |= set() if has_names else {Read("names", path)}
        elif path not in known and f"{word} " == OPENED:
            is_written = f"{CHANGED}{path}" in told and f"{READ}{path}" not in told
            found.add(Read("written" if is_written else "content", path))
    heard = {read.key for read in found if read.found}
    return tuple(sorted(read for read in found if read.found or read.key not in heard))
