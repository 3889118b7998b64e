"""The keys of ``[model]`` and ``[training]``: what is derived into reactions, and how it is trained."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from compiler.schema_base import Count, Duration, Length, Matrix, NonNegative, Positive, Real, Section, Seed, Vector

Rails = Literal["auto", "single", "dual"]
Bit = Annotated[int, Field(ge=0, le=1)]
Sign = Annotated[int, Field(ge=-1, le=1)]


class Parameters(Section):
    """``[model.parameters]``: initial weights of the letters that ``dynamics`` uses, and of the output layer ``W``."""

    theta: Vector | None = None
    Theta: Matrix | None = None
    beta: Vector | None = None
    W: Matrix | None = None


class Draw(Section):
    """``[model.draw.<letter>]``: initial weights drawn from a normal distribution with the seed of ``[training]``.

    ``absolute`` takes absolute values. The letters are drawn one after another in the order theta, Theta, beta, W.
    """

    mean: Real = 0.0
    sd: NonNegative
    absolute: bool = False


class Draws(Section):
    """``[model.draw]``: the letters whose initial weights are drawn rather than given."""

    theta: Draw | None = None
    Theta: Draw | None = None
    beta: Draw | None = None
    W: Draw | None = None


class Bias(Section):
    """``[model.bias]``: the scalar ``h`` of ``dynamics``, constant or trained."""

    h: Real
    trained: bool = False


class RailChoice(Section):
    """``[model.rails]``: one or two species per variable; ``auto`` reads the signs of the data and of ``f``.

    The sign a weight will take cannot be read from ``f``, so ``auto`` gives weights two rails; ``single`` is a
    promise that they stay positive, which training checks.
    """

    theta: Rails = "auto"
    x: Rails = "auto"
    y: Rails = "auto"
    z: Rails = "auto"


class Feedback(Section):
    """``[model.feedback]``: a feedback phase that does not follow from f and T, to repeat published runs with.

    Leave it out, and the derived phase moves the weights along the gradient. ``T`` is its duration: the authors'
    quadratic classifier runs 0.4 forward and 2.0 back. ``states`` is the text of another f for the states to retrace:
    theirs drops the term -0.15*z**2 there. ``adjoint`` is the text of another f for the adjoint, while gradients keep
    to this one's: their ReLU adjoint has -2az for -0.5*z**2, as if it were -z**2, and none of the terms of beta.
    """

    T: Duration | None = None
    states: str | dict[str, str] = ""
    adjoint: str | dict[str, str] = ""


class ModelSection(Section):
    """``[model]``: the neural ODE dz/dt = f, run for ``T``, and gradient descent with ``learning_rate``.

    ``dynamics`` is the text of f, or a table with one text for each block of the state, such as ``h`` and ``z``;
    ``hidden`` is the length of each block, by default that of x. x is the data's inputs, mapped by the rows of
    ``input_layer`` if there are any, and lengthened by the constants ``padding``. ``start`` gives z(0) where it is not
    x: a number, or one per component, by block. ``mask`` (1 or 0 for each entry of Theta) fixes entries at zero.

    ``output = "sum"`` reads the last phase as the sum of z, weighted by ``signs`` of +1, -1 or 0 (a row per target);
    ``"trained"`` reads the states do_k/dt = sum_i W_ik z_i. ``placement`` puts the learning rate into the rates of
    N3, or into N4 as k1/(k1+k2). ``circuit = "minimal"`` lets all components share one adjoint (arXiv 2409.00034,
    section 3.2), which needs an ``f`` without z. ``gradient = "first-order"`` freezes adjoint and states during the
    feedback phase. ``power = "per-rail"`` lowers each rail by itself, so that -z*z means -z*|z| (the authors' 2Z -> Z).
    """

    dynamics: str | dict[str, str]
    T: Duration
    learning_rate: Positive
    dimension: Length | None = None
    hidden: Length | None = None
    padding: Vector = ()
    input_layer: Matrix = ()
    start: dict[str, Real | Vector] = Field(default_factory=dict)
    mask: tuple[tuple[Bit, ...], ...] = ()
    output: Literal["sum", "trained"] = "sum"
    signs: tuple[Sign, ...] | tuple[tuple[Sign, ...], ...] = ()
    placement: Literal["N3", "N4"] = "N3"
    circuit: Literal["full", "minimal"] = "full"
    gradient: Literal["exact", "first-order"] = "exact"
    power: Literal["exact", "per-rail"] = "exact"
    parameters: Parameters = Parameters()
    draw: Draws = Draws()
    bias: Bias | None = None
    rails: RailChoice = RailChoice()
    feedback: Feedback = Feedback()


class Training(Section):
    """``[training]``: epochs, order of presentation, and the seed of a shuffled order and of drawn weights.

    ``batch`` samples share one update: their gradients add up. In the order ``"repeated"`` a sample is presented until
    its loss changes by less than ``settle`` times itself, or ``max_repeats`` times, before the next one comes.
    """

    epochs: Count = 5
    order: Literal["fixed", "shuffled", "repeated"] = "fixed"
    seed: Seed = 0
    batch: Count = 1
    settle: Positive = 0.01
    max_repeats: Count = 20
