"""Which addresses a report may lead to: http and https, with a public host whose letters are what they look like."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

REMEDY = "write a whole address such as https://example.org/page"
WEB = ("http", "https")
UNSAFE = frozenset('<>"\\^`{|}')  # RFC 3986 has none of them in an address
LONGEST = 2_000  # characters, which every browser and server takes
# https://www.rfc-editor.org/rfc/rfc6761 and what routers and machines call themselves
_PRIVATE = re.compile(r"(.*\.)?(localhost|localdomain|local|internal|lan|home\.arpa|onion)")
# Scripts that have letters which look like those of another: https://www.unicode.org/reports/tr39/#Confusable_Detection
_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "LISU")
LABEL = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")  # of a host's name, with letters of any script
_LOOKS_LATIN = frozenset("аеорсухівһјѕԁԛԝүӏαιοκνρυχ0123456789-")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]{2}", re.IGNORECASE)
_SKIPPED = re.compile(r"[\x00-\x20]")


def fault(address: str) -> str:
    """Return what is wrong with an address of the web; an empty text if nothing is."""
    if len(address) > LONGEST:
        return f"it has more than {LONGEST} characters"
    if any(unicodedata.category(sign)[0] in "CZ" for sign in address):
        return "there is a blank or an invisible character in it"
    if unsafe := UNSAFE.intersection(address):
        return f"{min(unsafe)} cannot stand in it"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in WEB or not parts.netloc:
        return "it does not start with https:// or http:// and a host"
    if "@" in parts.netloc:
        return "a name or a password stands before its host"
    if port == 0 or parts.netloc.endswith(":"):
        return "its port is none"
    return _host_fault(parts)


def page_fault(address: str) -> str:
    """Return what is wrong with a link of a page, which may lead into the report or to a mailbox as well."""
    # As a browser reads it: https://url.spec.whatwg.org/#url-parsing leaves out blanks and control characters.
    meant = _SKIPPED.sub("", address)
    if not _SCHEME.match(meant):
        return ""
    mailbox = re.fullmatch(r"mailto:[^\s@]+@([^\s@?]+)(\?\S*)?", address, re.IGNORECASE)
    return fault(f"https://{mailbox[1]}") if mailbox else fault(address)


def _host_fault(parts: SplitResult) -> str:
    name = parts.hostname or ""
    if "[" in parts.netloc or name.rpartition(".")[2].isdigit():
        try:
            is_public = ip_address(name).is_global
        except ValueError:
            return f"{name} is no name of a host"
        return "" if is_public else f"{name} is an address within a network, which leads each reader elsewhere"
    labels = name.removesuffix(".").split(".")
    if len(labels) < 2 or not all(map(LABEL.fullmatch, labels)):
        return f"{name or 'nothing'} is no name of a host"
    if _PRIVATE.fullmatch(name.removesuffix(".")):
        return f"{name} is a name within a network, which leads each reader elsewhere"
    if unicodedata.normalize("NFKC", name) != name:
        return f"{name} has letters of another width or shape"
    return next((f"{label} looks like another name: {why}" for label in labels if (why := _likeness(label))), "")


def _likeness(label: str) -> str:
    """Return why a part of a host's name may be taken for another; an empty text where it may not."""
    if label.startswith("xn--"):  # https://www.rfc-editor.org/rfc/rfc3492: browsers show the letters
        try:
            label = label.removeprefix("xn--").encode("ascii").decode("punycode")
        except UnicodeError:
            return "nothing can be read in it"
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in label if sign.isalpha()}
    alike = sorted(scripts.intersection(_ALIKE))
    if len(alike) > 1:
        return f"it has letters of {' and '.join(one.capitalize() for one in alike)}"
    if alike and alike != ["LATIN"] and not set(label.casefold()) - _LOOKS_LATIN:
        return f"all its letters are {alike[0].capitalize()} ones that look Latin"
    return ""
