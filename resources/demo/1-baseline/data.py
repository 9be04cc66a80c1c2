"""The UCI handwritten digits that come with scikit-learn: 1,797 images of 8 x 8 pixels."""

import numpy as np
from sklearn.datasets import load_digits


def load(seed, val_fraction=0.2):
    """Images scaled to 0..1 and labels, split into training and validation rows."""
    digits = load_digits()
    images = digits.data / 16.0
    order = np.random.default_rng(seed).permutation(len(images))
    n_val = int(len(images) * val_fraction)
    val, train = order[:n_val], order[n_val:]
    return (images[train], digits.target[train]), (images[val], digits.target[val])


def batches(rows, size, rng):
    """Indices of minibatches in a new random order; the last one may be smaller."""
    order = rng.permutation(rows)
    for start in range(0, rows, size):
        yield order[start:start + size]
