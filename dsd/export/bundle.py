"""Many formats in one folder, with a manifest; the same again as a zip that is the same byte for byte each time.

In: a :class:`Subject` and formats. Out: files, each whole or absent, and ``manifest.json``, which says what they were
made of. A run that was stopped goes on where it stood: a file that is still what the manifest says is not made again.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dsd.errors import InputError
from dsd.export.formats import PACKAGES, Format, Subject, export, lacks
from dsd.filenames import check_file_names, unsafe
from dsd.files import write_atomic, write_json_atomic

MANIFEST = "manifest.json"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time stamp of every file in a zip: the earliest there is."""

Progress = Callable[[float, float], None]


def libraries(formats: Iterable[Format]) -> dict[str, str]:
    """Versions of the libraries that write the formats; raises :class:`InputError` naming those that are missing."""
    packages = {f.library: PACKAGES.get(f.library, f.library) for f in formats if f.library}
    missing = sorted(package for module, package in packages.items() if find_spec(module) is None)
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise InputError(f"{', '.join(missing)} {verb} not installed; run: pip install 'strandgrad[export,seq]'")
    return {package: metadata.version(package) for package in sorted(packages.values())}


def write(
    folder: str | Path, subject: Subject, formats: Iterable[Format], facts: Mapping[str, Any],
    progress: Progress | None = None, given: Mapping[str, str | bytes] | None = None, strict: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Write every format that the subject allows, then return the manifest.

    ``facts`` (version, digest, seed, ...) say what the files depend on: where a manifest with other facts is found,
    all is made anew. ``given`` are further files, written as they are. Formats that need what the subject lacks are
    listed under ``left_out`` with the reason; so are those that fail for another reason, unless ``strict``.
    """
    folder, formats = Path(folder), tuple(formats)
    check_file_names([MANIFEST, *(given or {}), *(subject.name + s for f in formats for s, _ in f.files)])
    manifest: dict[str, Any] = {"name": subject.name, **facts, "libraries": libraries(formats)}
    done = _done(folder, manifest)
    manifest |= {"files": {}, "left_out": {}}
    write_json_atomic(folder / MANIFEST, {**manifest, "files": done})
    for name, content in (given or {}).items():
        _keep(folder, manifest, "source", name, content)
    for count, format in enumerate(formats):
        if progress:
            progress(count, len(formats))
        if reason := lacks(format, subject):
            manifest["left_out"][format.name] = reason
            continue
        names = [subject.name + suffix for suffix, _ in format.files]
        if all(name in done for name in names):
            manifest["files"] |= {name: done[name] for name in names}
            continue
        try:
            made = export(format, subject)
        except InputError as error:
            if strict:
                raise
            manifest["left_out"][format.name] = str(error)
            continue
        for name, content in made.items():
            _keep(folder, manifest, format.name, name, content)
        write_json_atomic(folder / MANIFEST, {**manifest, "files": {**done, **manifest["files"]}})
    manifest["files"] = dict(sorted(manifest["files"].items()))
    write_json_atomic(folder / MANIFEST, manifest)
    return manifest


def zipped(folder: str | Path, manifest: Mapping[str, Any]) -> bytes:
    """The manifest and all of its files as a zip, sorted, with fixed time stamps and permissions.

    Raises :class:`InputError` for a name that would be unpacked outside of the folder, or onto another file.
    """
    out = io.BytesIO()
    check_file_names([MANIFEST, *manifest["files"]])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted([MANIFEST, *manifest["files"]]):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, (Path(folder) / name).read_bytes())
    return out.getvalue()


def standing(folder: str | Path, name: str, facts: Mapping[str, Any]) -> str | None:
    """The text of a file that an earlier run left in the folder from the same facts, None if there is none."""
    entry = _done(Path(folder), facts).get(name)
    return None if entry is None else (Path(folder) / name).read_text(encoding="utf-8")


def _done(folder: Path, facts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The files of an earlier run with these facts that are still as it left them."""
    try:
        earlier = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if any(earlier.get(key) != value for key, value in json.loads(json.dumps(facts)).items()):
            return {}
        files = {name: entry for name, entry in earlier["files"].items() if not unsafe(name)}
        return {name: entry for name, entry in files.items() if _stands(folder / name, entry["sha256"])}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}  # none yet, or none of ours: make everything


def _stands(path: Path, sha256: str) -> bool:
    return path.is_file() and _digest(path.read_bytes()) == sha256


def _keep(folder: Path, manifest: dict[str, Any], format: str, name: str, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    write_atomic(folder / name, data)
    manifest["files"][name] = {"format": format, "bytes": len(data), "sha256": _digest(data)}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
