"""Provenance: what it takes to run the same again, and to know that it was the same.

In: the provenance of the metrics and ``run.json``. Out: a table, and the command.
"""

from __future__ import annotations

from compiler.report.blocks import Block, Note, Section, table
from compiler.report.folder import Results


def section(r: Results) -> Section:
    """Version, design, content hash, seed, machine."""
    p, about, run = r.provenance, r.facts.get("about", {}), r.run
    rows = [
        ["Strandgrad", p.get("version")],
        ["design", p.get("design")],
        ["description", about.get("description")],
        ["author", about.get("author")],
        ["dynamics", "; ".join(about.get("dynamics", ()))],
        ["content hash of design and data (SHA-256)", p.get("digest")],
        ["seed, order of samples", f"{p.get('seed', '–')}, {p.get('order', '–')}"],
        ["samples", ", ".join(f"{n} {part}" for part, n in about.get("samples", {}).items() if n)],
        ["epochs, iterations", f"{run['epochs']}, {run['iterations']}" if "epochs" in run else ""],
        ["levels", ", ".join(run.get("levels", [level.name for level in r.levels]))],
    ]
    for i, s in enumerate(run.get("sessions", ()), 1):
        which = f"session {i}, " if len(run["sessions"]) > 1 else ""
        rows.append([f"{which}begun", s.get("began")])
        rows.append([f"{which}machine", f"{s.get('processor')}, {s.get('cores')} cores, {s.get('system')}"])
        libraries = ", ".join(f"{name} {v}" for name, v in s.get("libraries", {}).items())
        rows.append([f"{which}Python and libraries", f"{s.get('python')}; {libraries}"])
    shown = [[str(k), str(v)] for k, v in rows if v]
    blocks: list[Block] = [table("Provenance", ("", ""), shown)]
    if p.get("design"):
        more = "" if run.get("seed") is None else f" --seed {run['seed']}"
        epochs = f" --epochs {run['epochs']}" if "epochs" in run else ""
        levels = f" --levels {','.join(run['levels'])}" if "levels" in run else ""
        command = f"strandgrad compare {r.design}{levels}{epochs}{more} -o OUT"
        blocks.append(Note("The same again:", (command,)))
    return Section("provenance", "Provenance", blocks=tuple(blocks))
