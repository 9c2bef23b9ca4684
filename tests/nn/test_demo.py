"""The demo: the whole of it in a folder of its own, each bad input, and Ctrl-C."""

import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import nn
from nn.demo import cli, report, training
from nn.demo.reading import BadInputError, Dataset, read

ROOT = Path(__file__).parents[2]
FILES = ["graph.svg", "learning_curves.png", "mistakes.png", "weights.npz"]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def data(tmp_path):
    """Return a file of two classes that are easy to tell apart, without pictures."""
    rng = np.random.default_rng(0)
    y = np.repeat([3, 8], 30)
    path = tmp_path / "points.npz"
    np.savez(path, X=rng.normal(size=(60, 5)) + y[:, np.newaxis], y=y)
    return path


def run(*arguments, out):
    return cli.main([*map(str, arguments), "--out", str(out)])


# The whole of it.


def test_digits_from_the_command_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "nn.demo", "--epochs", "3", "--out", tmp_path / "out"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "handwritten digits of scikit-learn: 1,797 rows, 64 features, 10 classes" in done.stdout
    assert "Test accuracy" in done.stdout
    assert "Confusion matrix" in done.stdout
    assert "mistakes" in done.stdout
    assert "100%" in done.stderr
    assert "loss 0." in done.stderr
    assert "accuracy" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    for name in FILES:
        assert str(tmp_path / "out" / name) in done.stdout


@pytest.mark.parametrize("seed", range(5))
def test_digits_are_read_at_least_97_and_a_half_percent_right(seed):
    options = cli.parser().parse_args(["--seed", str(seed)])
    trainer = cli.prepare(options, read(None))
    trainer.progress = lambda text: None
    history = trainer.run()
    found = report.outcome(trainer.model, trainer.data)
    assert found.right / len(found.true) == history.test_accuracy[-1] >= 0.975


def test_files_are_what_they_are_called(data, tmp_path):
    out = tmp_path / "new" / "folder"
    assert run("--data", data, "--epochs", 2, "--hidden", "4", out=out) == 0
    assert sorted(path.name for path in out.iterdir()) == FILES
    for name in ("learning_curves.png", "mistakes.png"):
        assert (out / name).read_bytes().startswith(PNG)
    svg = ET.fromstring((out / "graph.svg").read_text())
    text = " ".join(svg.itertext())
    assert all(name in text for name in ("0.weight", "2.bias", "softmax_cross_entropy", "relu"))
    model = nn.MLP([5, 4, 2])
    model.load_state_dict(np.load(out / "weights.npz"))


def test_the_same_seed_gives_the_same_weights(data, tmp_path):
    for out, seed in (("a", 1), ("b", 1), ("c", 2)):
        run("--data", data, "--epochs", 2, "--seed", seed, out=tmp_path / out)
    a, b, c = (np.load(tmp_path / out / "weights.npz")["0.weight"] for out in "abc")
    np.testing.assert_array_equal(a, b)
    assert np.any(a != c)


@pytest.mark.parametrize("optimizer", cli.OPTIMIZERS)
def test_every_optimizer_learns(data, tmp_path, optimizer, capsys):
    assert run("--data", data, "--optimizer", optimizer, out=tmp_path / "out") == 0
    assert "Test accuracy 100.00% (12 of 12 held-out rows)" in capsys.readouterr().out


@pytest.mark.parametrize("activation", cli.ACTIVATIONS)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_every_activation_learns(data, activation, precision):
    options = cli.parser().parse_args(["--activation", activation, f"--{precision}"])
    trainer = cli.prepare(options, read(data))
    trainer.progress = lambda text: None
    assert trainer.run().test_accuracy[-1] == 1
    assert {parameter.dtype for parameter in trainer.model.parameters()} == {np.dtype(precision)}


def test_options_are_used(data, capsys, tmp_path):
    arguments = ["--hidden", "7,3", "--epochs", 2, "--batch-size", 10, "--lr", 0.5]
    run("--data", data, *arguments, "--activation", "elu", "--float32", out=tmp_path / "out")
    out = capsys.readouterr().out
    assert "MLP 5-7-3-2, elu, 74 parameters, float32" in out
    assert "adam, lr 0.5, batches of 10, 2 epochs, seed 0" in out


def pictures_of(shape, dtype=np.float64):
    rng = np.random.default_rng(0)
    return (rng.normal(size=(40, *shape)) * 50 + 100).astype(dtype), np.arange(40) % 3


@pytest.mark.parametrize(
    ("shape", "image"),
    [
        ((64,), (8, 8)),
        ((63,), None),
        ((16,), None),
        ((6, 9), (6, 9)),
        ((5, 4, 3), (5, 4, 3)),
        ((5, 4, 1), (5, 4, 1)),
        ((2, 3, 7), None),
        ((2, 2, 2, 2), None),
    ],
)
def test_any_shape_of_data_gives_a_picture_of_mistakes(tmp_path, shape, image):
    X, y = pictures_of(shape, np.uint8)
    np.savez(tmp_path / "x.npz", X=X, y=y)
    assert read(tmp_path / "x.npz").image == image
    assert run("--data", tmp_path / "x.npz", "--epochs", 1, out=tmp_path / "out") == 0
    assert (tmp_path / "out" / "mistakes.png").read_bytes().startswith(PNG)


def test_csv_with_a_header_and_labels_of_any_kind(tmp_path, capsys):
    rows = "\n".join(f"{x},{x * 2},{label}" for x in range(10) for label in (-4, 12, 7.0))
    (tmp_path / "t.csv").write_text("\ufeffwidth,height,class\r\n" + rows, encoding="utf-8")
    dataset = read(tmp_path / "t.csv")
    assert dataset.X.shape == (30, 2)
    assert dataset.classes.tolist() == [-4, 7, 12]
    assert dataset.y[:3].tolist() == [0, 2, 1]
    run("--data", tmp_path / "t.csv", "--epochs", 1, out=tmp_path / "out")
    assert "  -4   7  12\n" in capsys.readouterr().out


def test_csv_without_a_header_and_with_quotes(tmp_path):
    (tmp_path / "t.csv").write_text('"1", 2,0\n\n3,4,"1"\n5,6,1\n7,8,0\n')
    dataset = read(tmp_path / "t.csv")
    np.testing.assert_array_equal(dataset.X, [[1, 2], [3, 4], [5, 6], [7, 8]])
    assert dataset.y.tolist() == [0, 1, 1, 0]


# Words.


def test_many_classes_are_not_a_matrix(capsys):
    true = np.repeat(np.arange(25), 2)
    predicted = true.copy()
    predicted[[0, 1, 2]] = 4
    found = report.Outcome(0.0, np.eye(25)[true], predicted, true, np.arange(3))
    lines = list(report.confusion_lines(found, range(100, 125)))
    assert lines == [
        "Most confused of 25 classes",
        "  100 taken for 104: 2",
        "  101 taken for 104: 1",
    ]


def test_no_mistakes_are_said_to_be_none():
    X, y = np.eye(2), np.arange(2)
    model = nn.Linear(2, 2, rng=0)
    model.weight.data, model.bias.data = np.diag([1.0, 9.0]), np.zeros(2)
    parts = training.Split(X, X, y, y, np.array([5, 6]))
    found = report.outcome(model, parts)
    lines = list(report.mistake_lines(found, parts, Dataset("", X, y, y, None)))
    assert lines[0] == "No mistakes; the least sure of the right answers"
    assert lines[2].split() == ["5", "0", "0", "73.1%", "73.1%"]  # 1/(1 + 1/e)


# What may be missing.


def test_without_dot_the_graph_is_a_page(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert run("--data", data, "--epochs", 1, out=tmp_path / "out") == 0
    assert (
        "graph.html: the computation graph of the loss; no graph.svg: " in capsys.readouterr().out
    )
    assert "softmax_cross_entropy" in (tmp_path / "out" / "graph.html").read_text()
    assert not (tmp_path / "out" / "graph.svg").exists()


def test_without_matplotlib_and_tqdm_it_trains(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert run("--data", data, "--epochs", 1, out=tmp_path / "out") == 0
    out = capsys.readouterr().out
    assert "without a progress bar: pip install tqdm" in out
    assert "learning_curves.png: not written: " in out
    assert "Test accuracy" in out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "graph.svg",
        "weights.npz",
    ]


def test_without_scikit_learn_there_are_no_digits(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(BadInputError, match="pip install scikit-learn, or give a file with --data"):
        read(None)


# Bad input.

TWO = "1,2,0\n3,4,0\n5,6,1\n"
BAD_TEXT = {
    "": "the file is empty",
    "a,b,y\n": "no rows of numbers",
    "1,2,0\n3,x,1\n": "row 2, column 2: 'x' is not a number",
    "a,b,y\n1,2,0\n\n3,4,1_0\n": "row 4, column 3: '1_0' is not a number",
    "0,1,y\n1,2,0\n": "row 1, column 3: 'y' is not a number (a header must not have numbers in it)",
    "1,2,0\n3,,1\n": "row 2, column 2: the cell is empty",
    "1,2,0\n3,\u0664,1\n": "could not convert string '\u0664'",  # a number to Python only
    "1,2,0\n3,nan,1\n": "row 2, column 2: nan is not a finite number",
    "1,2,0\n-inf,4,1\n": "row 2, column 1: -inf is not a finite number",
    "1,2,0\n3,1\n": "row 2 has 2 columns, the rows before it have 3",
    "1,2,0\n3,4,1.5\n": "row 2, column 3: label 1.5 is not a whole number",
    "1,2,0\n3,4,1e300\n": "row 2, column 3: label 1e+300 is out of range",
    "1,2,3\n3,4,3\n": "all labels are 3; a classifier needs at least two classes",
    "y\n1\n2\n": "needs features and a label, separated by commas, in each row",
    "a,b,y\n" + TWO + "\n5,6,99\n5,6,1\n": "row 6: label 99 occurs only once",
    "1e308,2,0\n-1e308,2,0\n1e308,4,1\n-1e308,4,1\n" * 3: "numbers such as 1e+308 are too large",
}
GRID = np.arange(8.0).reshape(4, 2)
BAD_ARRAYS = {
    "needs the arrays X and y; y missing, found X": {"X": GRID},
    "X and y missing, found a": {"a": GRID},
    "got (4, 2) and (3,)": {"X": GRID, "y": [0, 1, 1]},
    "got (4,) and (4,)": {"X": GRID[:, 0], "y": [0, 1, 1, 0]},
    "got (0, 2) and (0,)": {"X": GRID[:0], "y": np.zeros(0)},
    "X[1, 0] is nan": {"X": np.where(GRID == 2, np.nan, GRID), "y": [0, 1, 1, 0]},
    "y[2] is inf": {"X": GRID, "y": [0, 1, np.inf, 0]},
    "y must be real numbers, got <U1": {"X": GRID, "y": ["a", "b", "a", "b"]},
    "X must be real numbers, got complex128": {"X": GRID * 1j, "y": [0, 1, 1, 0]},
    "y[1]: label 0.5 is not a whole number": {"X": GRID, "y": [0, 0.5, 1, 0]},
    "y[3]: label -1e+300 is out of range": {"X": GRID, "y": [0, 1, 1, -1e300]},
    "y[2]: label -1 occurs only once": {"X": GRID, "y": [0, 0, -1, 0]},
    "all labels are 7": {"X": GRID, "y": [7, 7, 7, 7]},
    "not an .npz file of numbers": {"X": np.array([[{}]]), "y": [0]},
}
BAD_OPTIONS = {
    "--frobnicate": "unrecognized arguments: --frobnicate",
    "stray": "unrecognized arguments: stray",
    "--epochs 0": "--epochs: expected a whole number of at least 1, got '0'",
    "--batch-size 1.5": "--batch-size: expected a whole number of at least 1, got '1.5'",
    "--hidden 64,a": "separated by commas, such as 64,32, got '64,a'",
    "--lr -1": "--lr: expected a positive number, got '-1'",
    "--lr nan": "--lr: expected a positive number, got 'nan'",
    "--seed -1": "--seed: expected a whole number of at least 0, got '-1'",
    "--optimizer lion": "--optimizer: invalid choice: 'lion' (choose from",
    "--activation swish": "--activation: invalid choice: 'swish'",
    "--float32 --float64": "not allowed with argument --float32",
    "--data nowhere.csv": "nowhere.csv: no such file",
    "--data words.txt": "words.txt: expected a file that ends in .npz or .csv",
    "--optimizer sgd --lr 1e30": "the loss became nan: try a smaller --lr",
}


def fails_with(message, arguments, tmp_path, capsys):
    """Check that the demo ends with exit code 2, one line that has `message`, and no file."""
    out = tmp_path / "out"
    assert run(*arguments, out=out) == 2
    *progress, line = capsys.readouterr().err.splitlines()
    assert line.startswith("nn.demo: ")
    assert message in line
    assert all("step/s" in text or not text for text in progress)
    assert not out.exists()


@pytest.mark.parametrize("text", BAD_TEXT)
def test_bad_csv(text, tmp_path, capsys):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    fails_with(BAD_TEXT[text], ["--data", path], tmp_path, capsys)


@pytest.mark.parametrize("message", BAD_ARRAYS)
def test_bad_npz(message, tmp_path, capsys):
    path = tmp_path / "bad.npz"
    np.savez(path, **BAD_ARRAYS[message])
    fails_with(message, ["--data", path], tmp_path, capsys)


@pytest.mark.parametrize("options", BAD_OPTIONS)
def test_bad_options(options, tmp_path, capsys):
    fails_with(BAD_OPTIONS[options], options.split(), tmp_path, capsys)


def test_files_that_are_not_what_they_are_called(tmp_path, capsys):
    (tmp_path / "binary.csv").write_bytes(bytes(range(128, 256)))
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "text.npz").write_text("hello")
    np.save(tmp_path / "one.npy", GRID)
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    np.savez(tmp_path / "whole.npz", X=np.zeros((50, 50)), y=np.arange(50) % 2)
    (tmp_path / "cut.npz").write_bytes((tmp_path / "whole.npz").read_bytes()[:9000])
    for name, message in {
        "binary.csv": "not a text file in UTF-8",
        "folder.csv": "Is a directory",
        "text.npz": "not an .npz file of numbers, or a damaged one",
        "one.npz": "holds one array; write it with np.savez(path, X=X, y=y)",
        "cut.npz": "not an .npz file of numbers, or a damaged one",
    }.items():
        fails_with(message, ["--data", tmp_path / name], tmp_path, capsys)


def test_data_larger_than_memory(data, tmp_path, monkeypatch, capsys):
    def too_large(*_arguments):
        raise MemoryError

    monkeypatch.setattr(np, "load", too_large)
    fails_with("points.npz: does not fit in memory", ["--data", data], tmp_path, capsys)


def test_out_that_cannot_be_a_folder(data, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert run("--data", data, out=tmp_path / "file") == 2
    assert f"--out {tmp_path / 'file'}: File exists" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


def test_the_last_line_of_a_bad_run_is_the_only_one(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "nn.demo", "--data", "nowhere.npz"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nn.demo: nowhere.npz: no such file\n"


# Ctrl-C.


def test_ctrl_c_keeps_what_was_trained(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "nn.demo", "--epochs", "100000", "--out", tmp_path / "out"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        seen = b""
        while b"loss" not in seen:  # the training is under way
            seen += process.stderr.read1()
        process.send_signal(signal.SIGINT)
        out, err = (text.decode() for text in process.communicate(timeout=60))
    assert process.returncode == 130
    assert "Interrupted in epoch " in out
    assert "of 100000: what was trained until then is kept." in out
    assert "Test accuracy" in out
    assert "Traceback" not in err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES


def test_ctrl_c_ends_after_the_batch(data):
    trainer = cli.prepare(cli.parser().parse_args([]), read(data))
    texts = []

    def press_in_the_third_batch(text):
        texts.append(text)
        if len(texts) == 3:
            signal.raise_signal(signal.SIGINT)

    trainer.progress = press_in_the_third_batch
    history = trainer.run()
    assert (len(texts), len(history.test_loss), history.interrupted) == (3, 2, True)


def test_ctrl_c_before_training_is_one_line(monkeypatch, capsys, tmp_path):
    def interrupted(_path):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "read", interrupted)
    assert run(out=tmp_path / "out") == 130
    assert capsys.readouterr().err == "\nnn.demo: interrupted\n"
    assert not (tmp_path / "out").exists()


@pytest.fixture
def python_handles_interrupts():
    """Give SIGINT Python's own handler, which a process started in the background has not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("python_handles_interrupts")
def test_a_second_ctrl_c_ends_at_once():
    with nn.training.interrupt_noted() as interrupted:
        signal.raise_signal(signal.SIGINT)
        assert interrupted()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    from nn.demo.pictures import write

    (tmp_path / "a.txt").write_text("before")

    def fail(path):
        path.write_text("half")
        raise OSError

    with pytest.raises(OSError, match=r"^$"):
        write(tmp_path / "a.txt", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "before"
    write(tmp_path / "a.txt", lambda path: path.write_text("after"))
    assert (tmp_path / "a.txt").read_text() == "after"
