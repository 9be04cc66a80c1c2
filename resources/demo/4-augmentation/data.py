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


def shift(images, most, rng):
    """Each image moved by up to `most` pixels along both axes; what leaves at one side is lost."""
    if most == 0:
        return images
    size = 8
    padded = np.pad(images.reshape(-1, size, size), ((0, 0), (most, most), (most, most)))
    rows, columns = rng.integers(0, 2 * most + 1, (2, len(images)))
    offsets = np.arange(size)
    moved = padded[np.arange(len(images))[:, None, None],
                   (rows[:, None] + offsets)[:, :, None], (columns[:, None] + offsets)[:, None, :]]
    return moved.reshape(len(images), -1)
