"""Trains a digit classifier with plain numpy."""

import argparse
import pathlib
import sys
import tomllib

import numpy as np

import data
import runglass
from model import Perceptron


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="configs/mlp.toml", help="settings of the training")
    parser.add_argument("--hidden", type=int, default=64, help="width of the hidden layer")
    parser.add_argument("--lr", type=float, default=0.1, help="learning rate")
    parser.add_argument("--momentum", type=float, default=0.9, help="share of the last update that is kept")
    parser.add_argument("--sched", choices=["constant", "cosine"], default="cosine", help="course of the learning rate")
    parser.add_argument("--shift", type=int, default=1, help="most pixels by which training images are moved")
    parser.add_argument("--epochs", type=int, default=40, help="passes over the training rows")
    parser.add_argument("--seed", type=int, default=1, help="of split, initial weights and order")
    return parser.parse_args()


def learning_rate(args, progress):
    """Learning rate after `progress` (0..1) of the training."""
    if args.sched == "constant":
        return args.lr
    return 0.5 * args.lr * (1 + np.cos(np.pi * progress))


def main():
    args = parse_arguments()
    with open(args.config, "rb") as file:
        config = tomllib.load(file)
    run = runglass.init(params={"model": "mlp"})

    rng = np.random.default_rng(args.seed)
    (x, y), (val_x, val_y) = data.load(args.seed)
    print(f"{len(x)} training rows, {len(val_x)} validation rows")
    model = Perceptron(x.shape[1], args.hidden, 10, rng)

    velocity = {name: np.zeros_like(value) for name, value in model.parameters.items()}
    steps = args.epochs * -(-len(x) // config["train"]["batch_size"])
    checkpoints = pathlib.Path("checkpoints")
    best = 0.0
    step = 0
    for epoch in range(args.epochs):
        for rows in data.batches(len(x), config["train"]["batch_size"], rng):
            images = data.shift(x[rows], args.shift, rng)
            loss, gradients = model.gradients(images, y[rows])
            if not np.isfinite(loss) or loss > 20:
                run.log({"train/loss": float("nan")}, step=step)
                print(f"The loss is {loss} at step {step}: the learning rate is too high.", file=sys.stderr)
                return 3
            lr = learning_rate(args, step / steps)
            for name, gradient in gradients.items():
                decay = config["train"]["weight_decay"] if name.startswith("w") else 0.0
                velocity[name] = args.momentum * velocity[name] - lr * (gradient + decay * model.parameters[name])
                model.parameters[name] += velocity[name]
            norm = np.sqrt(sum((g ** 2).sum() for g in gradients.values()))
            run.log({"train/loss": loss, "optim/grad_norm": norm, "optim/lr": lr}, step=step)
            step += 1
        train_acc = model.evaluate(x, y)[1]
        val_loss, val_acc = model.evaluate(val_x, val_y)
        run.log({"train/acc": train_acc, "val/loss": val_loss, "val/acc": val_acc}, step=step)
        if val_acc > best:
            best = val_acc
            checkpoints.mkdir(exist_ok=True)
            np.savez(checkpoints / f"{run.id}.npz", **model.parameters)
        print(f"epoch {epoch}  train_loss {loss:.4f}  val_loss {val_loss:.4f}  val_acc {val_acc:.4f}", flush=True)
    run.log_artifact(checkpoints / f"{run.id}.npz", name="model.npz")
    return 0


if __name__ == "__main__":
    sys.exit(main())
