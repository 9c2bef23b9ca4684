"""Attention: against its formula, against PyTorch, its masks, and the transformer block."""

import math

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError
from autograd.testing import check_grads


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def triple(seed=0, queries=4, keys=5):
    rng = np.random.default_rng(seed)
    shapes = (2, 3, queries, 6), (2, 3, keys, 6), (2, 3, keys, 7)
    return [rng.normal(size=shape) for shape in shapes]


def test_attention_is_the_formula():
    q, k, v = triple()
    weights = softmax(np.einsum("nhtd,nhsd->nhts", q, k) / math.sqrt(6))
    expected = np.einsum("nhts,nhse->nhte", weights, v)
    np.testing.assert_allclose(nn.scaled_dot_product_attention(q, k, v), expected, rtol=1e-12)
    weights = softmax(np.einsum("nhtd,nhsd->nhts", q, k) * 0.3)
    expected = np.einsum("nhts,nhse->nhte", weights, v)
    found = nn.scaled_dot_product_attention(q, k, v, scale=0.3)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_true_in_the_mask_of_the_function_is_seen():
    q, k, v = triple()
    seen = np.array([True, False, True, True, False])
    found = nn.scaled_dot_product_attention(q, k, v, seen)
    expected = nn.scaled_dot_product_attention(q, k[..., seen, :], v[..., seen, :])
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_causal_is_a_triangle():
    q, k, v = triple(keys=4)
    found = nn.scaled_dot_product_attention(q, k, v, is_causal=True)
    for t in range(4):
        expected = nn.scaled_dot_product_attention(
            q[..., t : t + 1, :], k[..., : t + 1, :], v[..., : t + 1, :]
        )
        np.testing.assert_allclose(found[..., t : t + 1, :], expected, rtol=1e-12)
    np.testing.assert_allclose(found[..., 0, :], v[..., 0, :], rtol=1e-12)


def test_scores_are_softmaxed_without_overflow():
    q = ag.Tensor([[1000.0], [-1000.0]])
    k, v = np.array([[1.0], [-1.0]]), np.array([[2.0], [3.0]])
    out = nn.scaled_dot_product_attention(q, k, v)
    np.testing.assert_array_equal(out.data, [[2.0], [3.0]])
    np.sum(out).backward()
    np.testing.assert_array_equal(q.grad, [[0.0], [0.0]])


def test_a_query_that_may_see_nothing_gets_zero():
    q, k, v = (ag.Tensor(a) for a in triple())
    mask = np.ones((4, 5), bool)
    mask[2] = False
    out = nn.scaled_dot_product_attention(q, k, v, mask)
    np.testing.assert_array_equal(out.data[:, :, 2], np.zeros((2, 3, 7)))
    np.sum(out * out).backward()
    np.testing.assert_array_equal(q.grad[:, :, 2], np.zeros((2, 3, 6)))
    assert all(np.all(np.isfinite(a.grad)) for a in (q, k, v))


def test_derivatives_of_both_modes_and_orders():
    q, k, v = (a[:1, :2, :2, :2] for a in triple())
    bias = np.random.default_rng(5).normal(size=(2, 2))
    check_grads(nn.scaled_dot_product_attention, q, k, v, bias)
    check_grads(lambda q, k, v: nn.scaled_dot_product_attention(q, k, v, is_causal=True), q, k, v)


def test_a_mask_of_numbers_has_a_gradient():
    q, k, v = triple()
    mask = ag.Tensor(np.zeros((3, 1, 5)))
    np.sum(nn.scaled_dot_product_attention(q, k, v, mask) ** 2).backward()
    step = 1e-6
    moved = np.zeros((3, 1, 5))
    moved[1, 0, 2] = step
    values = [np.sum(nn.scaled_dot_product_attention(q, k, v, m) ** 2) for m in (moved, -moved)]
    assert mask.grad[1, 0, 2] == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-6)


def test_dropout_of_the_weights():
    q, k = np.zeros((1, 1)), np.zeros((10_000, 1))
    v = np.ones((10_000, 1))
    out = nn.scaled_dot_product_attention(q, k, v, dropout_p=0.25, rng=0)
    assert out[0, 0] == pytest.approx(1.0, abs=0.02)  # the mean stays
    assert out[0, 0] != 1.0


def test_what_the_function_refuses():
    q, k, v = triple()
    with pytest.raises(ShapeError, match=r"query \(\.\.\., T, d\).*got \(2, 3, 4, 6\)"):
        nn.scaled_dot_product_attention(q, v, v)
    with pytest.raises(ValueError, match="is_causal is a mask of its own"):
        nn.scaled_dot_product_attention(q, k, v, np.ones((4, 5), bool), is_causal=True)


def test_sinusoidal_encoding():
    table = nn.sinusoidal_encoding(50, 8)
    assert table.shape == (50, 8)
    assert table[7, 4] == pytest.approx(math.sin(7 / 10000 ** (4 / 8)))
    assert table[7, 5] == pytest.approx(math.cos(7 / 10000 ** (4 / 8)))
    np.testing.assert_allclose((table**2).sum(1), 4.0)
    assert nn.sinusoidal_encoding(3, 5, dtype=np.float32).dtype == np.float32


# MultiheadAttention.


def by_hand(layer, x, y, z, seen):
    """Heads one after the other, from the columns of the weights."""
    d, heads = layer.embed_dim, layer.num_heads
    if hasattr(layer, "in_proj_weight"):
        weights = np.split(layer.in_proj_weight.data, 3, axis=1)
    else:
        weights = [getattr(layer, f"{name}_proj_weight").data for name in "qkv"]
    biases = np.split(layer.in_proj_bias.data, 3)
    q, k, v = (a @ w + b for a, w, b in zip((x, y, z), weights, biases, strict=True))
    outputs, shares = [], []
    for head in range(heads):
        columns = slice(head * d // heads, (head + 1) * d // heads)
        scores = q[..., columns] @ np.swapaxes(k[..., columns], -1, -2) / math.sqrt(d // heads)
        share = softmax(np.where(seen, scores, -np.inf))
        outputs.append(share @ v[..., columns])
        shares.append(share)
    out = np.concatenate(outputs, -1) @ layer.out_proj.weight.data + layer.out_proj.bias.data
    return out, np.stack(shares, 1)


@pytest.mark.parametrize("options", [{}, {"kdim": 5, "vdim": 6}], ids=str)
def test_heads_are_those_of_a_loop(options):
    layer = nn.MultiheadAttention(8, 2, rng=0, **options)
    rng = np.random.default_rng(0)
    layer.in_proj_bias.data = rng.normal(size=24)
    layer.out_proj.bias.data = rng.normal(size=8)
    x, y, z = (rng.normal(size=s) for s in ((3, 4, 8), (3, 6, layer.kdim), (3, 6, layer.vdim)))
    padding = np.zeros((3, 6), bool)
    padding[0, 4:] = True
    hidden = np.triu(np.ones((4, 6), bool), 3)
    seen = ~(padding[:, None] | hidden)
    expected, shares = by_hand(layer, x, y, z, seen)
    outputs, weights = layer(x, y, z, padding, attn_mask=hidden, average_attn_weights=False)
    np.testing.assert_allclose(outputs.data, expected, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(weights.data, shares, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(layer(x, y, z, padding, attn_mask=hidden)[1].data, shares.mean(1))


def test_attention_to_itself():
    layer = nn.MultiheadAttention(8, 2, rng=0)
    x = np.random.default_rng(0).normal(size=(3, 4, 8))
    expected, _ = by_hand(layer, x, x, x, np.tri(4, dtype=bool))
    outputs, weights = layer(x, is_causal=True, need_weights=False)
    np.testing.assert_allclose(outputs.data, expected, rtol=1e-11, atol=1e-13)
    assert weights is None
    alone, shares = layer(x[1], is_causal=True)
    np.testing.assert_allclose(alone.data, expected[1], rtol=1e-11, atol=1e-13)
    assert shares.shape == (4, 4)
    steps_first = nn.MultiheadAttention(8, 2, batch_first=False)
    steps_first.load_state_dict(layer.state_dict())
    other, _ = steps_first(np.swapaxes(x, 0, 1), is_causal=True)
    np.testing.assert_allclose(np.swapaxes(other.data, 0, 1), expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("options", [{}, {"kdim": 3}, {"bias": False}], ids=str)
def test_derivatives_of_the_layer(options):
    layer = nn.MultiheadAttention(4, 2, rng=0, **options)
    layer.freeze()  # what is differentiated is put in their place
    names = [name for name, _ in layer.named_parameters() if "out_proj" not in name]
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1, 2, 4)), rng.normal(size=(1, 3, layer.kdim))
    value = y if layer.kdim == 4 else rng.normal(size=(1, 3, 4))

    def run(x, y, value, *parameters):
        for name, parameter in zip(names, parameters, strict=True):
            setattr(layer, name, parameter)
        return layer(x, y, value)[0]

    values = [p.data for name, p in layer.named_parameters() if name in names]
    # The bias of keys adds the same to all scores of a query: its derivatives are zero.
    check_grads(run, x, y, value, *values, undecided="allow")


def test_float32_stays():
    block = nn.TransformerBlock(8, 2, 16, dtype=np.float32, rng=0)
    x = ag.Tensor(np.random.default_rng(0).normal(size=(2, 3, 8)).astype(np.float32))
    out = block(x, is_causal=True)
    np.sum(out**2).backward()
    dtypes = {out.dtype, x.grad.dtype, *(p.grad.dtype for p in block.parameters())}
    assert dtypes == {np.dtype(np.float32)}


def test_what_the_layer_refuses():
    layer = nn.MultiheadAttention(8, 2, rng=0)
    with pytest.raises(ShapeError, match=r"query \(N, T, 8\).*got \(2, 3, 7\)"):
        layer(np.ones((2, 3, 7)))
    with pytest.raises(ShapeError, match=r"expected attn_mask \(3, 3\), got \(3, 4\)"):
        layer(np.ones((2, 3, 8)), attn_mask=np.ones((3, 4), bool))
    with pytest.raises(ShapeError, match=r"expected key_padding_mask \(2, 3\), got \(2, 4\)"):
        layer(np.ones((2, 3, 8)), key_padding_mask=np.ones((2, 4), bool))
    with pytest.raises(ValueError, match="3 heads for 8 features"):
        nn.MultiheadAttention(8, 3)
    with pytest.raises(ValueError, match="dropout must be"):
        nn.MultiheadAttention(8, 2, dropout=1.5)


# TransformerBlock.


@pytest.mark.parametrize("norm_first", [False, True])
def test_the_block_is_its_parts(norm_first):
    block = nn.TransformerBlock(8, 2, 16, norm_first=norm_first, rng=0).eval()
    x = np.random.default_rng(0).normal(size=(2, 3, 8))

    def attended(x):
        return block.self_attn(x)[0].data

    def transformed(x):
        return block.linear2(np.maximum(block.linear1(x).data, 0)).data

    def norm(x):
        spread = np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        return (x - x.mean(-1, keepdims=True)) / spread

    if norm_first:
        y = x + attended(norm(x))
        expected = y + transformed(norm(y))
    else:
        y = norm(x + attended(x))
        expected = norm(y + transformed(y))
    np.testing.assert_allclose(block(x).data, expected, rtol=1e-11, atol=1e-13)


def test_a_causal_block_does_not_look_ahead():
    block = nn.TransformerBlock(8, 2, 16, rng=0, activation=nn.gelu).eval()
    x = np.random.default_rng(0).normal(size=(2, 5, 8))
    changed = x.copy()
    changed[:, 3:] += 1.0
    first, second = block(x, is_causal=True).data, block(changed, is_causal=True).data
    np.testing.assert_array_equal(first[:, :3], second[:, :3])
    assert np.all(np.any(first[:, 3:] != second[:, 3:], -1))


def test_dropout_of_the_block_is_in_training_only():
    block = nn.TransformerBlock(8, 2, 16, dropout=0.5, rng=0)
    x = np.random.default_rng(0).normal(size=(2, 3, 8))
    assert np.any(block(x).data != block(x).data)
    block.eval()
    np.testing.assert_array_equal(block(x).data, block(x).data)


def test_derivatives_of_the_block():
    block = nn.TransformerBlock(4, 2, 3, activation=np.tanh, dropout=0.0, rng=0).freeze()
    check_grads(lambda x: block(x, is_causal=True), np.random.default_rng(0).normal(size=(1, 3, 4)))


def from_ours(torch, theirs, ours):
    theirs.load_state_dict({n: torch.tensor(a.T.copy()) for n, a in ours.state_dict().items()})


@pytest.mark.parametrize("options", [{}, {"kdim": 5, "vdim": 6}, {"bias": False}], ids=str)
def test_pytorchs_attention_agrees(options):
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    ours = nn.MultiheadAttention(8, 2, rng=0, **options)
    theirs = torch.nn.MultiheadAttention(8, 2, batch_first=True, dtype=torch.float64, **options)
    from_ours(torch, theirs, ours)
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=s) for s in ((3, 4, 8), (3, 6, ours.kdim), (3, 6, ours.vdim))]
    padding = np.zeros((3, 6), bool)
    padding[0, 4:] = True
    xs = [ag.Tensor(a) for a in arrays]
    txs = [torch.tensor(a, requires_grad=True) for a in arrays]
    outputs, weights = ours(*xs, padding)
    toutputs, tweights = theirs(*txs, torch.tensor(padding))
    np.testing.assert_allclose(outputs.data, toutputs.detach().numpy(), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(weights.data, tweights.detach().numpy(), rtol=1e-10, atol=1e-13)
    np.sum(outputs**2).backward()
    (toutputs**2).sum().backward()
    pairs = [(x.grad, t.grad.numpy()) for x, t in zip(xs, txs, strict=True)]
    named = dict(theirs.named_parameters())
    pairs += [(p.grad, named[n].grad.numpy().T) for n, p in ours.named_parameters()]
    for got, expected in pairs:
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("options", [{}, {"norm_first": True}, {"bias": False}], ids=str)
def test_pytorchs_block_agrees(options):
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    ours = nn.TransformerBlock(8, 2, 16, dropout=0.0, rng=0, **options)
    theirs = torch.nn.TransformerEncoderLayer(
        8, 2, 16, dropout=0.0, batch_first=True, dtype=torch.float64, **options
    )
    from_ours(torch, theirs, ours)
    x = np.random.default_rng(0).normal(size=(2, 5, 8))
    xs, txs = ag.Tensor(x), torch.tensor(x, requires_grad=True)
    hidden = np.triu(np.ones((5, 5), bool), 1)
    out, tout = ours(xs, is_causal=True), theirs(txs, src_mask=torch.tensor(hidden))
    np.testing.assert_allclose(out.data, tout.detach().numpy(), rtol=1e-10, atol=1e-12)
    (np.sum(out**3)).backward()
    (tout**3).sum().backward()
    named = dict(theirs.named_parameters())
    pairs = [(xs.grad, txs.grad.numpy())]
    pairs += [(p.grad, named[n].grad.numpy().T) for n, p in ours.named_parameters()]
    for got, expected in pairs:
        np.testing.assert_allclose(got, expected, rtol=1e-8, atol=1e-11)
