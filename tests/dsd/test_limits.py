"""Texts that are meant to exhaust the machine are refused in a sentence, at once."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from dsd import limits
from dsd.errors import InputError, TextError, clipped
from dsd.filenames import check_file_names, unsafe
from dsd.files import read_text
from dsd.kernel import parse_kernel, print_kernel
from dsd.orders.prices import parse_prices
from dsd.pil import parse_pil
from dsd.sequences.record import parse_sequences
from dsd.syntax import parse_crn
from dsd.toml_text import toml_keys

HOSTILE_NETWORKS = [
    ("1000000000 A -> B", "has the coefficient 1000000000"),
    ("99 A + B -> C", "has the coefficient 99"),
    (" + ".join("AB"[i % 2] for i in range(200)) + " <=> C", "more than 100 molecules"),
    (" + ".join(["10 A"] * 11) + " -> C", "more than 100 molecules"),
    ("A" * 2**20 + " -> B", "has 1048576 characters; use at most 1000"),
    ("@stages " + "N " * 5000, "more than 100 stages"),
    ("@dose 1 A when " + " + ".join(["A"] * 500) + " rises 1", "adds up more than 100"),
    ("A -> B [k = " + "9" * 10**6 + "]", "too large for a number"),
    ("A -> B [k = 1e99999999999999]", "too large for a number"),
    ("x" * (limits.MAX_TEXT + 1), "more than 8388608; split the network up"),
]


@pytest.mark.parametrize(("text", "said"), HOSTILE_NETWORKS, ids=[said for _, said in HOSTILE_NETWORKS])
def test_networks_beyond_measure(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_crn(text)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 2000


def test_statements_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number is lowered, for two hundred thousand statements take seconds."""
    for module in ("dsd.syntax", "dsd.crn_draft", "dsd.pil"):
        monkeypatch.setattr(f"{module}.MAX_STATEMENTS", 50)
    assert len(parse_crn("A -> B\n" * 48).reactions) == 48
    for text in (
        "A -> B\n" * 51,
        "@species: " + ", ".join(f"A{i}" for i in range(51)),
        "@meta a = b\n" * 51,
        "# a\n" * 51,
    ):
        with pytest.raises(TextError, match=r"there are more than 50 (statements|species) here"):
            parse_crn(text)
    with pytest.raises(TextError, match="there are more than 50 parts here"):
        parse_pil("#: meta a = b\n" * 51)


def test_a_structure_may_nest_as_deep_as_it_is_long() -> None:
    """Nothing recurses: a hairpin of ten thousand pairs is read and printed."""
    text = " ".join(["a("] * 10_000 + ["b"] + [")"] * 10_000)
    assert print_kernel(parse_kernel(text)) == text
    with pytest.raises(TextError, match="the structure takes 200000 characters"):
        parse_kernel("a(" * 100_000)


HOSTILE_SYSTEMS = [
    ("length t = " + "9" * 5000, "no domain has a length of 9"),
    ("length t = 0", "no domain has a length of 0 nt"),
    ("length t = 20\nX = t @initial 1e999 nM #: signal", "'1e999' is not a finite number"),
    ("length t = 20\nX = t @initial 1 nM #: signal reaction=²", "does not describe a part"),
    ("#: module 0 join gates= fuels= k=nan | A -> B", "the value of k, 'nan', is not a number"),
    ("#: module 0 join gates= fuels=" + " a=a=a" * 60 + " A -> B", "does not read as a 'module' line"),
    ("#: ", "does not read as a domain, strand or complex"),
    ("length " + "t" * 5000 + " = 5", "has 5000 characters; use at most 1000"),
]


@pytest.mark.parametrize(("text", "said"), HOSTILE_SYSTEMS, ids=[said for _, said in HOSTILE_SYSTEMS])
def test_systems_beyond_measure(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_pil(text)
    assert said in str(caught.value)


def test_a_long_line_is_shown_about_its_column() -> None:
    with pytest.raises(TextError) as caught:
        parse_crn("A -> B; " * 1000 + "C ?? D")
    _, line, caret, _ = str(caught.value).split("\n")
    assert len(line) < 200
    assert line[caret.index("^") :].startswith("?? D")
    assert caught.value.column == 8003


def test_messages_obey_no_terminal() -> None:
    """An escape sequence in a file must not reach the terminal."""
    with pytest.raises(TextError) as caught:
        parse_crn("A \x1b[2J\x07 -> B")
    assert "\x1b" not in str(caught.value)
    assert (
        clipped("\x1b]0;title\x07" + "x" * 1000, 20)
        == "\N{REPLACEMENT CHARACTER}]0;title\N{REPLACEMENT CHARACTER} ... " + "x" * 10
    )


def test_located_errors_travel_between_processes() -> None:
    error = TextError("a.crn", 2, 3, "A -> B", "fact", "remedy")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.line, again.column) == (str(error), 2, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 100_000, "t.toml:1: this nests more than 20 deep"),
        ("\na = " + "{a = " * 100_000, "t.toml:2: this nests more than 20 deep"),
        ("a" + ".a" * 100_000 + " = 1", "nests more than 20 deep"),
        ("[" + "a." * 100 + "a]", "nests more than 20 deep"),
        ("a = " + "9" * 5000, "not valid TOML"),
        ('a = """' + "x" * 100, "not valid TOML"),
        ("a = 1\na = 2", "not valid TOML"),
        ("#" * (2**20 + 1), "characters are too many"),
    ],
)  # fmt: skip
def test_toml_beyond_measure(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        toml_keys(text, "t.toml")
    with pytest.raises(InputError):
        parse_prices(text)


def test_toml_within_limits_is_what_it_says() -> None:
    """Brackets and dots in strings and comments nest nothing."""
    signs = "[.{" * 30
    text = f"""# {signs}\na = "{signs}"\nb = '{signs}'\nc = \"\"\"{signs}\n\"\"\"\nd.e = [[1.5, 2.5], [3.5]]"""
    assert toml_keys(text, "t") == {"a": signs, "b": signs, "c": signs + "\n", "d": {"e": [[1.5, 2.5], [3.5]]}}


def test_numbers_in_comments_of_sequences() -> None:
    assert parse_sequences("# seed = ²\n# candidate = " + "9" * 5000 + "\nt,ACT\n").seed == 0


def test_files_are_read_up_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 1001)
    assert len(read_text(tmp_path / "large", 1001)) == 1001
    with pytest.raises(InputError, match=r"is larger than .* MiB; give a smaller file"):
        read_text(tmp_path / "large", 1000)
    with pytest.raises(InputError, match="is larger than 64 MiB"):
        read_text("/dev/zero")
    with pytest.raises(InputError, match="cannot name a file"):
        read_text("a\0b")


@pytest.mark.parametrize(
    "name",
    ["", "..", ".", "../a", "a/b", "a\\b", "/etc/passwd", "C:a", "a\nb", "a\x1b", "a\u202eb", "con", "NUL.txt", "Com1",
     "lpt9.crn", "a.", "a ", " a", "-a", "~a", "a*", "x" * 300],
)  # fmt: skip
def test_names_that_no_file_should_have(name: str) -> None:
    assert unsafe(name)


def test_names_of_one_folder() -> None:
    check_file_names(["a.pil", "pot 2.crn", "Größe.csv", "console", "a.PIL2", "a.pil"])
    with pytest.raises(InputError, match=r"a\.pil and A\.PIL differ in letter case only"):
        check_file_names(["a.pil", "A.PIL"])
    with pytest.raises(InputError, match=r"'\.\./a' cannot name a file: it holds /; rename it"):
        check_file_names(["../a"])
