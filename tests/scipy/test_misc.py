"""The module that old code imports."""

from autograd.scipy import misc, special


def test_logsumexp_is_that_of_special():
    assert misc.logsumexp is special.logsumexp
