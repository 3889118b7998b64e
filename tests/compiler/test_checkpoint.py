"""Checkpoints: a run that is stopped and resumed ends bit for bit like one that never stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from compiler.cli import cli
from compiler.design import Design, load_design
from compiler.training import trainer
from compiler.training.checkpoint import Checkpoints, Run, read, write
from compiler.training.formal import Formal
from compiler.training.history import History
from compiler.training.loop import run
from compiler.training.onepot import train
from compiler.training.pot import Pot
from dsd.automatic import Automatic
from dsd.errors import InputError
from dsd.integrate import Tolerance

Write = Callable[..., Path]
Train = Callable[..., History]


class KilledError(Exception):
    """Ends a run from within, between two iterations."""


def killing(at: int) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if done == at:
            raise KilledError

    return progress


def everything(history: History) -> dict[str, Any]:
    """All of a history but the time it took; floats as they are."""
    return {**history.__dict__, "extra": dict(history.extra), "wall_s": None}


def stopped_and_resumed(train: Train, path: Path, *stops: int, every: int = 1) -> History:
    for n, stop in enumerate(stops):
        with pytest.raises(KilledError):
            train(progress=killing(stop), checkpoints=Checkpoints(path, every=every, resume=n > 0))
    return train(checkpoints=Checkpoints(path, every=every, resume=True))


def small(design: Design, train: int, validation: int) -> Design:
    data, test = design.data, (design.data.test_x[:3], design.data.test_y[:3])
    fewer = replace(
        data, train_x=data.train_x[:train], train_y=data.train_y[:train],
        validation_x=data.validation_x[:validation], validation_y=data.validation_y[:validation],
    )  # fmt: skip
    return design.with_data(fewer.with_parts(test=test))


# The samples are 8, and the epochs 3: stops fall within epochs, at their ends, and after the last sample.
STOPS = [(1,), (8,), (11, 16), (23,), (24,)]


@pytest.mark.parametrize("stops", STOPS)
@pytest.mark.parametrize("level", ["reference", "formal"])
def test_a_resumed_run_ends_with_the_same_bits(level: str, stops: tuple[int, ...], tmp_path: Path) -> None:
    design = small(load_design("linear2d"), 8, 5)
    go = partial(trainer(level), design, epochs=3, seed=4)
    assert everything(stopped_and_resumed(go, tmp_path / "c.npz", *stops)) == everything(go())


@pytest.mark.parametrize("changes", [{"training.batch": 3}, {"training.order": "repeated", "training.max_repeats": 4}])
@pytest.mark.parametrize("level", ["reference", "formal"])
def test_within_batches_and_between_repetitions(level: str, changes: dict[str, Any], tmp_path: Path) -> None:
    design = small(load_design("linear2d"), 8, 5).amended(changes)
    go = partial(trainer(level), design, epochs=2)
    assert everything(stopped_and_resumed(go, tmp_path / "c.npz", 5, 10)) == everything(go())


def test_iterations_after_the_last_checkpoint_are_done_again(tmp_path: Path) -> None:
    design = small(load_design("linear2d"), 8, 5)
    go = partial(trainer("formal"), design, epochs=2)
    with pytest.raises(KilledError):
        go(progress=killing(13), checkpoints=Checkpoints(tmp_path / "c.npz", every=5))
    about, parts = read(tmp_path / "c.npz")
    assert (about["iteration"], parts["loop"]["done"], len(parts["record"]["weights"])) == (10, 10, 11)
    assert everything(go(checkpoints=Checkpoints(tmp_path / "c.npz", resume=True))) == everything(go())


def test_a_stage_goes_on_with_the_method_it_had(tmp_path: Path) -> None:
    """A stage that has proved stiff is integrated by CVODE for some runs to come: that is part of the state."""
    design, learners = small(load_design("linear2d"), 8, 5), list[Formal]()

    def train_stiff(**options: Any) -> History:
        learner = Formal(design.circuit())
        for stage, (engine, duration) in learner.stages.items():
            learner.stages[stage] = Automatic(engine.network, Tolerance(rtol=1e-8, atol=1e-11), max_steps=20), duration
        learners.append(learner)
        return run("formal", design, learner, epochs=3, **options)

    resumed = stopped_and_resumed(train_stiff, tmp_path / "c.npz", 7, 15)
    assert everything(resumed) == everything(train_stiff())
    assert any(engine.wait for engine, _ in learners[-1].stages.values() if isinstance(engine, Automatic))


def test_the_clocked_pot_goes_on_with_the_same_bits(tmp_path: Path) -> None:
    go = partial(trainer("clocked"), small(load_design("linreg2d"), 3, 2), epochs=2)
    assert everything(stopped_and_resumed(go, tmp_path / "c.npz", 1, 3, 5)) == everything(go())


def test_the_dna_pot_goes_on_with_the_same_bits(linreg: Design, dna_pot: Pot, tmp_path: Path) -> None:
    """Volume, fuels used, clock and warnings are part of a history, and so compared too."""
    go = partial(train, dna_pot, small(linreg, 3, 2), epochs=2)
    resumed, whole = stopped_and_resumed(go, tmp_path / "c.npz", 2, 4), go()
    assert everything(resumed) == everything(whole)
    assert whole.extra["volume_growth"] > 0


def test_checkpoints_change_nothing(tmp_path: Path) -> None:
    design = small(load_design("linear2d"), 8, 5)
    go = partial(trainer("formal"), design, epochs=2)
    assert everything(go(checkpoints=Checkpoints(tmp_path / "c.npz", every=1))) == everything(go())


def test_a_run_of_another_seed_or_design_is_refused(tmp_path: Path) -> None:
    design, path = small(load_design("linear2d"), 8, 5), tmp_path / "c.npz"
    formal = trainer("formal")
    with pytest.raises(KilledError):
        formal(design, epochs=2, seed=1, progress=killing(3), checkpoints=Checkpoints(path, every=1))
    with pytest.raises(InputError, match="another run: seed 1, not 2; epochs 2, not 3; resume with what it was"):
        formal(design, epochs=3, seed=2, checkpoints=Checkpoints(path, resume=True))
    with pytest.raises(InputError, match=r"another run: design \(by its hash\) \w{12}, not \w{12}; resume with"):
        formal(design.amended({"model.T": 0.7}), epochs=2, seed=1, checkpoints=Checkpoints(path, resume=True))
    with pytest.raises(InputError, match="another run: level formal, not reference; resume with"):
        trainer("reference")(design, epochs=2, seed=1, checkpoints=Checkpoints(path, resume=True))


def test_a_checkpoint_is_neither_overlooked_nor_invented(tmp_path: Path) -> None:
    design, path = small(load_design("linear2d"), 8, 5), tmp_path / "c.npz"
    formal = trainer("formal")
    with pytest.raises(InputError, match=r"there is no checkpoint .* leave --resume out to train anew"):
        formal(design, epochs=1, checkpoints=Checkpoints(path, resume=True))
    path.write_bytes(b"PK\x03\x04 half a checkp")
    with pytest.raises(InputError, match=r"c\.npz is no checkpoint that can be read .* delete it and train anew"):
        formal(design, epochs=1, checkpoints=Checkpoints(path, resume=True))
    with pytest.raises(InputError, match="run that was not finished; go on with it by --resume, or delete it"):
        formal(design, epochs=1, checkpoints=Checkpoints(path))


def test_floats_of_all_kinds_come_back(tmp_path: Path) -> None:
    values = [0.1, 5e-324, 1.7976931348623157e308, -0.0, float("inf")]
    write(tmp_path / "c.npz", {"iteration": 1}, {"learner": {"array": np.array(values), "list": values}})
    about, parts = read(tmp_path / "c.npz")
    assert about == {"iteration": 1}
    for key in ("array", "list"):
        assert np.array(parts["learner"][key]).tobytes() == np.array(values).tobytes()


def test_any_damage_is_noticed(tmp_path: Path) -> None:
    """A byte changed, a part lost or doubled: refused in a sentence, or (in what archives pad with) of no effect."""
    path, random = tmp_path / "c.npz", np.random.default_rng(5)
    write(path, {"iteration": 3}, {"learner": {"a": np.arange(5.0), "b": [1.5]}})
    whole = path.read_bytes()
    refused = []
    for _ in range(1500):
        at, to = sorted(random.integers(0, len(whole), 2).tolist())
        change = bytes(random.integers(0, 256, random.integers(0, 3), dtype=np.uint8))
        path.write_bytes(whole[:at] + change + whole[at + 1 if random.random() < 0.7 else to :])
        try:
            about, parts = read(path)
        except InputError as error:
            refused.append(str(error))
        else:
            assert (about, parts["learner"]["b"]) == ({"iteration": 3}, [1.5])
            assert parts["learner"]["a"].tolist() == [0, 1, 2, 3, 4]
    assert len(refused) > 1000
    assert all("is no checkpoint that can be read" in said for said in refused)


def test_by_default_writing_takes_a_small_share_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that takes 2 s is followed by 100 s without one; the first waits for 10 s."""
    now = [0.0]

    def parts() -> Any:
        now[0] += 2.0
        return {}

    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    keeper = Checkpoints(tmp_path / "c.npz")
    keeper.begin(Run("formal", "0" * 64, 0, 1, "1"))
    written = []
    for iteration in range(1, 300):
        now[0] += 1.0
        keeper.offer(iteration, parts)
        written.append(keeper.iteration)
    assert sorted({at for at in written if at}) == [10, 110, 210]


def run_cli(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def test_after_sigkill_the_command_resumes_to_the_same_files(write: Write, tmp_path: Path) -> None:
    rows = "split,x1,x2,y\n" + "train,1.0,2.0,6.0\ntrain,2.0,1.0,5.0\n" * 4 + "val,1.5,1.5,5.5\n"
    command = ["train", str(write(rows=rows)), "--level", "clocked", "--epochs", "4", "--checkpoint-every", "1", "-o"]
    out, checkpoint = tmp_path / "killed", tmp_path / "killed/checkpoint-clocked.npz"
    process = subprocess.Popen([sys.executable, "-m", "compiler.cli", *command, str(out)])
    while process.poll() is None and not (checkpoint.exists() and read(checkpoint)[0]["iteration"] >= 3):
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    refused = run_cli(*command, out)
    assert refused.exit_code == 2
    assert "go on with it by --resume" in refused.stderr
    assert run_cli(*command, out, "--resume").exit_code == 0
    assert run_cli(*command, tmp_path / "whole").exit_code == 0
    assert not checkpoint.exists()
    for name in ("weights", "validation", "clock"):
        killed, whole = (folder / f"clocked-{name}.csv" for folder in (out, tmp_path / "whole"))
        assert killed.read_text() == whole.read_text()


def test_ctrl_c_keeps_history_and_checkpoint_and_says_how_to_resume(write: Write, tmp_path: Path) -> None:
    command = ["train", str(write()), "--level", "formal", "--epochs", "100000", "--checkpoint-every", "1", "-o"]
    checkpoint = tmp_path / "out/checkpoint-formal.npz"
    process = subprocess.Popen(
        [sys.executable, "-m", "compiler.cli", *command, str(tmp_path / "out")], stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and not checkpoint.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    iteration = read(checkpoint)[0]["iteration"]
    assert f"is at iteration {iteration}; the same command with --resume goes on." in said
    lines = (tmp_path / "out/formal-weights.csv").read_text().splitlines()
    assert len(lines) - 2 in (iteration - 1, iteration, iteration + 1)
