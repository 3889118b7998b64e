"""What the paper and its authors' code report for each design: circuit sizes, losses, scores.

Sources: arXiv 2409.00034 v2 (Tables 3 and 5), and the public code and figures of rajiv256/NeuralCRNGen, branch by
branch; losses and error counts are read from its committed SVG figures (to about 1e-3), those of LinReg2D from its run
log, those of Iris from a bitmap. Sizes of the code are the union of its stages' species and reactions as coded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Figures:
    """The authors' figures for a design; None where there are none.

    ``score`` is accuracy or R² on ``tested``: ``"grid"`` is their test grid, ``"validation"`` their validation set,
    which for the rings is also their test set. ``source`` says where the sizes are from.
    """

    species: int | None = None
    reactions: int | None = None
    source: str = ""
    train_loss: float | None = None
    validation_loss: float | None = None
    score: float | None = None
    tested: str = ""


CUBIC = (66, 201, "code, branch nonlinear_z3; 12 species and 12 reactions of these are inert")
QUADRATIC = (66, 180, "code, branch nonlinear_z3_linapprox; 12 species and 12 reactions of these are inert")
RELU = (72, 414, "code, branch relu_nofinallayer")
NLR = (32, 90, "code, branch nonlinear_regression_z2_dotprod_sinxx2, without 24 species and 48 reactions of no effect")
FIRST = (None, 51, "the same code without 48 reactions of no effect; as coded 99")

AUTHORS: Mapping[str, Figures] = MappingProxyType(
    {
        "linreg2d": Figures(17, 14, "paper, Table 5", 0.16412, 0.11878, 0.9633, "validation"),
        "linreg2d-minimal": Figures(15, 13, "paper, section 3.2"),
        "linear2d": Figures(24, 36, "code, branch linear", 0.5977, 0.6289, 0.944, "grid"),
        "nonlinreg2d": Figures(*NLR, 0.0956, 0.1190, 0.922, "validation"),
        "nonlinreg2d-first-order": Figures(*FIRST, 0.0957, 0.0703, 0.954, "validation"),
        "nonlinreg2d-sine": Figures(*FIRST, 0.0579, 0.0750, 0.875, "validation"),
        "cubic-rings": Figures(*CUBIC, 0.0818, 0.1019, 0.726, "validation"),
        "cubic-xor": Figures(*CUBIC, 0.0637, 0.0586, 0.847, "grid"),
        "cubic-and": Figures(*CUBIC),
        "cubic-or": Figures(*CUBIC),
        "quadratic-xor": Figures(*QUADRATIC, 0.0741, 0.0744, 0.788, "grid"),
        "quadratic-rings": Figures(*QUADRATIC, 0.363, 0.377, 0.822, "validation"),
        "relu-xor": Figures(*RELU, None, None, 0.832, "grid"),
        "relu-and": Figures(*RELU, None, None, 0.914, "grid"),
        "relu-or": Figures(*RELU, None, None, 0.874, "grid"),
        "relu-rings": Figures(*RELU, None, None, 0.935, "validation"),
        "iris": Figures(238, 1331, "code, branch irisnew", 0.19, 0.20, 0.867, "validation"),
        "hidden-xor": Figures(),
        "hidden-rings": Figures(),
        "breast-cancer": Figures(),
    }
)
"""By the name of the design, in the order of the table; designs of our own have no figures."""
