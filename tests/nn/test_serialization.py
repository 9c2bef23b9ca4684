"""Saving and loading: what comes back, and what damaged and hostile files do (nothing)."""

import json
import struct
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import autograd as ag
import nn
from nn.serialization import npz

try:
    import safetensors
    import safetensors.numpy
except ImportError:  # an extra
    safetensors = None

needs_safetensors = pytest.mark.skipif(safetensors is None, reason="safetensors is not installed")
both = pytest.mark.parametrize(
    "suffix", [".npz", pytest.param(".safetensors", marks=needs_safetensors)]
)


class Meter:
    """Something with a state that is no Module."""

    def __init__(self, size=2):
        self.state = {"step": np.array(0), "mean": np.zeros(size)}
        self.loaded = 0

    def state_dict(self):
        return {name: array.copy() for name, array in self.state.items()}

    def load_state_dict(self, state):
        for name, array in self.state.items():
            if name not in state or state[name].shape != array.shape:
                raise ValueError(f'"{name}" does not fit')
        self.state = {name: np.array(state[name]) for name in self.state}
        self.loaded += 1


class Numbers(nn.Module):
    """A Module with parameters and buffers of several dtypes and shapes."""

    def __init__(self, dtypes):
        self.weight = ag.Tensor(np.arange(6.0).reshape(2, 3))
        self.arrays = {np.dtype(dtype).name: np.zeros((2, 2), dtype) for dtype in dtypes}
        self.empty, self.count = np.empty((0, 3)), np.array(7)
        self.turned = np.arange(6.0).reshape(2, 3).T


def net(seed=0, dtype=np.float64):
    return nn.Sequential(nn.Linear(3, 4, rng=seed, dtype=dtype), nn.relu, nn.Linear(4, 2, rng=seed))


def same(state, other):
    assert list(state) == list(other)
    for name, array in state.items():
        assert array.dtype == other[name].dtype
        np.testing.assert_array_equal(array, other[name])


@both
def test_what_is_saved_comes_back(suffix, tmp_path):
    path, first, second = tmp_path / f"model{suffix}", net(0), net(1)
    assert nn.save(path, first, metadata={"epoch": 3}) is None
    assert nn.load(path, second) == {"epoch": 3}
    same(first.state_dict(), second.state_dict())
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@both
def test_dtypes_shapes_and_orders(suffix, tmp_path):
    dtypes = "?bBhHiIlLefdF" + "D" * (suffix == ".npz")
    first, second = Numbers(dtypes), Numbers(dtypes)
    for place, array in enumerate(first.arrays.values()):
        array[...] = [[0, 1], [place, 100]]
    first.turned[...] = 5 + first.turned
    nn.save(tmp_path / f"a{suffix}", first)
    nn.load(str(tmp_path / f"a{suffix}"), second)
    same(first.state_dict(), second.state_dict())


@both
def test_not_a_number_and_infinities_are_kept(suffix, tmp_path):
    model, other = nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=0)
    model.weight.data = np.array([[np.nan, np.inf], [-np.inf, -0.0]])
    nn.save(tmp_path / f"a{suffix}", model)
    nn.load(tmp_path / f"a{suffix}", other)
    assert model.weight.data.tobytes() == other.weight.data.tobytes()


@both
def test_parts_and_metadata(suffix, tmp_path):
    path, model, meter, other = tmp_path / f"a{suffix}", net(), Meter(), Meter()
    meter.state = {"step": np.array(5), "mean": np.array([1.0, 2.0])}
    metadata = {"epoch": 3, "note": "3", "losses": [1.5, 0.5], "best": None, "é": {"a": [True]}}
    nn.save(path, model, meter=meter, nothing=None, metadata=metadata)
    assert nn.load(path, model, meter=other, nothing=None) == metadata
    same(meter.state, other.state)
    found = nn.load_state(path)
    same(dict(sorted(found.model.items())), dict(sorted(model.state_dict().items())))
    assert list(found.parts) == ["meter"]
    same(dict(sorted(found.parts["meter"].items())), dict(sorted(meter.state.items())))
    assert found.metadata == metadata
    assert nn.load(path, None, meter=Meter()) == metadata
    assert nn.load(path, net(2)) == metadata


def test_npz_of_numpy_and_back(tmp_path):
    model, other = net(0), net(1)
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "numpy.npz", **model.state_dict())
        assert nn.load(tmp_path / "numpy.npz", other) == {}
        same(model.state_dict(), other.state_dict())
    nn.save(tmp_path / "ours.npz", model)
    with np.load(tmp_path / "ours.npz", allow_pickle=False) as file:
        same({name: file[name] for name in file if name != npz.METADATA}, model.state_dict())


@needs_safetensors
def test_safetensors_of_others_and_back(tmp_path):
    model, other = net(0), net(1)
    safetensors.numpy.save_file(model.state_dict(), tmp_path / "a.safetensors", {"format": "pt"})
    assert nn.load(tmp_path / "a.safetensors", other) == {"format": "pt"}
    same(model.state_dict(), other.state_dict())
    nn.save(tmp_path / "ours.safetensors", model)
    found = safetensors.numpy.load_file(tmp_path / "ours.safetensors")
    same(dict(sorted(found.items())), dict(sorted(model.state_dict().items())))


@needs_safetensors
def test_the_format_is_the_published_one(tmp_path):
    model = nn.Linear(1, 2, rng=0)
    nn.save(tmp_path / "a.safetensors", model)
    data = (tmp_path / "a.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    begin, end = header["weight"].pop("data_offsets")
    assert header["weight"] == {"dtype": "F64", "shape": [1, 2]}
    assert data[8 + length :][begin:end] == struct.pack("<2d", *model.weight.data[0])


@both
def test_training_goes_on_exactly(suffix, tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))

    def train(model, optimizer, steps):
        for _ in range(steps):
            optimizer.zero_grad()
            nn.mse(model(x), y).backward()
            optimizer.step()

    whole, half, rest = net(0), net(0), net(1)
    train(whole, nn.Adam(whole.parameters(), lr=0.01), 6)
    optimizer = nn.Adam(half.parameters(), lr=0.01)
    train(half, optimizer, 3)
    nn.save(tmp_path / f"a{suffix}", half, optimizer=optimizer)
    again = nn.Adam(rest.parameters(), lr=0.5)
    nn.load(tmp_path / f"a{suffix}", rest, optimizer=again)
    train(rest, again, 3)
    same(whole.state_dict(), rest.state_dict())


@both
def test_fit_goes_on_exactly_from_a_file(suffix, tmp_path):
    rng = np.random.default_rng(0)
    data = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))

    def made(seed):
        first, last = nn.Linear(3, 4, rng=seed), nn.Linear(4, 2, rng=seed)
        model = nn.Sequential(first, nn.BatchNorm1d(4), nn.Dropout(0.5, rng=seed), last)
        return model, nn.Adam(model.parameters(), lr=0.01)

    options = {"batch_size": 6, "progress": False}
    whole, optimizer = made(0)
    expected = nn.fit(whole, nn.mse, optimizer, data, epochs=4, rng=0, **options)
    half, optimizer = made(0)
    history = nn.fit(half, nn.mse, optimizer, data, epochs=2, rng=0, **options)
    nn.save(tmp_path / f"a{suffix}", half, optimizer=optimizer, history=history)
    rest, optimizer = made(1)
    history = nn.History()
    nn.load(tmp_path / f"a{suffix}", rest, optimizer=optimizer, history=history)
    found = nn.fit(rest, nn.mse, optimizer, data, epochs=4, rng=5, history=history, **options)
    assert found["loss"] == expected["loss"]
    same(whole.state_dict(), rest.state_dict())


@both
def test_averages_and_schedules_are_saved_too(suffix, tmp_path):
    def parts(model):
        optimizer = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)
        plateau = nn.ReduceOnPlateau(optimizer, patience=1)
        return {"optimizer": optimizer, "ema": nn.EMA(model.parameters()), "schedule": plateau}

    model, other = net(0), net(1)
    saved, loaded = parts(model), parts(other)
    for loss in (3.0, 2.0, 2.5, 2.5, 2.5):
        np.sum(model(np.ones((1, 3))) ** 2).backward()
        saved["optimizer"].step()
        saved["ema"].update()
        saved["schedule"].step(loss)
    nn.save(tmp_path / f"a{suffix}", model, **saved)
    nn.load(tmp_path / f"a{suffix}", other, **loaded)
    for name, part in saved.items():
        same(part.state_dict(), loaded[name].state_dict())
    assert loaded["optimizer"].lr == saved["optimizer"].lr == pytest.approx(0.01)


def test_an_optimizer_stays_as_it_was_if_the_model_does_not_fit(tmp_path):
    model, other = net(0), nn.Sequential(nn.Linear(3, 4), nn.relu, nn.Linear(4, 2), nn.Linear(1, 1))
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    np.sum(model(np.ones((1, 3)))).backward()
    optimizer.step()
    nn.save(tmp_path / "a.npz", model, optimizer=optimizer)
    fresh = nn.Adam(net(1).parameters(), lr=0.5)
    before = fresh.state_dict()
    with pytest.raises(nn.SerializationError, match=r'"3\.weight" \(1, 1\) is missing'):
        nn.load(tmp_path / "a.npz", other, optimizer=fresh)
    same(before, fresh.state_dict())


# What does not fit.


@both
def test_all_differences_of_all_parts_are_said_and_nothing_changes(suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    nn.save(path, net(0), meter=Meter(2), good=Meter(2))
    other = nn.Sequential(nn.Linear(3, 5, rng=0), nn.relu, nn.Linear(4, 2, rng=0, dtype="f4"))
    other.layers += (nn.Linear(1, 1, rng=0),)
    before, meter, good = other.state_dict(), Meter(3), Meter(2)
    good.state["step"] += 4
    with pytest.raises(nn.SerializationError) as caught:
        nn.load(path, other, good=good, meter=meter, absent=Meter())
    message = str(caught.value)
    for part in (
        *(str(path), "nothing has been changed", '"0.weight" has shape (3, 4), expected (3, 5)'),
        *('"2.weight" is of float64, expected float32', '"3.weight" (1, 1) is missing'),
        *('meter: "mean" does not fit', "it has no part absent; there are: meter, good"),
    ):
        assert part in message
    same(before, other.state_dict())
    assert good.state["step"] == 4
    assert meter.loaded == 0


def test_an_interruption_while_loading_changes_nothing(tmp_path):
    class Interrupted(Meter):
        def load_state_dict(self, state):
            raise KeyboardInterrupt

    nn.save(tmp_path / "a.npz", net(0), first=Meter(), second=Meter())
    model, first = net(1), Meter()
    before, first.state["step"] = model.state_dict(), np.array(8)
    with pytest.raises(KeyboardInterrupt):
        nn.load(tmp_path / "a.npz", model, first=first, second=Interrupted())
    assert first.state["step"] == 8
    same(before, model.state_dict())


def test_what_cannot_be_saved(tmp_path):
    model = net()
    with pytest.raises(ValueError, match=r"must end in \.safetensors or \.npz"):
        nn.save(tmp_path / "a.pkl", model)
    with pytest.raises(TypeError, match="optimizer has no state: function has no state_dict"):
        nn.save(tmp_path / "a.npz", model, optimizer=nn.relu)
    with pytest.raises(TypeError, match="optimizer has no state"):
        nn.load(tmp_path / "a.npz", model, optimizer=nn.relu)
    with pytest.raises(TypeError, match="JSON serializable"):
        nn.save(tmp_path / "a.npz", model, metadata={"a": {1, 2}})
    with pytest.raises(ValueError, match="keys of metadata must be texts other than 'graphgrad'"):
        nn.save(tmp_path / "a.npz", model, metadata={"graphgrad": 1})
    meter = Meter()
    meter.state["a"] = np.array([None])
    with pytest.raises(ValueError, match='"a" of meter is of object; only numbers are saved'):
        nn.save(tmp_path / "a.npz", model, meter=meter)
    odd = nn.Module()
    odd.parts_ = {"meter/step": ag.Tensor(1.0)}
    odd.parts = odd.parts_.items
    with pytest.raises(ValueError, match='a part cannot be called meter: the model has "meter/st'):
        nn.save(tmp_path / "a.npz", odd, meter=Meter())
    for name in ("a\0b", "\ud800", npz.METADATA):
        odd.parts_ = {name: ag.Tensor(1.0)}
        odd.parts = odd.parts_.items
        with pytest.raises(ValueError, match="cannot be a name in a file"):
            nn.save(tmp_path / "a.npz", odd)
    assert not list(tmp_path.iterdir())


@needs_safetensors
def test_dtypes_that_safetensors_does_not_know(tmp_path):
    model = nn.Module()
    model.a = ag.Tensor([1j])
    with pytest.raises(ValueError, match=r'"a" is of complex128, .* save it as \.npz'):
        nn.save(tmp_path / "a.safetensors", model)
    assert not list(tmp_path.iterdir())


def test_without_the_package_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "safetensors.numpy", None)
    with pytest.raises(ImportError, match=r"pip install graphgrad\[safetensors\]"):
        nn.save(tmp_path / "a.safetensors", net())
    assert not list(tmp_path.iterdir())


@both
def test_a_failed_write_leaves_the_old_file(suffix, tmp_path, monkeypatch):
    path, first, second = tmp_path / f"a{suffix}", net(0), net(1)
    nn.save(path, first)

    def full(file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        nn.save(path, second)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    nn.load(path, second)
    same(first.state_dict(), second.state_dict())


def test_a_link_is_written_through(tmp_path):
    nn.save(tmp_path / "a.npz", net(0))
    (tmp_path / "link.npz").symlink_to(tmp_path / "a.npz")
    nn.save(tmp_path / "link.npz", net(1))
    assert (tmp_path / "link.npz").is_symlink()
    same(nn.load_state(tmp_path / "a.npz").model, net(1).state_dict())


# Damaged and hostile files.


def refused(path, match):
    """A file is refused, with its name and a reason, and the model stays as it is."""
    model = net(1)
    before = model.state_dict()
    with pytest.raises(nn.SerializationError, match=match) as caught:
        nn.load(path, model)
    assert str(path) in str(caught.value)
    same(before, model.state_dict())


@both
def test_no_file(suffix, tmp_path):
    refused(tmp_path / f"none{suffix}", "No such file")
    (tmp_path / f"folder{suffix}").mkdir()
    refused(tmp_path / f"folder{suffix}", "it is no file")
    (tmp_path / f"empty{suffix}").write_bytes(b"")
    refused(tmp_path / f"empty{suffix}", "cannot be loaded")
    refused(tmp_path / "other.pt", "must end in")


@both
def test_files_of_another_kind(suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    for data in (b"GIF89a" * 10, b"\x80\x04\x95" + bytes(50), b"\xff" * 200):
        path.write_bytes(data)
        refused(path, "cannot be loaded")


def archive(path, members, kind=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", kind) as file:
        for name, data in members:
            file.writestr(name, data)
    return path


def header(text, data=b""):
    text = text.encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + data


SIMPLE = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }\n"


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_npz(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, allow_pickle=True, **{"0.weight": np.array([Bomb()], object)})
    refused(path, "no array of numbers")
    np.savez(path, **{"0.weight": np.zeros(2, [("a", float)])})
    refused(path, "no array of numbers")
    np.savez(path, **{"0.weight": np.array("text")})
    refused(path, "array of text")
    np.savez(path, **{npz.METADATA: np.zeros(3)})
    refused(path, "must be a text")
    one = header(SIMPLE % "1,", bytes(8))
    refused(archive(path, [("a.npy", one), ("a.npy", one)]), '"a" occurs twice')
    refused(archive(path, [("a.txt", one)]), "'a.txt' in it is no array")
    refused(archive(path, [("a.npy", b"nonsense")]), "no array of NumPy's")
    refused(archive(path, [("a.npy", one + b"x")]), "has 9")
    refused(archive(path, [("a.npy", one[:-1])]), "has 7")
    refused(archive(path, [("a.npy", one)], zipfile.ZIP_LZMA), "compressed in a way")
    for shape in ("99999999999,", "9" * 18 + ",", "-1,", "__import__('os'),", "0, " + "9, " * 99):
        members = [("a.npy", header(SIMPLE % shape))]
        refused(archive(path, members), "no array of numbers|says that|is damaged")
    long = b"\x93NUMPY\3\0" + struct.pack("<I", 2**32 - 1) + b"{"
    refused(archive(path, [("a.npy", long)]), "no array of numbers")
    for text in (
        "[1]",
        "{",
        '{"graphgrad": "[" }',
        '{"a": 1}',
        "[" * 100_000,
        '{"graphgrad": "{\\"a\\": 1}"}',
    ):
        np.savez(path, **{npz.METADATA: np.array(text)})
        refused(path, "cannot be loaded")


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "a.npz"
    count = 2**25
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("a.npy", "w") as member,
    ):
        member.write(header(SIMPLE % f"{count},"))
        for _ in range(count // 2**17):
            member.write(bytes(2**20))
    refused(path, "it would unpack from")


def test_members_that_overlap(tmp_path):
    path = tmp_path / "a.npz"
    one = header(SIMPLE % "100,", bytes(800))
    archive(path, [("a.npy", one)])
    data = path.read_bytes()
    at = data.index(b"PK\1\2")
    entry, end = data[at : data.index(b"PK\5\6")], data[data.index(b"PK\5\6") :]
    again = entry.replace(b"a.npy", b"b.npy")
    end = end[:8] + struct.pack("<HHI", 2, 2, 2 * len(entry)) + end[16:]
    path.write_bytes(data[:at] + entry + again + end)
    refused(path, "overlap|is damaged")


def tensors_file(path, head, data=b""):
    head = head if isinstance(head, bytes) else json.dumps(head).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)
    return path


def entry(begin, end, shape=(1,), dtype="F64"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


@needs_safetensors
@pytest.mark.parametrize(
    ("head", "data"),
    [
        ({"a": entry(0, 8), "b": entry(4, 12)}, bytes(12)),  # overlapping
        ({"a": entry(-8, 0)}, bytes(8)),
        ({"a": entry(8, 0)}, bytes(8)),
        ({"a": entry(0, 8)}, b""),  # cut off
        ({"a": entry(0, 8), "b": entry(16, 24)}, bytes(24)),  # with a hole
        ({"a": entry(0, 8)}, bytes(16)),  # something at the end
        ({"a": entry(0, 8, (2,))}, bytes(8)),
        ({"a": entry(0, 2**62, (2**59,))}, bytes(8)),
        ({"a": entry(0, 0, (0, 2**63))}, b""),
        ({"a": entry(0, 8, (2**32, 2**32, 2**32))}, bytes(8)),
        ({"a": entry(0, 8, (-1,))}, bytes(8)),
        ({"a": entry(0, 2, dtype="BF16")}, bytes(2)),
        ({"a": entry(0, 8, dtype="O")}, bytes(8)),
        ({"a": entry(0, 8, dtype=[])}, bytes(8)),
        ({"a": 3}, b""),
        ({"a": {"dtype": "F64"}}, b""),
        ([1], b""),
        ({"__metadata__": {"a": 1}}, b""),
        ({"__metadata__": []}, b""),
        ({"__metadata__": {"graphgrad": "{"}}, b""),
        (b"{", b""),
        (b"[" * 100_000, b""),
        (b'{"\xff": 1}', b""),
        (b'{"a": %s, "a": %s}' % ((json.dumps(entry(0, 8)).encode(),) * 2), bytes(8)),
    ],
)  # fmt: skip
def test_hostile_safetensors(head, data, tmp_path):
    refused(tensors_file(tmp_path / "a.safetensors", head, data), "cannot be loaded")


@needs_safetensors
def test_what_is_wrong_with_a_safetensors_file_is_said(tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(struct.pack("<Q", 2**63) + b"{}")
    refused(path, "it has 10 bytes, and a header of 9223372036854775808")
    refused(tensors_file(path, {"a": entry(0, 2, dtype="BF16")}, bytes(2)), "BF16, which NumPy do")
    refused(tensors_file(path, b'{"a":1,"a":2}'), '"a" occurs twice')
    nn.save(path, net(0))
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    refused(path, "checksum differs")


def saved(suffix, folder):
    path = folder / f"good{suffix}"
    nn.save(path, net(0), meter=Meter(), metadata={"epoch": 3, "note": "x"})
    return path.read_bytes()


CHANGE = st.tuples(
    st.sampled_from(["flip", "cut", "insert", "delete", "set"]),
    st.floats(0, 1),
    st.integers(0, 255),
    st.binary(min_size=1, max_size=9),
)


def changed(data, change):
    """The bytes with one change: a damage that happens, or that somebody makes."""
    kind, where, value, more = change
    at = min(int(where * len(data)), len(data) - 1)
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ (1 << value % 8)]) + data[at + 1 :]
    if kind == "set":
        return data[:at] + more + data[at + len(more) :]
    if kind == "insert":
        return data[:at] + more + data[at:]
    return data[:at] if kind == "cut" else data[:at] + data[at + value % 9 + 1 :]


def try_to_load(path, good):
    """Loading gives what was saved, or our error and no change."""
    model, meter = net(1), Meter()
    before = model.state_dict()
    try:
        metadata = nn.load(path, model, meter=meter)
    except nn.SerializationError:
        same(before, model.state_dict())
        assert meter.state["step"] == 0
        assert meter.loaded % 2 == 0
    else:
        same(good.state_dict(), model.state_dict())
        assert metadata == {"epoch": 3, "note": "x"}


FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@both
@FUZZ
@given(changes=st.lists(CHANGE, min_size=1, max_size=3))
@example(changes=[("flip", 0.5, 1, b"x")])
def test_a_damaged_file_loads_as_it_was_or_not_at_all(suffix, changes, tmp_path):
    data = saved(suffix, tmp_path)
    for change in changes:
        data = changed(data, change) or b"x"
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(data)
    try_to_load(path, net(0))


@both
@FUZZ
@given(st.binary(max_size=300))
def test_random_bytes(suffix, data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"random{suffix}"
        path.write_bytes(data)
        with pytest.raises(nn.SerializationError):
            nn.load(path, net(1))
