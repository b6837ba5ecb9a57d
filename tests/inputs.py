"""What makes an input of a page, as a file, a link or a variable, and changes what the page shows from 7 to 8.

A page lies in a folder of its own, `kinds/<name>/page.md`, beside its files; `{there}` in its code and in names of
files is a folder outside the book. An environment variable of the page is called `{variable}`.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

Bytes = Callable[[int], bytes]
FOLDER = "kinds"


def text(value: int) -> bytes:
    return f"a\n{value}\n".encode()


def plain(value: int) -> bytes:
    return str(value).encode()


@dataclass(frozen=True)
class Place:
    """Where the files of a kind lie: beside its page, and outside the book."""

    here: Path
    there: Path

    def filled(self, text: str) -> str:
        return text.replace("{there}", str(self.there)).replace("{variable}", variable_of(self.here.name))

    def path(self, name: str) -> Path:
        return self.here / self.filled(name)  # a whole path stays what it is


Change = Callable[[Place, dict[str, str]], None]


@dataclass(frozen=True)
class Kind:
    """A page: its code, how what it shows is changed, and what is there before. Without code it is prose.

    `is_exact`: only its own inputs lead to its execution, however many other pages run beside it. `lies_in` says what
    must hold for the plain build to have to ask for it: "book", or "elsewhere" for what no walk over the book meets.
    """

    name: str
    code: str
    change: Change
    before: Change
    is_exact: bool = True
    lies_in: str = "book"
    needs: str = ""
    prose: str = ""
    shows: tuple[str, str] = ("= 7", "= 8")
    after: Mapping[str, bytes] = field(default_factory=dict)  # files as they are when all builds are done


def written(name: str, make: Bytes, value: int) -> Change:
    def change(place: Place, _: dict[str, str]) -> None:
        path = place.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        times = path.stat() if path.exists() else None
        content = make(value)
        path.write_bytes(content)
        if times:  # as an editor or an archive may leave it: neither time nor size tell anything
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    return change


def replaced(name: str, old: str, new: str) -> Change:
    def change(place: Place, _: dict[str, str]) -> None:
        path = place.path(name)
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    return change


def both(*changes: Change) -> Change:
    def change(place: Place, variables: dict[str, str]) -> None:
        for one in changes:
            one(place, variables)

    return change


def nothing(_: Place, __: dict[str, str]) -> None:
    return None


def remove(name: str) -> Change:
    def change(place: Place, _: dict[str, str]) -> None:
        path = place.path(name)
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    return change


def folder(name: str) -> Change:
    return lambda place, _: place.path(name).mkdir(parents=True, exist_ok=True)


def link(name: str, target: str) -> Change:
    def change(place: Place, _: dict[str, str]) -> None:
        path = place.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(place.filled(target))

    return change


def mode(name: str, bits: int) -> Change:
    return lambda place, _: place.path(name).chmod(bits)


def variable(value: str | None) -> Change:
    def change(place: Place, variables: dict[str, str]) -> None:
        if value is None:
            variables.pop(variable_of(place.here.name), None)
        else:
            variables[variable_of(place.here.name)] = value

    return change


def variable_of(name: str) -> str:
    return "INPUT_" + "".join(sign if sign.isalnum() else "_" for sign in name).upper()


def file(name: str, code: str, path: str = "x.csv", make: Bytes = text, **more: object) -> Kind:
    """A kind whose input is the content of one file."""
    return Kind(name, code, written(path, make, 8), written(path, make, 7), **more)  # type: ignore[arg-type]


def in_place(name: str, code: str, change: Change, before: Change = nothing, **more: object) -> Kind:
    return Kind(name, code, change, before, **more)  # type: ignore[arg-type]


def packed_array(value: int) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([value]))
    return stream.getvalue()


def zipped(value: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x.csv", text(value))
        archive.writestr("packed.py", f"VALUE = {value}\n")
    return stream.getvalue()


def tarred(value: int) -> bytes:
    import tarfile

    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("x.csv")
        member.size = len(text(value))
        archive.addfile(member, io.BytesIO(text(value)))
    return stream.getvalue()


def parquet(value: int) -> bytes:
    import pandas as pd

    stream = io.BytesIO()
    pd.DataFrame({"a": [value]}).to_parquet(stream)
    return stream.getvalue()


def pickled(value: int) -> bytes:
    import pickle

    return pickle.dumps(value)


def database(name: str, value: int) -> Change:
    def change(place: Place, _: dict[str, str]) -> None:
        with closing(sqlite3.connect(place.path(name))) as connection, connection:
            connection.execute("create table if not exists t (a)")
            connection.execute("delete from t")
            connection.execute("insert into t values (?)", (value,))

    return change


def module(value: int) -> bytes:
    return f"VALUE = {value}\n".encode()


def given(name: str, content: bytes) -> Change:
    return written(name, lambda _: content, 0)
