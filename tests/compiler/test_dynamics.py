"""The grammar of dynamics, and the adjoint and gradient derived from it."""

from __future__ import annotations

import pytest

from compiler.dynamics import dynamics
from compiler.polynomial import Monomial
from dsd.errors import TextError


def texts(expressions: tuple[object, ...]) -> list[str]:
    return [str(e) for e in expressions]


def test_the_papers_linear_regression_has_a_static_adjoint_and_gradient_a_x() -> None:
    f = dynamics("theta*x + h", 2)
    assert texts(f.f) == ["h + theta1*x1", "h + theta2*x2"]
    assert texts(f.feedback.adjoint) == ["0", "0"]
    assert texts(f.feedback.gradient) == ["a1*x1", "a2*x2"]
    assert f.static_adjoint
    assert not f.needs_states_back


def test_table_4_of_the_paper_reversed_parity_for_f_theta_z() -> None:
    # arXiv 2409.00034, Table 4, row 4: dz = -theta z, da = a theta, dg = a z
    back = dynamics("theta*z", 2).feedback
    assert texts(back.states) == ["-theta1*z1", "-theta2*z2"]
    assert texts(back.adjoint) == ["a1*theta1", "a2*theta2"]
    assert texts(back.gradient) == ["a1*z1", "a2*z2"]


def test_a_matrix_gives_one_parameter_per_entry() -> None:
    f = dynamics("Theta @ x - z**3/6", 2)
    assert texts(f.f) == ["Theta11*x1 + Theta12*x2 - z1**3/6", "Theta21*x1 + Theta22*x2 - z2**3/6"]
    assert texts(f.parameters) == ["Theta11", "Theta12", "Theta21", "Theta22"]
    assert texts(f.feedback.gradient) == ["a1*x1", "a1*x2", "a2*x1", "a2*x2"]
    assert texts(f.feedback.adjoint) == ["-a1*z1**2/2", "-a2*z2**2/2"]


def test_a_trained_bias_collects_its_gradient_from_every_component() -> None:
    assert texts(dynamics("theta*x + h", 2, trained_bias=True).feedback.gradient) == ["a1*x1", "a2*x2", "a1 + a2"]


def test_greek_letters_and_product_signs_read_as_their_ascii_forms() -> None:
    assert dynamics("θ⊙x − 0.3·z**2 + β", 2).f == dynamics("theta*x - 0.3*z**2 + beta", 2).f


def test_a_scalar_is_spread_over_all_components() -> None:
    assert texts(dynamics("h", 3).f) == ["h", "h", "h"]


def test_monomials_come_in_a_fixed_order_with_their_coefficients() -> None:
    f = dynamics("0.1 + theta*x - 0.3*z**2", 1)
    assert [str(m) for m in f.monomials(f.f[0])] == ["x1*theta1", "-0.3*z1*z1", "0.1"]
    assert f.monomials(f.f[0])[2] == Monomial(0.1, ())


@pytest.mark.parametrize(
    ("text", "column", "fact", "remedy"),
    [
        ("theta*x + exp(z)", 11, "a function call is not a polynomial", "approximate the function by a polynomial"),
        ("theta/x", 1, "this division does not give a polynomial", "divide by a number other than 0 only"),
        ("x/0", 1, "this division does not give a polynomial", "divide by a number other than 0 only"),
        ("z**-1", 4, "this exponent does not give a polynomial", "write a whole number"),
        ("z**x", 4, "this exponent does not give a polynomial", "write a whole number"),
        ("z**9", 4, "the degree exceeds 8", "keep every monomial within 8"),
        ("(z**3)**3", 9, "the degree exceeds 8", "keep every monomial within 8"),
        ("z^2", 2, "'^' is not a power here", "write ** for a power: z**2"),
        ("x + w", 5, "'w' is not a known name", "use theta, Theta, beta, x, z, h"),
        ("θ*x + w", 7, "'w' is not a known name", "use theta, Theta, beta, x, z, h"),
        ("x + True", 5, "True is not a real number", "use a decimal number"),
        ("x + 1e999", 5, "this is outside the grammar", "write a polynomial of"),
        ("x if x else z", 1, "this is outside the grammar", "write a polynomial of"),
        ("x.real", 1, "this is outside the grammar", "write a polynomial of"),
        ("x @ z", 1, "@ needs a matrix left and a vector right", "write Theta @ x"),
        ("Theta * x", 1, "a matrix only multiplies a vector", "write Theta @ x"),
        ("Theta", 1, "the dynamics are a matrix", "multiply the matrix into a vector"),
        ("x // 2", 1, "this operator is outside the grammar", "use + - * / ** and @"),
        ("x +", 4, "this is not an expression", "write a polynomial of"),
        ("", 1, "the dynamics are empty", "write a polynomial, for example"),
        ("(" * 21 + "x" + ")" * 21, 21, "too many nested parentheses", "nest at most 20 deep"),
        ("x" + " + x" * 100, 1, "the dynamics take 401 characters", "write one line of at most 400"),
    ],
)
def test_what_is_not_a_polynomial_is_refused_with_its_column(text: str, column: int, fact: str, remedy: str) -> None:
    with pytest.raises(TextError) as caught:
        dynamics(text, 2, source="f")
    error = caught.value
    assert (error.column, error.fact[: len(fact)]) == (column, fact)
    assert remedy in error.remedy


def test_the_number_of_monomials_is_bounded_before_anything_is_expanded() -> None:
    with pytest.raises(TextError, match="may expand to 8855 monomials"):
        dynamics("(Theta @ x)**4", 20)
