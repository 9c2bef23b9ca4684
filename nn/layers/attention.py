"""Attention layers, and the block that transformers are made of."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from autograd import Tensor
from autograd.errors import ShapeError
from nn import init as initializers
from nn.functional.activations import relu
from nn.functional.affine import affine
from nn.functional.attention import added, attention_weights, causal, dropped
from nn.init import Seed
from nn.layers.linear import Linear
from nn.layers.normalization import LayerNorm
from nn.module import Module


class MultiheadAttention(Module):
    """Attention in several subspaces: each head has its own queries, keys and values.

    O = concat(head₁, …, headₕ) Wₒ + bₒ, each head `scaled_dot_product_attention` of its share
    of the columns of XW + b. Vaswani et al., "Attention is all you need", 2017, section 3.2.2.

    Parameters
    ----------
    embed_dim : int
        Number of features d of queries and outputs.
    num_heads : int
        A divisor of d.
    dropout : float
        Which share of the weights is zero, in training.
    bias : bool
    kdim, vdim : int, optional
        Number of features of keys and of values; d if not given.
    batch_first : bool
        Whether sequences are (N, T, d), as everywhere in `nn`; PyTorch's default is (T, N, d).
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values and dropout come from; an int is a seed.

    Attributes
    ----------
    in_proj_weight : Tensor, shape (d, 3d)
        The weights of queries, keys and values side by side; the transpose of PyTorch's. With
        `kdim` or `vdim`, three of their own: `q_proj_weight`, `k_proj_weight`, `v_proj_weight`.
    in_proj_bias : Tensor, shape (3d,)
    out_proj : Linear

    Raises
    ------
    ValueError
        If `num_heads` does not divide `embed_dim`.

    Examples
    --------
    >>> layer = MultiheadAttention(8, 2, rng=0)
    >>> layer
    MultiheadAttention(
      (out_proj): Linear(8, 8)
    )
    >>> x = np.ones((3, 5, 8))
    >>> outputs, weights = layer(x)
    >>> outputs.shape, weights.shape
    ((3, 5, 8), (3, 5, 5))
    """

    def __init__(  # noqa: PLR0917 - PyTorch's order
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = True,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
    ) -> None:
        if num_heads < 1 or embed_dim < 1 or embed_dim % num_heads:
            raise ValueError(
                f"num_heads must divide embed_dim, got {num_heads} heads for {embed_dim} features"
            )
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be at least 0 and less than 1, got {dropout}")
        self.rng = rng = np.random.default_rng(rng)
        self.embed_dim, self.num_heads, self.dropout = embed_dim, num_heads, dropout
        self.kdim, self.vdim, self.batch_first = kdim or embed_dim, vdim or embed_dim, batch_first

        def weight(inputs: int, outputs: int, name: str) -> Tensor:
            return Tensor(initializers.glorot_uniform((inputs, outputs), rng, dtype), name=name)

        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = weight(embed_dim, 3 * embed_dim, "in_proj_weight")
        else:
            self.q_proj_weight = weight(embed_dim, embed_dim, "q_proj_weight")
            self.k_proj_weight = weight(self.kdim, embed_dim, "k_proj_weight")
            self.v_proj_weight = weight(self.vdim, embed_dim, "v_proj_weight")
        if bias:
            self.in_proj_bias = Tensor(np.zeros(3 * embed_dim, dtype), name="in_proj_bias")
        self.out_proj = Linear(embed_dim, embed_dim, bias, dtype=dtype, rng=rng)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data = np.zeros(embed_dim, dtype)

    def forward(  # noqa: PLR0917 - PyTorch's order
        self,
        query: Any,
        key: Any = None,
        value: Any = None,
        key_padding_mask: ArrayLike | None = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """Return the outputs, and which share of the values each query got.

        Parameters
        ----------
        query : ndarray or Tensor, shape (N, T, d)
            (T, d) is one sequence alone.
        key : ndarray or Tensor, shape (N, S, kdim), optional
            The query if not given: self-attention.
        value : ndarray or Tensor, shape (N, S, vdim), optional
            The key if not given.
        key_padding_mask : array_like of bool, shape (N, S), optional
            True for keys that are only padding, and are *not* seen; numbers are added.
        need_weights : bool
            Whether the weights are returned; None otherwise.
        attn_mask : array_like of bool or float, shape (T, S) or (N num_heads, T, S), optional
            True where a query may *not* see a key, as in PyTorch's layer; numbers are added.
        average_attn_weights : bool
            Whether the weights are the mean over the heads.
        is_causal : bool
            Whether query number t sees only the first t + 1 keys; no `attn_mask` is needed for it.

        Returns
        -------
        outputs : Tensor, shape (N, T, d)
        weights : Tensor, shape (N, T, S), or (N, num_heads, T, S), or None

        Raises
        ------
        ShapeError
            If the shapes do not fit.
        """
        key = query if key is None else key
        value = key if value is None else value
        self._check(query, key, value)
        alone = query.ndim == 2
        if alone:
            same = query is key is value
            query = query[np.newaxis]
            key, value = (query, query) if same else (key[np.newaxis], value[np.newaxis])
        elif not self.batch_first:
            same = query is key is value
            query = np.swapaxes(query, 0, 1)
            key, value = (query, query) if same else (np.swapaxes(a, 0, 1) for a in (key, value))
        mask = self._mask(query, key, key_padding_mask, attn_mask, is_causal)
        q, k, v = self._heads(query, key, value)
        weights = attention_weights(q, k, mask)
        given = dropped(weights, self.dropout, self.rng) if self.training else weights
        heads = np.swapaxes(given @ v, 1, 2)
        outputs = self.out_proj(np.reshape(heads, (*heads.shape[:2], self.embed_dim)))
        if alone:
            outputs = outputs[0]
        elif not self.batch_first:
            outputs = np.swapaxes(outputs, 0, 1)
        if not need_weights:
            return outputs, None
        weights = np.mean(weights, 1) if average_attn_weights else weights
        return outputs, weights[0] if alone else weights

    def _check(self, query: Any, key: Any, value: Any) -> None:
        """Refuse shapes that do not fit."""
        batch = 0 if self.batch_first else 1
        expected = zip((query, key, value), (self.embed_dim, self.kdim, self.vdim), strict=True)
        fits = all(
            x.ndim in (2, 3)
            and x.ndim == query.ndim
            and x.shape[-1] == features
            and (x.ndim == 2 or x.shape[batch] == query.shape[batch])
            for x, features in expected
        )
        if not fits or key.shape[:-1] != value.shape[:-1]:
            axes = "N, T" if self.batch_first else "T, N"
            raise ShapeError(
                f"{self._label()}: expected a query ({axes}, {self.embed_dim}), a key "
                f"({axes.replace('T', 'S')}, {self.kdim}) and a value "
                f"({axes.replace('T', 'S')}, {self.vdim}), "
                f"got {query.shape}, {key.shape} and {value.shape}"
            )

    def _heads(self, query: Any, key: Any, value: Any) -> tuple[Any, Any, Any]:
        """Return queries, keys and values of shape (N, heads, T, d/heads)."""
        d = self.embed_dim
        weight: Any = getattr(self, "in_proj_weight", None)
        bias: Any = getattr(self, "in_proj_bias", None)
        if weight is not None and query is key is value:
            both = query @ weight if bias is None else affine(query, weight, bias)
            shape = (*both.shape[:2], 3, self.num_heads, d // self.num_heads)
            parts = np.transpose(np.reshape(both, shape), (2, 0, 3, 1, 4))
            return parts[0], parts[1], parts[2]
        if weight is not None:
            weights = [weight[:, i * d : (i + 1) * d] for i in range(3)]
        else:
            weights = [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        found = []
        for place, (x, w) in enumerate(zip((query, key, value), weights, strict=True)):
            part = x @ w if bias is None else affine(x, w, bias[place * d : (place + 1) * d])
            shape = (*part.shape[:2], self.num_heads, d // self.num_heads)
            found.append(np.swapaxes(np.reshape(part, shape), 1, 2))
        return found[0], found[1], found[2]

    def _mask(
        self, query: Any, key: Any, key_padding_mask: Any, attn_mask: Any, is_causal: bool
    ) -> Any:
        """Return the sum of the masks, to add to scores of shape (N, heads, T, S); or None."""
        batch, queries, keys = query.shape[0], query.shape[1], key.shape[1]
        dtype = query.dtype if query.dtype.kind == "f" else np.dtype(np.float64)
        mask = added(attn_mask, dtype)
        if mask is not None and len(mask.shape) == 3:
            mask = np.reshape(mask, (batch, self.num_heads, queries, keys))
        if mask is not None and mask.shape[-2:] != (queries, keys):
            raise ShapeError(
                f"{self._label()}: expected attn_mask ({queries}, {keys}), got {mask.shape}"
            )
        if is_causal:
            later = added(causal(queries, keys), dtype)
            mask = later if mask is None else mask + later
        padding = self._padding(added(key_padding_mask, dtype), (batch, keys))
        return padding if mask is None else mask if padding is None else mask + padding

    def _padding(self, padding: Any, expected: tuple[int, int]) -> Any:
        """Return the mask of keys for scores of shape (N, heads, T, S); None for None."""
        if padding is None:
            return None
        padding = padding if len(padding.shape) > 1 else padding[np.newaxis]
        if padding.shape != expected:
            raise ShapeError(
                f"{self._label()}: expected key_padding_mask {expected}, got {padding.shape}"
            )
        return padding[:, np.newaxis, np.newaxis]


class TransformerBlock(Module):
    """Attention, then two linear layers for each place, each added to what it was given.

    PyTorch's TransformerEncoderLayer, and with `is_causal` the block of GPT. Vaswani et al.,
    "Attention is all you need", 2017; norms first: Xiong et al., "On layer normalization in the
    transformer architecture", ICML 2020.

    Parameters
    ----------
    d_model : int
        Number of features d.
    nhead : int
        Heads of the attention, a divisor of d.
    dim_feedforward : int
        Neurons between the two linear layers.
    dropout : float
        Which share of weights and of what is added is zero, in training.
    activation : callable
        Between the linear layers.
    layer_norm_eps : float
    batch_first : bool
        Whether sequences are (N, T, d), as everywhere in `nn`; PyTorch's default is (T, N, d).
    norm_first : bool
        Whether the layer norms come before attention and linear layers, which is easier to train
        when there are many blocks, instead of after the sums.
    bias : bool
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values and dropout come from; an int is a seed.

    Attributes
    ----------
    self_attn : MultiheadAttention
    linear1, linear2 : Linear
    norm1, norm2 : LayerNorm

    Examples
    --------
    >>> block = TransformerBlock(8, 2, 32, rng=0)
    >>> block(np.ones((3, 5, 8)), is_causal=True).shape
    (3, 5, 8)
    """

    def __init__(  # noqa: PLR0917 - PyTorch's order
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Callable[..., Any] = relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = True,
        norm_first: bool = False,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
    ) -> None:
        self.rng = rng = np.random.default_rng(rng)
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype, rng=rng
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype=dtype, rng=rng)
        self.activation = activation
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype=dtype, rng=rng)
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.dropout, self.norm_first = dropout, norm_first

    def forward(
        self,
        x: Any,
        src_mask: Any = None,
        src_key_padding_mask: ArrayLike | None = None,
        is_causal: bool = False,
    ) -> Any:
        """Return the outputs, of the shape of `x`.

        Parameters
        ----------
        x : ndarray or Tensor, shape (N, T, d)
        src_mask, src_key_padding_mask, is_causal
            The masks of `MultiheadAttention`.

        Raises
        ------
        ShapeError
            If the shapes do not fit.
        """
        masks = src_key_padding_mask, False, src_mask, False, is_causal
        if self.norm_first:
            given = self.norm1(x)
            x = x + self._dropped(self.self_attn(given, given, given, *masks)[0])
            return x + self._transformed(self.norm2(x))
        x = self.norm1(x + self._dropped(self.self_attn(x, x, x, *masks)[0]))
        return self.norm2(x + self._transformed(x))

    def _transformed(self, x: Any) -> Any:
        """Return what both linear layers make of each place."""
        hidden = self._dropped(self.activation(self.linear1(x)))
        return self._dropped(self.linear2(hidden))

    def _dropped(self, x: Any) -> Any:
        return dropped(x, self.dropout, self.rng) if self.training else x
