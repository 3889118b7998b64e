"""Folders of results as ``compare`` leaves them, made in seconds: a regression down to DNA, classifiers.

What is slow is not trained: a DNA level has the numbers of the formal run, and a clock drawn by a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compiler.commands.outputs import save
from compiler.design import Design, load_design
from compiler.metrics import metrics
from compiler.report.page import write_report
from compiler.report.run import begin, describe
from compiler.training.formal import train_formal
from compiler.training.history import History
from compiler.training.reference import train_reference
from dsd.files import write_json_atomic

VOID = {"meta", "link", "img", "input", "br", "hr"}

HOSTILE = "<script>alert(1)</script>"
POINTS = [
    {
        "fault": fault,
        "strength": s,
        "only": only,
        "survival": v,
        "worst": v - 0.1,
        "drift": 0.01,
        "trough": None,
        "note": "",
    }
    for fault in ("leak", "scatter", "concentration")
    for s, v, only in ((1e-3, 0.99, ""), (1e-2, 0.95, ""), (1e-1, 0.6, ""), (1e-1, 0.7, "clock"))
]
"""What ``robustness`` keeps: three strengths of each fault, and a family alone."""

COLUMN = '"><img src=x onerror=alert(2)>'


def keep(folder: Path, design: Design, histories: Sequence[History], **more: Any) -> dict[str, Any]:
    """Save what a comparison of these histories would leave."""
    found = {h.level: h for h in histories}
    begin(folder, describe(design, design.name, list(found), None, None), resume=False)
    result = metrics(design, found, **more)
    result["gates"] = None
    save(str(folder), design, found, result)
    return result


def as_dna(history: History) -> History:
    """A history with everything that a DNA level reports besides, from simple formulas."""
    t = np.linspace(0.0, 20_000.0, 400)
    phases = [np.clip(np.cos(2 * np.pi * (t / t[-1] - i / 3)), 0.0, None) * 13.0 + 1e-5 for i in range(3)]
    clock = {
        "periods": [20_000.0, 20_200.0, 20_400.0], "drift": 0.02, "drift_cycles": [1, 3], "overlap": [0.03, 0.02, 0.03],
        "handover_fraction": 0.27, "duty": [0.33, 0.34, 0.33], "trough": [1e-5, 1e-5, 2e-5], "amplitude": 13.2,
    }  # fmt: skip
    return replace(history, level="dsd").with_extra(
        trace={"t": t.tolist(), "o": np.stack(phases, axis=1).tolist()}, clock=clock,
        period_s=[20_000.0 + 5.0 * i for i in range(history.iterations)], lab_hours=1211.0, total_strand_uM=481.0,
        fuel_used={f"H{i}": 4000.0 / (i + 1) for i in range(20)}, volume_growth=0.1, warnings=["fuel H1 is <low>"],
    )  # fmt: skip


@pytest.fixture(scope="session")
def regression(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LinReg2D at three levels, with its DNA compiled, and its report written."""
    folder, design = tmp_path_factory.mktemp("regression"), load_design("linreg2d")
    formal = train_formal(design, epochs=1)
    keep(folder, design, [train_reference(design, epochs=1), formal, as_dna(formal)])
    write_json_atomic(folder / "robustness.json", {"design": "linreg2d", "points": POINTS})
    write_report(folder, design)
    return folder


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Linear2D, two classes of two features, at the two levels without a pot, and its report."""
    folder, design = tmp_path_factory.mktemp("classifier"), load_design("linear2d")
    keep(folder, design, [train_reference(design, epochs=1), train_formal(design, epochs=1)])
    write_report(folder, design)
    return folder


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier whose description, author, columns and classes are markup, and a reason and a fuel as well."""
    folder = tmp_path_factory.mktemp("hostile")
    toml = f"""\
[design]
name = "hostile"
description = '{HOSTILE}'
author = '</title>{HOSTILE}'

[data]
file = "data.csv"
inputs = ['{COLUMN}', "{{{{ 7 * 7 }}}}"]
target = '{HOSTILE}'

[task]
kind = "binary"
classes = ['{HOSTILE}', "</script><b>"]

[model]
dynamics = "theta*x"
T = 0.5
learning_rate = 0.1

[model.parameters]
theta = [0.3, 0.4]
"""
    quoted = COLUMN.replace('"', '""')
    rows = [f"{x},{y},{'</script><b>' if x + y > 1 else HOSTILE}" for x in (0.1, 0.5, 0.9) for y in (0.2, 0.6, 0.8)]
    (folder / "data.csv").write_text("\n".join([f'"{quoted}",{{{{ 7 * 7 }}}},{HOSTILE}', *rows]) + "\n")
    (folder / "design.toml").write_text(toml)
    design = load_design(folder)
    formal = train_formal(design, epochs=3)
    marked = as_dna(formal).with_extra(fuel_used={f"H{HOSTILE}": 2.0}, warnings=[HOSTILE])
    keep(folder, design, [formal, marked], failed={"clocked": f"iteration 3: {HOSTILE}"})
    write_report(folder, design)
    return folder


class Outline(HTMLParser):
    """Elements of a page: ``loads`` what it refers to, ``ids``, ``words`` the text of headings, unclosed ``stack``."""

    SAID = ("title", "h1", "h2", "h3", "figcaption", "caption", "summary", "th", "dt", "strong", "button")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.words: list[str] = []
        self.stack: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.stack.append(tag)
        for name, value in attrs:
            self.handlers += [name] if name.startswith("on") or name == "style" else []
            self.loads += [value or ""] if name in ("src", "href", "srcset", "action", "data") else []
            self.ids += [value or ""] if name == "id" else []
            if name in ("for", "aria-labelledby", "aria-describedby"):
                self.refers += (value or "").split()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack[-1] == tag, f"</{tag}> closes <{self.stack[-1]}>"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        inside = next((t for t in reversed(self.stack) if t in self.SAID), "")
        if inside and data.strip() and "svg" not in self.stack:
            self.words.append(f"{inside}: {' '.join(data.split())}")


@pytest.fixture(scope="session")
def outline() -> type[Outline]:
    """Parses a page."""
    return Outline
