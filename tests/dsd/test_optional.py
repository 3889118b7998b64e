"""Optional libraries: what importing one must not change."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dsd.errors import InputError
from dsd.optional import DEEPEST, optional


def test_a_missing_library_is_named_with_its_group() -> None:
    with pytest.raises(InputError, match=r"^no_such_library is not installed; run: pip install 'strandgrad\[seq\]'$"):
        optional("no_such_library.part", "seq")


def test_peppercorn_does_not_lift_the_recursion_limit() -> None:
    """With its limit of a million calls, nested brackets end the process instead of raising RecursionError."""
    pytest.importorskip("peppercornenumerator")
    code = (
        "import json, sys\n"
        "from dsd.optional import optional\n"
        "optional('peppercornenumerator', 'verify')\n"
        "print(sys.getrecursionlimit())\n"
        "try:\n    json.loads('[' * 200_000)\nexcept RecursionError:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == [str(DEEPEST), "refused"]
