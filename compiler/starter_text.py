"""The text of a first ``design.toml``, with a comment for every choice.

In: a :class:`~compiler.starter.Plan`, a name, the path of the table as the design is to give it. Out: TOML text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from compiler.starter import Plan

MADE_UM = 250.0
"""µM of strands at first: circuits of two inputs add 60 to 70 % in 200 iterations, and 500 µM is most."""

NOTE, COLUMN = "\v", 30
"""What parts a value from its comment below (no TOML string holds it raw), and where comments begin."""

TEMPLATE = """\
# {title}
# Written by 'strandgrad new'; every key may be changed. Its next steps, from the folder in which {name} lies:
#   strandgrad compare {name} -o {name}/out               trained as formal reactions, in one pot, and as DNA
#   strandgrad sequences {name} --seed 1 -o {name}/order  nucleotides, order sheet, mixing protocol

[design]
name = {quoted}
description = {description}

[data]
file = {file}
inputs = {inputs}
target = {target}
fractions = {fractions}\v{parts}: {counts} rows
{stratified}seed = 0\vof the split
scaling = "standard"\vof the inputs, to mean 0 and standard deviation 1: no input outweighs another
{target_scaling}
[task]
{task}
[model]
dynamics = {dynamics}
T = 1.0
learning_rate = {learning_rate}\va sample mends some {mends:.2g} of its own error; from 2 on training would diverge
padding = [1.0]\va constant input, whose weight is the constant term
{shape}
[model.start]
z = 0.0

[model.parameters]
{weights}
[training]
epochs = {epochs}\v{iterations} samples in all; each consumes strands, and a pot holds so many
order = "shuffled"

[clock]
amplitude = 2.0\vnear the largest signals: inputs of up to 3 standard deviations
parameter_scale = 2.0\va weight of 1 is kept as 2 units, so that small weights settle within a period too

[dna]
unit_nM = 6.6\vnM of one unit; times amplitude it is what the clock's strands are made for
pools = {{ clock = 3960.0, parameter = 660.0, adjoint = 200.0 }}\vnM of reverse strands, which pace the gates
made_uM = {made}\vof strands at first; training adds more, up to 500

[check]
survival_min = 0.9\vcompare exits with 1 where a level keeps less of the formal circuit's improvement
"""


def text(plan: Plan, name: str, file: str) -> str:
    """``design.toml`` for ``plan``, whose table lies at ``file`` as seen from the design."""
    found, data = plan.columns, plan.data
    n = [len(x) for x in (data.train_x, data.validation_x, data.test_x) if len(x)]
    filled = TEMPLATE.format(
        title=_title(plan, name),
        name=name,
        quoted=_string(name),
        description=_string(f"{found.kind}: {found.target} from {', '.join(found.inputs)}"),
        file=_string(file),
        inputs=_list(found.inputs),
        target=_string(found.target),
        fractions=list(plan.fractions),
        parts=", ".join(("training", "validation", "test")[: len(n)]),
        counts=", ".join(map(str, n)),
        learning_rate=plan.learning_rate,
        mends=plan.learning_rate * (len(found.inputs) + 1),
        epochs=plan.epochs,
        iterations=plan.epochs * n[0],
        made=MADE_UM,
        **_task(plan),
        **_circuit(plan),
    )  # fmt: skip
    return "\n".join(_aligned(line) for line in filled.split("\n"))


def _aligned(line: str) -> str:
    value, note, comment = line.partition(NOTE)
    return (
        f"{value:<{COLUMN}}# {comment}" if note and len(value) < COLUMN else f"{value}  # {comment}" if note else line
    )


def _title(plan: Plan, name: str) -> str:
    what = {"regression": "a number", "binary": "one of two classes", "classes": "one of several classes"}
    target, inputs = plan.columns.target, len(plan.columns.inputs)
    return f"{name}: {json.dumps(target)}, {what[plan.columns.kind]}, learnt by a linear circuit of {inputs} inputs."


def _task(plan: Plan) -> dict[str, str]:
    """``[task]``, and the keys of ``[data]`` that depend on it."""
    found = plan.columns
    if plan.target_range is not None:
        low, high = plan.target_range
        scaling = f'target_scaling = "minmax"\v0..1: the target is {low:g} + {high - low:g} * output\n'
        return {"task": 'kind = "regression"\n', "stratified": "", "target_scaling": scaling}
    several = found.kind == "classes"
    kind = "multiclass" if several else "binary"
    meaning = "one output each; the largest wins" if several else "off, on; the output is on from 0.5 upwards"
    return {
        "task": f'kind = "{kind}"\nclasses = {_list(found.classes)}\v{meaning}\nlabels = [0.0, 1.0]\n',
        "stratified": "stratified = true\veach part has its share of each class\n",
        "target_scaling": "",
    }


def _circuit(plan: Plan) -> dict[str, str]:
    """Dynamics, what shapes them, and the initial weights."""
    m = plan.outputs
    row = [0.1] * (len(plan.columns.inputs) + 1)
    if m == 1:
        return {
            "dynamics": '"theta*x"\vdz_i/dt = theta_i x_i; the output is the sum of z at time T, linear in x',
            "shape": 'circuit = "minimal"\vall z_i share one adjoint, since f does not depend on z\n',
            "weights": f"theta = {row}\n",
        }
    signs = [[int(i == j) for j in range(m)] for i in range(m)]
    return {
        "dynamics": '"Theta @ x"\vdz/dt = Theta x; output k is z_k at time T, linear in x',
        "shape": f"hidden = {m}\va state for each class\nsigns = {signs}\voutput k reads state k\n",
        "weights": f"Theta = {[row] * m}\va row for each class\n",
    }


def _string(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, but for DEL, which TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(_string(t) for t in texts)}]"
