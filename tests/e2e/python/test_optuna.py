# SPDX-License-Identifier: GPL-3.0-or-later
"""A study that Optuna itself has written, trial by trial as Optuna tells it. Skipped without python3-optuna."""

import json
import math
import os
import subprocess
import tempfile
import unittest

try:
    import optuna
except ImportError:
    optuna = None

PROGRAM = os.environ["RUNGLASS_TEST_BINARY"]
SHOWN = {"COMPLETE": "finished", "PRUNED": "killed", "FAIL": "failed", "RUNNING": "running"}


def objective(trial):
    x = trial.suggest_float("x", -5, 5)
    layers = trial.suggest_int("layers", 1, 4)
    kind = trial.suggest_categorical("kind", ["adam", "sgd", None, 0.5])
    trial.set_user_attr("note", f"trial {trial.number}")
    for step in range(5):
        trial.report(x * x / (step + 1), step)
        if trial.number == 2 and step == 3:
            raise optuna.TrialPruned()
    if trial.number == 3:
        raise ValueError("as planned")
    return x * x + layers + (0 if kind == "adam" else 0.125)


@unittest.skipIf(optuna is None, "python3-optuna is not installed")
class Optuna(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.storage = "sqlite:///" + os.path.join(self.folder.name, "study.db")

    def tearDown(self):
        self.folder.cleanup()

    def runs(self):
        command = [PROGRAM, "runs", "--project", self.folder.name, "--format", "json", "--all"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def points(self, run, key):
        command = [PROGRAM, "metrics", run["id"], "--project", self.folder.name, "--format", "json", "--key", key]
        out = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return [(point["step"], point["value"]) for point in out]

    def test_every_trial(self):
        sampler = optuna.samplers.RandomSampler(seed=7)
        study = optuna.create_study(study_name="digits", storage=self.storage, sampler=sampler)
        study.optimize(objective, n_trials=8, catch=(ValueError,))
        study.ask()  # a trial that goes on
        runs = sorted(self.runs(), key=lambda run: run["start_time_ms"])
        self.assertEqual(len(runs), 9)
        for trial, run in zip(study.get_trials(), runs):
            self.assertEqual((run["experiment"], run["source"]), ("digits", "optuna"))
            self.assertEqual(run["status"], SHOWN[trial.state.name], trial)
            self.assertEqual(run["start_time_ms"], math.floor(trial.datetime_start.timestamp() * 1000))
            self.assertEqual(set(run["params"]), set(trial.params))
            for name, value in trial.params.items():
                shown = run["params"][name]
                if isinstance(value, (int, float)):
                    self.assertEqual(float(shown), value, name)
                else:
                    self.assertEqual(shown, "null" if value is None else value, name)
            if trial.state.name == "COMPLETE":
                self.assertIn(trial.value, [metric["last"] for metric in run["metrics"].values()])
            if trial.intermediate_values:
                wanted = sorted(trial.intermediate_values.items())
                key = next(key for key, metric in run["metrics"].items() if metric["count"] == len(wanted))
                self.assertEqual(self.points(run, key), wanted)

    def test_two_objectives_and_what_is_not_finite(self):
        study = optuna.create_study(study_name="pareto", storage=self.storage, directions=["minimize", "maximize"])
        study.add_trial(optuna.trial.create_trial(values=[0.25, math.inf]))
        run, = self.runs()
        self.assertEqual(sorted((metric["last"] for metric in run["metrics"].values()), key=str), [0.25, "Infinity"])


if __name__ == "__main__":
    unittest.main()
