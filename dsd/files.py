"""Files: read as text with clear errors, written whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from dsd.errors import InputError
from dsd.limits import MAX_FILE


def read_text(path: str | Path, limit: int = MAX_FILE) -> str:
    """The UTF-8 text of a file, its line breaks as ``\\n``.

    Raises InputError if there is none to be read, or more than ``limit`` bytes of it.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise InputError(f"{path} is larger than {limit / 2**20:g} MiB; give a smaller file")
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise InputError(f"there is no file {path}; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; name a file in it") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check its permissions") from None
    except ValueError:
        raise InputError(f"{str(path)!r} cannot name a file; correct the path") from None


def write_atomic(path: str | Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a crash, meets the old content or the new, never a part.

    Text is written as UTF-8 with its line breaks as they are; missing folders are made; links are followed and the
    permissions of a file that exists are kept. Devices and pipes (``/dev/stdout``) are written to directly. Raises
    InputError when the place cannot be written.
    """
    path = Path(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise InputError(f"{path} is a folder; name a file in it")
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data)
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise InputError(f"{path} cannot be written: {reason}; choose a folder you can write to") from None


def write_json_atomic(path: str | Path, value: object) -> None:
    """Write ``value`` as indented JSON, keys in their own order; NumPy numbers and arrays are welcome.

    Raises InputError for what JSON has no form for, NaN and infinity included.
    """
    try:
        text = json.dumps(value, indent=2, allow_nan=False, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise InputError(f"{path} cannot be written as JSON: {error}; use finite numbers, text, lists, dicts") from None
    write_atomic(path, text + "\n")


def _replace(target: Path, data: bytes) -> None:
    """Write beside the target and move into its place."""
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            os.chmod(temporary, target.stat().st_mode & 0o7777)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _plain(value: object) -> object:
    """NumPy scalars and arrays as Python numbers and lists."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no JSON form")
