"""Files written in one step: a reader, or a kill at any moment, finds the old content or the new."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path

ROOM = 8 * 2**20  # bytes that a check, kernels and those who talk to them write
PART = ".part"  # ends the name of a file that is being written


def write_whole(path: Path, data: bytes, to_disk: bool = True, is_secret: bool = False) -> None:
    """Write a file, whose folder is made where there is none; raises OSError, and leaves nothing behind then.

    Without `to_disk` it may be lost when the machine itself fails, as what can be made again may be. What is secret is
    at no moment readable by anybody else.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=PART)
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(data)
            part.flush()
            if to_disk:
                os.fsync(part.fileno())
        if is_secret:
            pass  # mkstemp's mode
        elif path.exists():
            shutil.copymode(path, name)
        else:
            os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def full_temporary_folder() -> str:
    """Return the folder for temporary files where it takes none of a usual size; an empty text where it does.

    Who fails for it often cannot say so: a kernel dies, and a socket is not there.
    """
    folder = tempfile.gettempdir()
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(ROOM))
    except OSError as error:
        return folder if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    return ""


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
