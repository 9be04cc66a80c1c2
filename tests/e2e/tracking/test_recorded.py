# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded conversations of the real MLflow client with the real server, played against this one: every answer agrees."""

import json
import os
import subprocess
import sys
import unittest

from endpoint import Served

RECORDINGS = os.environ.get("RUNGLASS_MLFLOW_WIRE", os.path.join(os.environ["RUNGLASS_SOURCE_DIR"], "..", "shared", "reference", "mlflow-wire"))


@unittest.skipUnless(os.path.isdir(RECORDINGS), "there are no recorded conversations; RUNGLASS_MLFLOW_WIRE names their folder")
class Recorded(Served):
    def play(self, name):
        # The replayer finds the ids that it has to replace only where no letter stands before them: not after %2F.
        with open(os.path.join(RECORDINGS, name), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        plain = os.path.join(self.project, name)
        with open(plain, "w", encoding="utf-8") as file:
            file.writelines(json.dumps({**line, "p": line["p"].replace("%2F", "/")}) + "\n" for line in lines)
        played = subprocess.run([sys.executable, os.path.join(RECORDINGS, "replay.py"), self.uri, plain], capture_output=True, text=True, timeout=120)
        self.assertEqual(played.returncode, 0, played.stdout + played.stderr)

    def test_fluent(self):
        self.play("fluent-3.11.jsonl")

    def test_sklearn_autolog(self):
        self.play("sklearn-autolog-3.11.jsonl")


if __name__ == "__main__":
    unittest.main()
