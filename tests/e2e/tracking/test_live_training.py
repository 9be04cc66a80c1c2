# SPDX-License-Identifier: GPL-3.0-or-later
"""The training of packaging/live-picture, which logs with nothing but HTTP, is seen whole."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from endpoint import PROGRAM


class LiveTraining(unittest.TestCase):
    def test_it_is_recorded(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "live_training.py")
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "RUNGLASS_", "NO_PROXY", "no_proxy"))}
        with tempfile.TemporaryDirectory() as project:
            subprocess.run(["git", "init", "-q", project], check=True)
            done = subprocess.run([PROGRAM, "run", "-q", "--", sys.executable, script, "--epochs", "4", "--lr", "0.1"], cwd=project, env=variables, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            (run,) = json.loads(subprocess.run([PROGRAM, "runs", "--format", "json"], cwd=project, capture_output=True, text=True).stdout)
        self.assertEqual((run["name"], run["experiment"], run["status"], run["tags"]["stage"]), ("lr-0.1", "two spirals", "finished", "done"))
        self.assertEqual((run["params"]["lr"], run["params"]["epochs"]), ("0.1", "4"))
        for key in ("train/loss", "train/accuracy", "val/loss", "val/accuracy", "lr", "error_norm"):
            self.assertEqual((run["metrics"][key]["count"], run["metrics"][key]["last_step"]), (4, 3))
        self.assertLess(run["metrics"]["train/loss"]["last"], run["metrics"]["train/loss"]["first"])  # it does learn


if __name__ == "__main__":
    unittest.main()
