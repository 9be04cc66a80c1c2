# SPDX-License-Identifier: GPL-3.0-or-later
"""A training that logs with nothing but HTTP, in the order in which MLflow's client calls: set_experiment, start_run,
log_params, log_metrics at each epoch, set_tag, end_run. It fits a small network to two spirals, with plain Python.

    runglass run -- python3 live_training.py --lr 0.3 --epochs 120
"""

import argparse
import json
import math
import os
import random
import time
import urllib.error
import urllib.parse
import urllib.request


def call(method, path, body=None, **query):
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/" + path + ("?" + urllib.parse.urlencode(query) if query else "")
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def now():
    return int(time.time() * 1000)


def set_experiment(name):
    status, answer = call("GET", "experiments/get-by-name", experiment_name=name)
    if status == 404:
        made = call("POST", "experiments/create", {"name": name})[1]["experiment_id"]
        status, answer = call("GET", "experiments/get", experiment_id=made)
    return answer["experiment"]["experiment_id"]


def start_run(experiment, name):
    tags = {"mlflow.user": "ada", "mlflow.source.name": "live_training.py", "mlflow.source.type": "LOCAL", "mlflow.runName": name}
    status, answer = call("POST", "runs/create", {"experiment_id": experiment, "run_name": name, "start_time": now(), "tags": [{"key": k, "value": v} for k, v in tags.items()]})
    assert status == 200, answer
    return answer["run"]["info"]["run_id"]


def log_batch(run, step=0, metrics={}, params={}):
    body = {"run_id": run, "metrics": [{"key": k, "value": v, "timestamp": now(), "step": step} for k, v in metrics.items()],
            "params": [{"key": k, "value": str(v)} for k, v in params.items()], "tags": []}
    status, answer = call("POST", "runs/log-batch", body)
    assert status == 200, answer


def spirals(count, noise, chance):
    points = []
    for i in range(count):
        label = i % 2
        angle = chance.uniform(0.5, 3) * math.pi
        x = angle * math.cos(angle + math.pi * label) / 8 + chance.gauss(0, noise)
        y = angle * math.sin(angle + math.pi * label) / 8 + chance.gauss(0, noise)
        points.append((x, y, label))
    return points


class Network:
    """One hidden layer of tanh over a few harmonics of the point; logistic loss; plain gradient descent."""

    def __init__(self, hidden, chance):
        self.hidden = [[chance.gauss(0, 0.7) for _ in range(7)] for _ in range(hidden)]
        self.out = [chance.gauss(0, 0.3) for _ in range(hidden + 1)]

    def forward(self, x, y):
        radius, angle = math.hypot(x, y), math.atan2(y, x)
        inputs = (x, y, radius, math.sin(angle + 8 * radius), math.cos(angle + 8 * radius), math.sin(angle), 1)
        units = [math.tanh(sum(w * v for w, v in zip(row, inputs))) for row in self.hidden]
        score = sum(w * v for w, v in zip(self.out, units)) + self.out[-1]
        return inputs, units, 1 / (1 + math.exp(-max(-30, min(30, score))))

    def learn(self, batch, rate):
        norm = 0.0
        for x, y, label in batch:
            inputs, units, chance = self.forward(x, y)
            error = chance - label
            norm += error * error
            for i, unit in enumerate(units):
                slope = error * self.out[i] * (1 - unit * unit)
                self.out[i] -= rate * error * unit
                for j, value in enumerate(inputs):
                    self.hidden[i][j] -= rate * slope * value
            self.out[-1] -= rate * error
        return math.sqrt(norm / len(batch))

    def score(self, points):
        loss = right = 0
        for x, y, label in points:
            chance = min(max(self.forward(x, y)[2], 1e-7), 1 - 1e-7)
            loss -= math.log(chance if label else 1 - chance)
            right += (chance > 0.5) == bool(label)
        return loss / len(points), right / len(points)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--hidden", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    pause = float(os.environ.get("PAUSE", "0"))  # seconds after each epoch, to be watched
    chance = random.Random(given.seed)
    train, val = spirals(240, 0.05, chance), spirals(120, 0.05, chance)
    network = Network(given.hidden, chance)

    run = start_run(set_experiment("two spirals"), f"lr-{given.lr:g}")
    log_batch(run, params=vars(given))
    for epoch in range(given.epochs):
        rate = given.lr * (0.5 + 0.5 * math.cos(math.pi * epoch / given.epochs))
        chance.shuffle(train)
        norm = network.learn(train, rate)
        loss, accuracy = network.score(train)
        val_loss, val_accuracy = network.score(val)
        log_batch(run, epoch, {"train/loss": loss, "train/accuracy": accuracy, "val/loss": val_loss, "val/accuracy": val_accuracy, "lr": rate, "error_norm": norm})
        time.sleep(pause)
    call("POST", "runs/set-tag", {"run_id": run, "key": "stage", "value": "done"})
    call("POST", "runs/update", {"run_id": run, "status": "FINISHED", "end_time": now()})


if __name__ == "__main__":
    main()
