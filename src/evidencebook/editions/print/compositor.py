"""A program that sets one Typst source, in a process of its own: Typst keeps all that it took, some 800 MB for a book.

It reads one JSON object from its standard input, the arguments of `typst.compile`, whose `timestamp` is an ISO date
and time, and writes the PDF to its standard output. Where Typst refuses the source, it writes what Typst said to its
standard error and ends with status 3. It imports nothing else, so that it is ready in a fraction of a second.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

REFUSED = 3


def main() -> int:
    """Set what is asked for; return the status."""
    import typst  # here: whoever only wants to know the status need not wait for it

    asked = json.load(sys.stdin)
    asked["timestamp"] = datetime.fromisoformat(asked["timestamp"])
    try:
        made = typst.compile(**asked)
    except typst.TypstError as error:
        print(getattr(error, "diagnostic", None) or str(error), file=sys.stderr)
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
