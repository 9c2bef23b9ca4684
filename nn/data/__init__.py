"""Data in, batches out: files, splitting, shuffling, one-hot labels, predictions."""

from nn.data.arrays import one_hot, predict, train_test_split
from nn.data.batches import Batches, minibatches
from nn.data.files import load_csv, load_npz

__all__ = [
    "Batches",
    "load_csv",
    "load_npz",
    "minibatches",
    "one_hot",
    "predict",
    "train_test_split",
]
