"""Sections ``[data]`` and ``[task]``: where the samples come from, and what is to be learnt from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from compiler.schema_base import Count, Names, NonNegative, Real, Section, Seed

GeneratorName = Literal["rings", "xor", "and", "or", "linear", "product_square", "sine_square", "linreg"]
Scaling = Literal["none", "minmax", "standard"]
MAX_CLASSES = 100
"""Each class takes an output, and each output strands of its own."""

Share = Annotated[FiniteFloat, Field(ge=0, le=1)]


class Data(Section):
    """``[data]``: a CSV table beside the design (``file``), or samples drawn by a ``generator``.

    A table names its ``inputs`` and its ``target`` columns; of a classification the target is one column of classes.
    Its rows are split by the values of a column (``split``), or into seeded ``fractions`` of training, validation
    and, if there are three, test rows, ``stratified`` by class if wanted; without either every row is both training
    and validation. ``scaling`` of the inputs, and ``target_scaling`` of a regression, take their constants from the
    training rows only.

    A generator draws ``n_train``, ``n_validation`` and ``n_test`` samples from streams of their own of ``seed``:
    inputs uniform within ``range``, targets of a regression with normal ``noise`` of that standard deviation.
    ``off_share`` is the share of class 0 in training and validation, ``radii`` of rings are the outer radius of class
    0, and the inner and outer radius of class 1, about ``centre`` in both coordinates.
    """

    file: str | None = None
    generator: GeneratorName | None = None
    inputs: Names | None = None
    target: Names = ("y",)
    split: str | None = None
    train: str = "train"
    validation: str = "val"
    test: str = "test"
    fractions: Annotated[tuple[Share, ...], Field(min_length=2, max_length=3)] | None = None
    stratified: bool = False
    seed: Seed = 0
    scaling: Scaling = "none"
    target_scaling: Scaling = "none"
    n_train: Count = 101
    n_validation: Count = 101
    n_test: Count = 1000
    range: tuple[Real, Real] | None = None
    noise: NonNegative | None = None
    off_share: Share = 0.5
    radii: tuple[NonNegative, NonNegative, NonNegative] = (0.45, 0.5, 1.0)
    centre: Real = 0.0

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the inputs; those of a generator are x1 and x2 unless the design names them."""
        return self.inputs or ("x1", "x2")


class Task(Section):
    """``[task]``: regression, or classification in two or more classes.

    ``labels`` are the targets that stand for off and on: of the two classes, or of each output when there are more
    (one-hot). A prediction is on from ``threshold`` upwards, half-way between the labels if it is not given; among
    more than two classes the largest output wins. ``classes`` are the class names of a table in the order of
    their labels or outputs; without them, those in the training rows, sorted.
    """

    kind: Literal["regression", "binary", "multiclass"] = "regression"
    labels: tuple[Real, Real] = (0.0, 1.0)
    threshold: Real | None = None
    classes: Annotated[tuple[str, ...], Field(min_length=2, max_length=MAX_CLASSES)] | None = None

    @property
    def cut(self) -> float:
        """The threshold, given or half-way between the labels."""
        return sum(self.labels) / 2 if self.threshold is None else self.threshold


def problems(data: Data, task: Task) -> list[str]:
    """Contradictions between the keys of the two sections, one sentence each."""
    return [*_source(data), *_splits(data), *_classes(data, task)]


def _source(data: Data) -> list[str]:
    given = data.model_fields_set
    if (data.file is None) == (data.generator is None):
        return ["[data]: it needs either file or generator; give one of them"]
    if data.file is not None:
        if data.inputs is None:
            return ["[data] inputs: missing; list the input columns of the file"]
        of_generator = ("n_train", "n_validation", "n_test", "range", "noise", "off_share", "radii", "centre")
        return [f"[data] {key}: a file has no use for it; drop it" for key in of_generator if key in given]
    found = [
        f"[data] {key}: a generator has no use for it; drop it"
        for key in ("split", "train", "validation", "test", "fractions", "stratified")
        if key in given
    ]
    if data.range and not data.range[0] < data.range[1]:
        found.append(f"[data] range = {list(data.range)}: empty; give its lower end first")
    if not data.radii[0] <= data.radii[1] < data.radii[2]:
        found.append(f"[data] radii = {list(data.radii)}: not in order; give [inner disc, ring from, ring to]")
    if len(data.columns) != 2 or len(data.target) != 1:
        found.append(f"[data] inputs, target: a generator has two inputs and one target; name {2} and 1")
    return found


def _splits(data: Data) -> list[str]:
    if data.fractions is None:
        return ["[data] stratified: only fractions are drawn by class; add fractions"] if data.stratified else []
    if data.split is not None:
        return ["[data] fractions: the column in split decides already; drop one of the two"]
    if abs(sum(data.fractions) - 1) > 1e-9 or 0 in data.fractions:
        given = list(data.fractions)
        return [f"[data] fractions = {given}: they make {sum(given):g}; give parts above 0 that make 1"]
    return []


def _classes(data: Data, task: Task) -> list[str]:
    found = []
    if task.kind == "regression":
        found += [
            f"[task] {key}: a regression has none; drop it, or set kind"
            for key in ("labels", "threshold", "classes")
            if key in task.model_fields_set
        ]
        if data.stratified:
            found.append("[data] stratified: a regression has no classes; drop it")
    elif data.target_scaling != "none":
        found.append("[data] target_scaling: classes have labels instead; drop it")
    elif len(data.target) != 1:
        found.append(f"[data] target = {list(data.target)}: classes stand in one column; name that column")
    if task.labels[0] >= task.labels[1]:
        found.append(f"[task] labels = {list(task.labels)}: off must lie below on; order them")
    elif not task.labels[0] < task.cut < task.labels[1]:
        found.append(f"[task] threshold = {task.cut:g}: it separates nothing; put it between the labels")
    if task.kind == "binary" and task.classes and len(task.classes) != 2:
        found.append(f"[task] classes = {list(task.classes)}: two classes are binary; name 2, or use multiclass")
    if task.kind == "multiclass" and "threshold" in task.model_fields_set:
        found.append("[task] threshold: among more than two classes the largest output wins; drop it")
    if data.generator is not None:
        wanted = "regression" if data.generator in ("product_square", "sine_square", "linreg") else "binary"
        if task.kind != wanted:
            found.append(f"[task] kind = '{task.kind}': generator {data.generator} needs kind = \"{wanted}\"")
        if task.classes:
            found.append("[task] classes: the classes of a generator have no names; drop it")
    return found
