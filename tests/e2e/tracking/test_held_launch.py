# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are launched, and end, while another program holds the run database: nothing waits, nothing is lost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import unittest

from endpoint import PROGRAM, state_of, wait_until
from test_launched import CLIENT


class HeldLaunch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.project = folder.name
        subprocess.run(["git", "init", "-q", self.project], check=True)
        self.runglass("run", "-q", "--name", "before", "--", "true")
        self.holder = sqlite3.connect(os.path.join(self.project, ".runglass", "runs.db"), isolation_level=None, timeout=30)
        self.addCleanup(self.holder.close)
        self.holder.execute("BEGIN IMMEDIATE")

    def release(self):
        self.holder.execute("ROLLBACK")

    def runglass(self, *words, **environment):
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "RUNGLASS_", "NO_PROXY", "no_proxy"))}
        return subprocess.run([PROGRAM, *words], cwd=self.project, env={**variables, **environment}, capture_output=True, text=True, timeout=60)

    def script(self, text):
        with open(os.path.join(self.project, "train.py"), "w") as file:
            file.write(CLIENT + textwrap.dedent(text))

    def runs(self):
        found = json.loads(self.runglass("runs", "--format", "json").stdout)
        return {run["name"]: run for run in (found if isinstance(found, list) else found["runs"])}

    def settled(self):
        active = os.path.join(self.project, ".runglass", "active")
        self.assertTrue(wait_until(lambda: not os.listdir(active), 20), "runs are still active")
        return self.runs()

    def test_from_start_to_end(self):
        self.script("""
            experiment = call("GET", "experiments/get-by-name", experiment_name="sweep")[1]["experiment"]["experiment_id"]
            run = start_run(experiment)
            assert run == os.environ["RUNGLASS_RUN_ID"]
            told = call("GET", "runs/get", run_id=run)[1]["run"]
            assert {"key": "depth", "value": "3"} in told["data"]["params"], told
            assert (told["info"]["run_name"], told["info"]["experiment_id"]) == ("held", experiment), told
            for step in range(20): log(run, "loss", 1 / (step + 1), step)
            child = create_run(experiment, "child", {"mlflow.parentRunId": run})
            log(child, "acc", 0.5)
            print("trained")
            raise SystemExit(3)
        """)
        done = self.runglass("run", "--name", "held", "-e", "sweep", "--", sys.executable, "train.py", "--depth", "3")
        self.assertEqual((done.returncode, done.stdout), (3, "trained\n"), done.stderr)
        self.assertIn(f"(process {os.getpid()}) frees the run database", done.stderr)
        self.release()
        runs = self.settled()
        self.assertEqual(set(runs), {"before", "held", "child"})
        held, child = runs["held"], runs["child"]
        self.assertEqual((held["status"], held["exit_code"], held["experiment"], held["params"]["depth"]), ("failed", 3, "sweep", "3"))
        self.assertEqual((held["metrics"]["loss"]["count"], held["metrics"]["loss"]["last"]), (20, 0.05))
        self.assertEqual((child["status"], child["parent_id"], child["metrics"]["acc"]["last"]), ("failed", held["id"], 0.5))
        shown = json.loads(self.runglass("show", held["id"], "--format", "json").stdout)
        self.assertEqual(shown["command"], [sys.executable, "train.py", "--depth", "3"])
        self.assertEqual(self.runglass("log", held["id"]).stdout, "trained\n")
        self.assertEqual(self.runglass("check").returncode, 0)

    def test_what_is_kept_is_shown(self):
        self.script("""
            run = start_run()
            for step in range(20): log(run, "loss", step, step)
            call("POST", "runs/set-tag", {"run_id": run, "key": "stage", "value": "dev"})
            child = create_run(name="child", tags={"mlflow.parentRunId": run})
            model = call("POST", "logged-models", {"experiment_id": "0", "name": "net", "source_run_id": run})[1]["model"]["info"]["model_id"]
            assert call("POST", "runs/outputs", {"run_id": run, "models": [{"model_id": model, "step": 4}]})[0] == 200
            assert call("POST", "registered-models/create", {"name": "digits"})[0] == 200
            assert call("POST", "model-versions/create", {"name": "digits", "source": "models:/" + model, "run_id": run})[0] == 200
            open("logged", "w").close()
            time.sleep(60)
        """)
        id = self.runglass("run", "--detach", "--name", "held", "-p", "lr=3", "--", sys.executable, "train.py").stdout.strip()
        self.assertTrue(wait_until(lambda: os.path.exists(os.path.join(self.project, "logged"))))
        said = self.runglass("runs").stderr
        self.assertIn(f"(process {os.getpid()}) holds the run database", said)
        runs = self.runs()
        held = runs["held"]
        self.assertEqual((held["id"], held["status"], held["params"]["lr"], held["tags"]["stage"], held["metrics"]["loss"]["count"]), (id, "running", "3", "dev", 20))
        self.assertEqual(runs["child"]["parent_id"], id)
        shown = json.loads(self.runglass("show", id[:8], "--format", "json").stdout)
        self.assertEqual((shown["command"], shown["metrics"]["loss"]["last"]), ([sys.executable, "train.py"], 19))
        self.assertEqual(len(self.runglass("metrics", id, "--key", "loss", "--format", "csv").stdout.splitlines()), 21)
        models = ([(m["name"], m["step"]) for m in shown["models"]], [(v["model"], v["version"]) for v in shown["model_versions"]])
        self.assertEqual(models, ([("net", 4)], [("digits", 1)]))
        self.release()
        self.assertTrue(wait_until(lambda: "holds" not in self.runglass("runs").stderr))
        self.assertEqual((self.runs()["held"]["metrics"]["loss"]["count"], len(self.runs())), (20, 3))
        self.assertEqual(self.runglass("stop", id, "--wait").returncode, 0)

    def test_what_is_printed(self):
        """Without the endpoint the run is kept by its supervisor alone."""
        done = self.runglass("run", "--name", "held", "--", "/bin/sh", "-c", "for i in 1 2 3; do echo step=$i loss=0.$i; done", MLFLOW_TRACKING_URI="http://127.0.0.1:9")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.release()
        held = self.settled()["held"]
        self.assertEqual((held["status"], held["metrics"]["loss"]["count"], held["metrics"]["loss"]["last"]), ("finished", 3, 0.3))

    def test_console(self):
        id = self.runglass("run", "--detach", "--", "/bin/sh", "-c", "echo hello; sleep 1; echo bye").stdout.strip()
        self.assertTrue(wait_until(lambda: self.runglass("log", id).stdout == "hello\n"))
        followed = self.runglass("log", id, "--follow")
        self.assertEqual((followed.returncode, followed.stdout), (0, "hello\nbye\n"), followed.stderr)
        self.release()
        self.settled()
        self.assertEqual(self.runglass("log", id).stdout, "hello\nbye\n")

    def trained(self):
        """A run that prints, logs to its spool and fails, without an endpoint: its supervisor alone knows of it."""
        with open(os.path.join(self.project, "train.py"), "w") as file:
            file.write(textwrap.dedent("""
                import runglass, time
                open("model.bin", "w").write("weights")
                run = runglass.init(params={"depth": 3})
                for step in range(5):
                    print(f"step={step} val/loss=0.{step}", flush=True)
                time.sleep(0.5)  # before it logs: what is printed counts until then
                for step in range(20): run.log({"acc": step / 20}, step=step)
                run.log({"again": 1}); run.log({"again": 1})
                run.tag("stage", "dev"); run.note("why")
                run.log_artifact("model.bin"); run.log_dataset("train", "model.bin")
                time.sleep(1)
                raise SystemExit(3)
            """))
        done = self.runglass("run", "-q", "--name", "held", "--", sys.executable, "train.py", MLFLOW_TRACKING_URI="http://127.0.0.1:9",
                             PYTHONPATH=os.path.join(os.environ["RUNGLASS_SOURCE_DIR"], "packaging", "python"))
        self.assertEqual(done.returncode, 3, done.stderr)

    def check_trained(self):
        wait_until(lambda: self.runs()["held"]["status"] == "failed")  # in a moment: the terminal is free a little earlier
        held = self.runs()["held"]
        counts = {key: metric["count"] for key, metric in held["metrics"].items()}
        self.assertEqual({key: counts.get(key) for key in ("val/loss", "acc", "again")}, {"val/loss": 5, "acc": 20, "again": 2})
        counts["system"] = len(self.runglass("metrics", held["id"], "--key", "system/cpu_percent", "--format", "csv").stdout.splitlines())
        self.assertGreater(counts["system"], 2)
        self.assertEqual((held["status"], held["exit_code"], held["params"]["depth"], held["tags"]["stage"]), ("failed", 3, "3", "dev"))
        shown = json.loads(self.runglass("show", held["id"], "--format", "json").stdout)
        self.assertEqual(([a["path"] for a in shown["artifacts"]], [d["name"] for d in shown["datasets"]], shown["notes"]), (["model.bin"], ["train"], "why"))
        self.assertEqual(len(self.runglass("metrics", held["id"], "--key", "acc", "--format", "csv").stdout.splitlines()), 21)
        return held["id"], counts

    def test_what_its_supervisor_knows_is_shown(self):
        self.trained()
        before = self.check_trained()
        self.release()
        self.settled()
        self.assertEqual(self.check_trained(), before)
        self.assertEqual(self.runglass("check").returncode, 0)

    def test_what_a_killed_supervisor_knew(self):
        self.trained()
        before = self.check_trained()
        with open(os.path.join(self.project, ".runglass", "runs", before[0], "processes")) as file:
            pids = {role: int(pid) for role, pid, *_ in map(str.split, file)}
        os.kill(pids["supervisor"], signal.SIGKILL)
        self.assertEqual(self.check_trained(), before)
        self.release()
        self.assertEqual(self.check_trained(), before)
        self.assertEqual(os.listdir(os.path.join(self.project, ".runglass", "active")), [])

    def test_held_while_it_runs(self):
        """Held again and again: each value goes aside or into the database, and is there once."""
        self.release()
        script = "for i in $(seq 60); do echo step=$i loss=0.$i; sleep 0.05; done"
        id = self.runglass("run", "--detach", "--name", "held", "--", "/bin/sh", "-c", script).stdout.strip()
        active = os.path.join(self.project, ".runglass", "active", id)
        while os.path.exists(active):
            self.holder.execute("BEGIN IMMEDIATE")
            wait_until(lambda: not os.path.exists(active), 0.4)
            self.release()
            wait_until(lambda: not os.path.exists(active), 0.1)
        rows = self.runglass("metrics", id, "--key", "loss", "--format", "csv").stdout.splitlines()
        self.assertEqual(len(rows), 61)
        self.assertEqual(self.settled()["held"]["status"], "finished")

    def test_the_supervisor_is_killed(self):
        self.script("""
            run = start_run()
            for step in range(20): log(run, "loss", step, step)
            create_run(name="child", tags={"mlflow.parentRunId": run})
            open("logged", "w").close()
            time.sleep(60)
        """)
        id = self.runglass("run", "--detach", "--name", "held", "--", sys.executable, "train.py").stdout.strip()
        self.assertTrue(wait_until(lambda: os.path.exists(os.path.join(self.project, "logged"))))
        with open(os.path.join(self.project, ".runglass", "runs", id, "processes")) as file:
            pids = {role: int(pid) for role, pid, *_ in map(str.split, file)}
        os.kill(pids["supervisor"], signal.SIGKILL)
        os.kill(pids["command"], signal.SIGKILL)
        self.assertEqual(self.runglass("runs").returncode, 0)  # while held: nothing can be recovered, and nothing waits
        self.release()
        runs = self.runs()
        self.assertEqual((runs["held"]["id"], runs["held"]["status"], runs["held"]["metrics"]["loss"]["count"]), (id, "lost", 20))
        self.assertEqual((runs["child"]["status"], runs["child"]["parent_id"]), ("lost", id))

    def test_the_launcher_and_its_supervisor_are_killed_at_once(self):
        """What is left of the run is in its folder."""
        id = self.runglass("run", "--detach", "--name", "held", "-p", "lr=3", "--", "sleep", "60", MLFLOW_TRACKING_URI="http://127.0.0.1:9").stdout.strip()
        with open(os.path.join(self.project, ".runglass", "runs", id, "processes")) as file:
            pids = {role: int(pid) for role, pid, *_ in map(str.split, file)}
        for role in ("supervisor", "command"):
            os.kill(pids[role], signal.SIGKILL) if role in pids else None
        self.assertTrue(wait_until(lambda: state_of(pids["supervisor"]) in "ZX"))  # until then it has its run
        self.release()
        held = self.runs()["held"]
        self.assertEqual((held["id"], held["status"], held["params"]["lr"]), (id, "lost", "3"))


if __name__ == "__main__":
    unittest.main()
