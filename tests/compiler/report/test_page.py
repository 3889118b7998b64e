"""The page: one file, well formed, that loads nothing and shows names without obeying them."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from compiler.design import load_design
from compiler.report.facts import design_of
from compiler.report.folder import read_folder
from compiler.report.page import page, write_report
from dsd.errors import InputError

GOLDEN = Path(__file__).parents[2] / "golden"
Page = Any


@pytest.fixture(params=["regression", "classifier", "hostile"])
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


def text_of(folder: Path) -> str:
    return (folder / "report.html").read_text()


def test_the_page_is_well_formed(folder: Path, outline: Page) -> None:
    """Every element is closed where it was opened, names are unique, and what refers to a name finds it."""
    found = outline(text_of(folder))
    assert found.stack == []
    assert len(found.ids) == len(set(found.ids))
    assert set(found.refers) <= set(found.ids)
    assert {load[1:] for load in found.loads if load.startswith("#")} <= set(found.ids)
    assert found.handlers == []


def test_nothing_is_loaded(folder: Path, outline: Page) -> None:
    """What the page refers to lies in itself; its drawings refer to nothing either."""
    text = text_of(folder)
    found = outline(text)
    assert found.loads
    assert all(load.startswith(("#", "data:image/svg+xml;base64,")) for load in found.loads)
    drawings = [b64decode(load.partition(",")[2]).decode() for load in found.loads if load.startswith("data:")]
    for part in (text, *drawings):
        assert not re.search(r"""(?:src|href|action)\s*=\s*["']?\s*(?:https?:|//|file:)""", part)
        assert not re.search(r"@import|url\(\s*['\"]?(?!#)", part)
    assert "default-src 'none'" in unescape(text)


def test_the_policy_lets_the_pages_own_script_and_style_run_and_no_other(folder: Path) -> None:
    text = text_of(folder)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.S)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    policy = unescape(policy)
    for part, what in ((script, "script-src"), (style, "style-src")):
        digest = b64encode(sha256(part.encode()).digest()).decode()
        assert f"{what} 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_names_from_files_are_shown_and_not_obeyed(hostile: Path, outline: Page) -> None:
    text = text_of(hostile)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    found = outline(text)
    assert found.tags.count("script") == 2
    assert "b" not in found.tags
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert text.count(escaped) >= 8
    assert f"iteration 3: {escaped}" in text
    assert "{{ 7 * 7 }}" in text


def test_the_same_folder_gives_the_same_page(regression: Path) -> None:
    before = text_of(regression)
    write_report(regression)
    assert text_of(regression) == before


def test_what_a_report_of_a_dna_level_says(regression: Path, outline: Page) -> None:
    """Headings, captions and columns of the whole page."""
    said = [w for w in outline(text_of(regression)).words if not w.startswith(("strong: ", "th: "))]
    assert "\n".join(said) + "\n" == (GOLDEN / "report.outline.txt").read_text()


def test_a_report_without_its_design_says_what_is_left_out(classifier: Path, outline: Page) -> None:
    """No circuit, mapping, cost or boundary, and no empty section in their place."""
    r = read_folder(classifier)
    text = page(r, "no design at 'x'")
    assert "are left out: no design at &#39;x&#39;" in text
    sections = [w for w in outline(text).words if w.startswith("h2: ")]
    assert sections == [
        "h2: ?", "h2: No pot was trained, so there is nothing to survive yet",
        "h2: Level by level", "h2: Loss", "h2: Weights", "h2: Predictions", "h2: Verification", "h2: Robustness",
        "h2: Provenance",
    ]  # fmt: skip


def test_results_of_other_commands_are_taken_in(regression: Path) -> None:
    r = read_folder(regression)
    gates = {
        "ok": False, "modules": 3, "faults": ["gate J1: & broken"], "conserved": None, "pairs": None,
        "shapes": [{"shape": "A -> B", "kind": "join", "modules": 3, "notion": "CRN bisimulation", "holds": False,
                    "crnverifier": False, "equals_peppercorn": True, "fault": "gate J1: & broken",
                    "assumption": "assuming that gates and fuels last and remote toeholds do not react"}],
    }  # fmt: skip
    point = {"fault": "leak", "only": "", "worst": 0.5, "drift": None, "trough": None, "note": ""}
    points = [{**point, "strength": s, "survival": v} for s, v in ((1e-6, 1.0), (1e-5, 0.95), (1e-4, 0.6))]
    text = page(replace(r, gates=gates, robustness={"points": points}))
    assert "The gates do not verify" in text
    assert "Fault: gate J1: &amp; broken" in text
    assert "Leak: survival falls under 0.9 at 10⁻⁴." in text
    with pytest.raises(InputError, match=r"robustness\.json in .* is not what 'robustness' writes"):
        page(replace(r, robustness={"points": [{"fault": "leak"}]}))


def test_another_design_is_refused(regression: Path, classifier: Path) -> None:
    with pytest.raises(InputError, match="linear2d is not as it was when this folder was trained"):
        write_report(regression, source="linear2d")
    r = read_folder(classifier)
    changed = replace(r, provenance={**r.provenance, "digest": "0" * 64})
    assert design_of(changed, None) == (None, "linear2d is not as it was when this folder was trained "
                                        "(its content hash differs)")  # fmt: skip
    found, why = design_of(r, None)
    assert found is not None
    assert found.digest == load_design("linear2d").digest
    assert why == ""


def test_the_decision_is_saved_as_a_figure(classifier: Path, regression: Path, hostile: Path) -> None:
    text = (classifier / "decision.svg").read_text()
    for words in ("class 0", "class 4", "formal circuit", "neural ODE", "x1", "x2"):
        assert f">{words}</text>" in text
    assert (classifier / "decision.png").read_bytes().startswith(b"\x89PNG")
    assert not (regression / "decision.svg").exists()
    assert "<script>alert" not in (hostile / "decision.svg").read_text()
