"""Which addresses a report may lead to: http and https, with a host that can be one."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

REMEDY = "write a whole address such as https://example.org/page"
WEB = ("http", "https")
UNSAFE = frozenset('<>"\\^`{|}')  # RFC 3986 has none of them in an address
LABEL = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")  # of a host's name, with letters of any script
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]{2}", re.IGNORECASE)
_SKIPPED = re.compile(r"[\x00-\x20]")


def fault(address: str) -> str:
    """Return what is wrong with an address of the web; an empty text if nothing is."""
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
    return "" if _is_host(parts) else f"{parts.hostname or 'nothing'} is no name of a host"


def page_fault(address: str) -> str:
    """Return what is wrong with a link of a page, which may lead into the report or to a mailbox as well."""
    # As a browser reads it: https://url.spec.whatwg.org/#url-parsing leaves out blanks and control characters.
    meant = _SKIPPED.sub("", address)
    if not _SCHEME.match(meant):
        return ""
    mailbox = re.fullmatch(r"mailto:[^\s@]+@([^\s@?]+)(\?\S*)?", address, re.IGNORECASE)
    return fault(f"https://{mailbox[1]}") if mailbox else fault(address)


def _is_host(parts: SplitResult) -> bool:
    name = parts.hostname or ""
    if "[" in parts.netloc or name.rpartition(".")[2].isdigit():
        try:
            ip_address(name)
        except ValueError:
            return False
        return True
    labels = name.removesuffix(".").split(".")
    return len(labels) > 1 and all(map(LABEL.fullmatch, labels))
