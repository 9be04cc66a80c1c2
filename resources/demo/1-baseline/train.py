"""Trains a digit classifier with plain numpy."""

import argparse
import sys
import tomllib

import numpy as np

import data


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def cross_entropy(probabilities, labels):
    return -np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean()


def evaluate(weights, bias, images, labels):
    probabilities = softmax(images @ weights + bias)
    return cross_entropy(probabilities, labels), (probabilities.argmax(axis=1) == labels).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="configs/logreg.toml", help="settings of the training")
    parser.add_argument("--lr", type=float, default=0.1, help="learning rate")
    parser.add_argument("--epochs", type=int, default=30, help="passes over the training rows")
    parser.add_argument("--seed", type=int, default=1, help="of split, initial weights and order")
    args = parser.parse_args()
    with open(args.config, "rb") as file:
        config = tomllib.load(file)

    rng = np.random.default_rng(args.seed)
    (x, y), (val_x, val_y) = data.load(args.seed)
    print(f"{len(x)} training rows, {len(val_x)} validation rows")
    weights = rng.normal(0, 0.01, (x.shape[1], 10))
    bias = np.zeros(10)

    for epoch in range(args.epochs):
        for rows in data.batches(len(x), config["train"]["batch_size"], rng):
            error = softmax(x[rows] @ weights + bias)
            error[np.arange(len(rows)), y[rows]] -= 1
            weights -= args.lr * (x[rows].T @ error / len(rows) + config["train"]["weight_decay"] * weights)
            bias -= args.lr * error.mean(axis=0)
        train_loss, train_acc = evaluate(weights, bias, x, y)
        val_loss, val_acc = evaluate(weights, bias, val_x, val_y)
        print(f"epoch={epoch} train/loss={train_loss:.6f} train/acc={train_acc:.6f} "
              f"val/loss={val_loss:.6f} val/acc={val_acc:.6f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
