"""The keys of datapackage.json that the engine keeps or passes on, what each may hold, and what tables promise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from evidencebook.tables import addresses


def _split(keys: str) -> list[str]:
    return re.findall(r"[^ :]+(?::[a-z]+|:\[[a-z ]+\]|:\{[a-z ]+\})?", keys)


def _is_list(value: Any, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


# Of https://datapackage.org/standard/ what the engine keeps or passes on, and what this project adds, listed last;
# behind a colon what a value is where it is no text. What would be promised and not kept, such as another sign for
# decimals, is no key.
KEYS = {
    "package": "$schema name id title description homepage version created keywords:texts licenses:[licence] "
    "sources:[source] contributors:[contributor] resources:[resource] notice",
    "resource": "name path type title description homepage format mediatype encoding bytes:number hash "
    "licenses:[licence] sources:[source] dialect:{dialect} schema:{schema} scheme",
    "dialect": "$schema csvddfVersion delimiter lineTerminator quoteChar doubleQuote:flag skipInitialSpace:flag "
    "header:flag caseSensitiveHeader:flag",
    "schema": "$schema name title description fields:[field] missingValues:texts primaryKey:any "
    "foreignKeys:[foreign key] rules:{set of rules}",
    "field": "name type:any format title description example:any constraints:{set of constraints} "
    "categories:[category] missingValues:texts rdfType private:flag unit",
    "set of constraints": "required:flag unique:flag enum:values pattern minimum:any maximum:any minLength:number "
    "maxLength:number",
    "category": "value:any label",
    "foreign key": "fields:any reference:{reference}",
    "reference": "resource fields:any",
    "set of rules": "bounds:[pair of bounds] order:pairs together:pairs distinct:pairs tree:texts",
    "pair of bounds": "low high qualifier unit limits:any",
    "licence": "name path title",
    "source": "title path email version",
    "contributor": "title givenName familyName path email role roles:texts organization",
}
KNOWN = {kind: {one.partition(":")[0]: one.partition(":")[2] for one in _split(keys)} for kind, keys in KEYS.items()}
ADDRESSES = {
    *((kind, "homepage") for kind in ("package", "resource")),
    *((kind, "path") for kind in ("licence", "source", "contributor")),
}
# What a table is, and so what may be said of it.
PROMISES: dict[tuple[str, str], Any] = {
    ("resource", "type"): "table",
    ("resource", "scheme"): "file",
    ("resource", "format"): "csv",
    ("resource", "mediatype"): "text/csv",
    ("resource", "encoding"): "utf-8",
    ("dialect", "delimiter"): ",",
    ("dialect", "lineTerminator"): "\n",
    ("dialect", "quoteChar"): '"',
    ("dialect", "doubleQuote"): True,
    ("dialect", "skipInitialSpace"): False,
    ("dialect", "header"): True,
    ("dialect", "caseSensitiveHeader"): True,
}
HASH = re.compile(r"(md5|sha1|sha256|sha512):[0-9a-f]+")
# What a value is: how it is told, what to write, and what judges it.
SHAPES: dict[str, tuple[str, str, Callable[[Any], bool]]] = {
    "": ("a text", "write it in quotes", lambda value: isinstance(value, str)),
    "flag": ("true or false", "write true or false", lambda value: isinstance(value, bool)),
    "number": ("a whole number", "write digits without quotes", lambda value: type(value) is int and value >= 0),
    "values": ("a list", "list the allowed values", lambda value: _is_list(value, (str, int, float))),
    "texts": ("a list of texts", 'write ["..."]', lambda value: _is_list(value, str)),
    "pairs": (
        "a list of pairs of columns",
        'write [["one", "other"]]',
        lambda value: _is_list(value, list) and all(len(one) == 2 and _is_list(one, str) for one in value),
    ),
    "[": (
        "a list of objects",
        "write [{...}]",
        lambda value: isinstance(value, list),
    ),  # what it holds is judged one by one
    "{": ("an object", "write {...}", lambda value: isinstance(value, dict)),
}


def fault(kind: str, key: str, shape: str, value: Any) -> tuple[str, str] | None:
    """Return what is wrong with the value of a key, and what to do; None where nothing is."""
    if shape != "any":
        told, remedy, fits = SHAPES[shape[:1] if shape[:1] in ("[", "{") else shape]
        if not fits(value):
            return f"{shown(value)} is not {told}", remedy
    if (kind, key) in ADDRESSES and (why := addresses.fault(value)):
        return f"{shown(value)} is not a web address: {why}", addresses.REMEDY
    if (kept := PROMISES.get((kind, key), value)) != value:
        return f"{shown(value)} is not what tables are", f"write {json.dumps(kept)}, or leave {key} out"
    if (kind, key) == ("resource", "hash") and not HASH.fullmatch(value):
        return f"{shown(value)} is no hash with its algorithm", 'write it as "sha256:..."'
    return None


def shown(value: Any) -> str:
    """Return a value as messages show it: one line, not too long."""
    said = repr(value)
    return said if len(said) <= 60 else f"{said[:57]}..."
