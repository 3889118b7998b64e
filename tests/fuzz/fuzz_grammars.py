"""Hypothesis strategies that draw texts near each format: what it has, in an order it may not have, and noise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from hypothesis import strategies as st
from pydantic import BaseModel

from compiler.schema import DesignFile

NUMBERS = (
    "0", "1", "2", "-1", "0.5", ".5", "1.", "1e3", "1e-3", "1e308", "1e309", "-1e308", "5e-324", "1E400", "nan",
    "inf", "-inf", "1_000", "0x10", "007", "1e", "--1", "+1", "9" * 400, "9" * 5000, "1." + "1" * 400, "²", "٣", "1e12",
    "1e13",
)  # fmt: skip
NAMES = ("A", "B", "X1", "x1n", "Z'", "_", "e1", "E1", "inf", "nan", "nM", "s", "at", "when", "formal", "é", "A" * 1200)

TOKENS: Mapping[str, Sequence[str]] = {
    "crn": (
        "->", "<=>", "<-", "=>", "+", "[", "]", "{", "}", ",", ";", "#", "=", ":", "@", "@level", "formal", "clocked",
        "network", "@units", "1 1", "nM", "s", "uM", "h", "@meta", "key", "@stages", "N1", "N2", "@species", "input",
        "@dose", "at", "when", "rises", "falls", "@initial", "@i", "signals", "fuels", "k", "kf", "kr", "stage",
        "/M/s", "/nM/s", "/s", "nM/s", "/M^2/s", '"', '"a b"', '"\\u0000"', "\\", "10", "11", "0", "∅",
    ),
    "kernel": ("(", ")", "+", "*", "a", "b", "a(", "b(", "a*(", "b*", "a*)", "b)", "t", "t*", "t(", "a**", "((", "é"),
    "pil": (
        "length", "=", "@initial", "nM", "#:", "toehold", "signal", "reverse", "fuel", "join", "latch=T0", "reaction=0",
        "reaction=²", "meta", "strand", "|", "means", "toeless", "dose", "at", "when", "rises", "falls", "through",
        "module", "gates=", "gates=J0,F0", "fuels=H0", "target=1e-05", "a=b=c", "k=nan", "k=inf", "(", ")", "(", "+",
        "t", "t*", "X", "t X", "X( t( + ) ) t*", "0", "5", "20.0", "s",
    ),
    "dynamics": (
        "x", "z", "theta", "Theta", "beta", "h", "θ", "Θ", "β", "+", "-", "*", "/", "**", "@", "(", ")", "⊙", "·", "−",
        "^", "%", "//", "lambda", "[", "]", "{", "}", ":=", "if", "else", "not", "and", "==", "'", '"', "f'", ".", "_",
        "__import__", "for", "in", "await", "yield", "...", "\\",
    ),
}  # fmt: skip

STATEMENTS: Mapping[str, Sequence[str]] = {
    "crn": (
        "@level formal", "@units nM s", "@meta design = line", '@meta "two words" = "a\\nb"', "@stages N1 N2",
        "@species input: X1 = 3, X2", "@species: A, B = 0.5", "@dose 3 X1 when O1 + O2 rises 0.5",
        "@dose 3 nM X1 at 1 h",
        "A + 2 B -> C [k = 1, stage = N1]  # note", "A <=> B [kf = 1, kr = 2]", "A + B -> [1e6 /M/s]", "-> A", "A ->",
        "A @initial 10 nM", "fuels = {A, B}", "formal = {}", "# comment", '# "json\\u0007"', ";;", "X @i 5",
    ),
    "pil": (
        "length t = 5 #: toehold", "length X = 20", "X = t X @initial 20.0 nM #: signal", "length r0 = 20",
        "J0 = X( t( + r0( t( + ) ) ) ) t* @initial 400.0 nM #: join latch=X reaction=0", "#: meta profile = ideal",
        "#: strand W0 = t r0 | waste reaction=0", "#: strand B0 = t* r0* t* X* | bottom", "#: means X = Y + Y",
        "#: toeless X J0", "#: dose X 20.0 nM at 3600.0 s", "#: dose X 20.0 nM when X + W0 rises through 5.0 nM",
        "#: module 0 join gates=J0,F0 fuels=H0,End target=1e-05 gate_nM=400.0 | X -> Y", "# comment", "#: meta a =",
    ),
}  # fmt: skip


def texts(target: str) -> st.SearchStrategy[str]:
    """Texts for a target."""
    if target == "design":
        return _designs()
    token = st.sampled_from([*TOKENS[target], *NAMES]) | st.sampled_from(NUMBERS) | st.text(max_size=4)
    line = st.builds(str.join, st.sampled_from(["", " ", " "]), st.lists(token, max_size=14))
    if target not in STATEMENTS:
        return line | _expressions(target)
    spoilt = st.builds(_spliced, st.sampled_from(STATEMENTS[target]), st.integers(0, 60), st.integers(0, 4), token)
    some = st.sampled_from(STATEMENTS[target])
    return st.lists(some | some | spoilt | line, max_size=16).map("\n".join)


def _spliced(text: str, at: int, drop: int, token: str) -> str:
    return text[:at] + token + text[at + drop :]


def _expressions(target: str) -> st.SearchStrategy[str]:
    """Well-formed nesting: formulas, or structures."""
    if target == "kernel":
        leaf = st.sampled_from(["a", "b*", "t", "a + b"])
        return st.recursive(leaf, lambda s: s.map("a( {} )".format) | st.tuples(s, s).map(" + ".join), max_leaves=40)
    leaf = st.sampled_from(["x", "z", "theta", "beta", "h", "2", "0.1", "1e30", "Theta @ x", "Theta"])
    pair = st.sampled_from(["({}) + ({})", "({}) - {}", "({})*({})", "({})/({})", "{} @ ({})"])
    power = st.sampled_from(["({})**0", "({})**1", "({})**2", "({})**3", "({})**8", "-({})", "+({})"])
    return st.recursive(
        leaf,
        lambda s: st.builds(lambda f, a, b: f.format(a, b), pair, s, s) | st.builds(lambda f, a: f.format(a), power, s),
        max_leaves=12,
    )


BASE: Mapping[str, Any] = {
    "design.name": "base", "data.file": "data.csv", "data.inputs": ["x1", "x2"], "data.target": ["y"],
    "model.dynamics": "theta*x", "model.T": 0.5, "model.learning_rate": 0.5, "model.parameters.theta": [1.0, 1.0],
}  # fmt: skip


def _designs() -> st.SearchStrategy[str]:
    """A design that can be read, with some keys of the schema set to whatever comes, as TOML."""
    values = (
        st.sampled_from([0, 1, 2, 3, -1, 0.0, 0.5, 1e-300, 1e12, 1e308, 2**31, 2**63, 10**12, 10**400, True, False])
        | st.sampled_from(["", "auto", "x", "theta*x", "Theta @ x + beta", "../data.csv", "/dev/null", "CON", "a/b"])
        | st.sampled_from(["x*x*x", "z**3", "theta*x - z**2", "dual", "single", "exact", "minimal", "first-order"])
        | st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-3, 3), max_size=4)
        | st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from(["z", "h", "q", "x"]), st.floats(0, 1) | st.just("theta*x"), max_size=2)
        | st.text(max_size=6)
    )
    choices = dict.fromkeys(_choices(DesignFile))
    keys = st.sampled_from(sorted({*_keys(DesignFile), "nonsense", "model.nonsense", "design"}))
    change = st.tuples(keys, values | st.sampled_from(sorted(choices)))
    return st.lists(change, max_size=3).map(lambda changes: _toml({**BASE, **dict(changes)}))


def _keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Every dotted key of the schema."""
    found = []
    for name, info in model.model_fields.items():
        inner = [c for c in (info.annotation, *get_args(info.annotation)) if _is_model(c)]
        found += [k for c in inner for k in _keys(c, f"{prefix}{name}.")] or [prefix + name]
    return found


def _choices(model: type[BaseModel]) -> list[str]:
    """Every word that some key of the schema takes."""
    found = []
    for info in model.model_fields.values():
        for c in (info.annotation, *get_args(info.annotation)):
            found += _choices(c) if _is_model(c) else [a for a in get_args(c) or (c,) if isinstance(a, str)]
    return found


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _toml(keys: Mapping[str, Any]) -> str:
    return "\n".join(f"{key} = {_value(value)}" for key, value in keys.items()) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)
