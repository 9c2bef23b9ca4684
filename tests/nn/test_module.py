"""Module: finding parameters, modes, state, and how it looks."""

import copy
import pickle

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError


class Net(nn.Module):
    def __init__(self):
        self.scale = ag.Tensor(np.ones(2))
        self.body = nn.Sequential(nn.Linear(3, 4, rng=0), nn.relu)
        self.heads = [nn.Linear(4, 2, rng=1), nn.Linear(4, 2, bias=False, rng=2)]
        self.extra = {"shift": ag.Tensor(np.zeros(2)), "deep": (nn.Linear(2, 2, rng=3),)}
        self.tied = self.heads[0]
        self.fixed = ag.Tensor(np.ones(2), requires_grad=False)
        self.seen = {"rows": [np.array(3)]}
        self._scratch = np.ones(9)
        self.note = "not a parameter"

    def forward(self, x):
        hidden = self.body(x)
        both = self.heads[0](hidden) + self.heads[1](hidden)
        self.last = both * self.scale + self.extra["shift"]
        return self.last


PATHS = [
    "scale",
    "body.0.weight",
    "body.0.bias",
    "heads.0.weight",
    "heads.0.bias",
    "heads.1.weight",
    "extra.shift",
    "extra.deep.0.weight",
    "extra.deep.0.bias",
    "fixed",
]


def test_parameters_are_found_wherever_they_are_each_once():
    net = Net()
    assert [path for path, _ in net.named_parameters()] == PATHS
    assert len(list(net.parameters())) == len(PATHS)
    assert dict(net.named_parameters())["heads.1.weight"] is net.heads[1].weight


def test_what_was_computed_is_no_parameter():
    net = Net()
    net(np.ones((5, 3)))
    assert net.last.requires_grad
    assert [path for path, _ in net.named_parameters()] == PATHS


def test_modules_that_hold_each_other():
    first, second = nn.Module(), nn.Module()
    first.other, second.other = second, first
    assert [path for path, _ in first.named_modules()] == ["", "other"]


def test_no_call_of_super_init_is_needed():
    assert Net().training


def test_train_and_eval_reach_every_part():
    net = Net()
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    assert net.train() is net
    assert all(module.training for module in net.modules())


def test_zero_grad():
    net = Net()
    np.sum(net(np.ones((5, 3)))).backward()
    assert net.scale.grad is not None
    net.zero_grad()
    assert all(parameter.grad is None for parameter in net.parameters())


def test_forward_must_be_defined():
    class Empty(nn.Module):
        pass

    with pytest.raises(
        NotImplementedError, match=r"Empty computes nothing yet.*forward\(self, x\)"
    ):
        Empty()(1.0)


# Freezing.


def test_frozen_parameters_keep_their_places_and_get_no_gradient():
    net = Net()
    assert net.heads[0].freeze() is net.heads[0]
    assert [path for path, _ in net.named_parameters()] == PATHS
    assert list(net.state_dict()) == [*PATHS, "seen.rows.0"]
    net.fixed.requires_grad = True
    np.sum(net(np.ones((5, 3)))).backward()
    assert net.heads[0].weight.grad is None
    assert net.heads[1].weight.grad is not None
    net.unfreeze().zero_grad()
    np.sum(net(np.ones((5, 3)))).backward()
    assert net.heads[0].weight.grad is not None


def test_optimizers_leave_frozen_parameters_alone():
    net = nn.MLP([3, 4, 2], rng=0)
    np.sum(net(np.ones((5, 3)))).backward()
    net[0].freeze()
    before = net.state_dict()
    nn.AdamW(net.parameters(), lr=0.1, weight_decay=0.1).step()
    after = net.state_dict()
    changed = [path for path in before if np.any(before[path] != after[path])]
    assert changed == ["2.weight", "2.bias"]


def test_frozen_parameters_can_be_loaded_and_copied():
    net = nn.Linear(3, 2, rng=0).freeze()
    net.load_state_dict(nn.Linear(3, 2, rng=1).state_dict())
    np.testing.assert_array_equal(net.weight.data, nn.Linear(3, 2, rng=1).weight.data)
    again = copy.deepcopy(net)
    assert list(again.state_dict()) == ["weight", "bias"]
    assert not any(parameter.requires_grad for parameter in again.parameters())


# State.


def test_arrays_are_buffers_wherever_they_are():
    net = Net()
    assert [path for path, _ in net.named_buffers()] == ["seen.rows.0"]
    assert next(net.buffers()) is net.seen["rows"][0]
    assert net.state_dict()["seen.rows.0"] == 3


def test_buffers_are_loaded_and_copied_both_ways():
    source, target = Net(), Net()
    source.seen["rows"][0][...] = 8
    state = source.state_dict()
    target.load_state_dict(state)
    source.seen["rows"][0][...] = 9
    state["seen.rows.0"][...] = 10
    assert target.seen["rows"][0] == 8


def test_a_buffer_that_cannot_be_written_leaves_all_as_it_was():
    net = nn.Module()
    net.weight, net.table = ag.Tensor(np.ones(2)), np.broadcast_to(1.0, (3,))
    with pytest.raises(ValueError, match='"table" is an array that cannot be written to'):
        net.load_state_dict({"weight": np.zeros(2), "table": np.zeros(3)})
    np.testing.assert_array_equal(net.weight.data, [1, 1])


def test_state_that_is_not_whole_is_loaded_if_that_is_said():
    net = nn.Linear(2, 2, rng=0)
    before = net.bias.data.copy()
    left_out = net.load_state_dict({"weight": np.zeros((2, 2)), "more": [1.0]}, strict=False)
    assert left_out == (["bias"], ["more"])
    assert left_out.missing == ["bias"]
    np.testing.assert_array_equal(net.weight.data, np.zeros((2, 2)))
    np.testing.assert_array_equal(net.bias.data, before)
    with pytest.raises(ValueError, match=r'"weight" has shape \(3,\), expected \(2, 2\)'):
        net.load_state_dict({"bias": np.ones(2), "weight": np.ones(3)}, strict=False)
    np.testing.assert_array_equal(net.bias.data, before)


def test_state_goes_from_one_to_another():
    source, target = Net(), Net()
    for parameter in source.parameters():
        parameter.data = parameter.data + 0.5
    target.load_state_dict(source.state_dict())
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(target(x).data, source(x).data)


def test_state_is_a_copy_both_ways():
    net = nn.Linear(2, 2, rng=0)
    state = net.state_dict()
    before = state["weight"].copy()
    net.weight.data[:] = 7
    np.testing.assert_array_equal(state["weight"], before)
    net.load_state_dict(state)
    net.weight.data[:] = 8
    np.testing.assert_array_equal(state["weight"], before)


def test_state_takes_tensors_and_lists():
    net = nn.Linear(1, 2, rng=0)
    net.load_state_dict({"weight": ag.Tensor([[1.0, 2.0]]), "bias": [3.0, 4.0]})
    np.testing.assert_array_equal(net(np.ones((1, 1))).data, [[4, 6]])


def test_state_that_does_not_fit_changes_nothing_and_all_is_said():
    net = nn.MLP([3, 4, 2], rng=0)
    before = net.state_dict()
    state = net.state_dict()
    state["0.bias"] = np.ones(5)
    state["2.weight"] = state["2.weight"].astype(np.float32)
    state["2.b"] = state.pop("2.bias")
    with pytest.raises(ValueError, match="does not fit MLP, which is left as it was") as caught:
        net.load_state_dict(state)
    message = str(caught.value)
    assert '"0.bias" has shape (5,), expected (4,)' in message
    assert '"2.weight" is of float32, expected float64; write astype' in message
    assert '"2.bias" (2,) is missing' in message
    assert '"2.b" (2,) belongs to no parameter or buffer' in message
    for path, value in net.state_dict().items():
        np.testing.assert_array_equal(value, before[path])


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_copies_are_whole_and_apart(twin):
    net = nn.MLP([3, 4, 2], nn.tanh, rng=0)
    other = twin(net)
    x = np.ones((2, 3))
    np.testing.assert_array_equal(other(x).data, net(x).data)
    other[0].weight.data[:] = 0
    assert np.any(net[0].weight.data != 0)


# Looks and messages.


def test_repr_shows_the_tree():
    assert (
        repr(Net())
        == """\
Net(
  (body): Sequential(
    (0): Linear(3, 4)
    (1): relu
  )
  (heads.0): Linear(4, 2)
  (heads.1): Linear(4, 2, bias=False)
  (extra.deep.0): Linear(2, 2)
  (tied): Linear(4, 2)
)"""
    )


def test_repr_of_a_module_with_tensors_only():
    module = nn.Module()
    module.slope = ag.Tensor(np.ones((2, 3)))
    assert repr(module) == "Module(slope: (2, 3))"


def test_an_error_says_which_layer():
    class Model(nn.Module):
        def __init__(self):
            self.encoder = nn.Sequential(nn.Linear(8, 128, rng=0))
            self.head = nn.Linear(128, 10, rng=0)

    model = Model()
    with pytest.raises(ShapeError, match=r'Linear "head": expected \(..., 128\), got \(32, 64\)'):
        model.head(np.ones((32, 64)))
    with pytest.raises(ShapeError, match=r'Linear "encoder.0": expected \(..., 8\), got \(3,\)'):
        model.encoder(np.ones(3))
    with pytest.raises(ShapeError, match=r"^Linear\(4, 2\): expected \(..., 4\), got \(\)$"):
        nn.Linear(4, 2)(np.float64(1.0))
