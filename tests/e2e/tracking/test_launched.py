# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts that speak nothing but the protocol, in the order in which the real client does, launched by `runglass run`."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

from endpoint import PROGRAM

# What the scripts share: the calls of the MLflow client, with its environment.
CLIENT = """
import json, os, time, urllib.error, urllib.parse, urllib.request
URI = os.environ["MLFLOW_TRACKING_URI"]
def call(method, path, body=None, **query):
    url = URI + "/api/2.0/mlflow/" + path + ("?" + urllib.parse.urlencode(query) if query else "")
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"])
    try:
        with urllib.request.urlopen(request) as answer: return answer.status, json.load(answer)
    except urllib.error.HTTPError as error: return error.code, json.load(error)
def set_experiment(name):
    status, answer = call("GET", "experiments/get-by-name", experiment_name=name)
    if status == 404:
        id = call("POST", "experiments/create", {"name": name})[1]["experiment_id"]
        status, answer = call("GET", "experiments/get", experiment_id=id)
    return answer["experiment"]["experiment_id"]
def start_run(experiment=None, name=None):
    "mlflow.start_run(): adopts the run of MLFLOW_RUN_ID"
    id = os.environ["MLFLOW_RUN_ID"]
    status, answer = call("GET", "runs/get", run_id=id, run_uuid=id)
    assert status == 200, answer
    if experiment is not None and answer["run"]["info"]["experiment_id"] != experiment:
        raise SystemExit("Cannot start run with ID %s because active experiment ID does not match environment run ID." % id)
    body = {"run_id": id, "run_uuid": id, "status": "RUNNING"}
    if name: body["run_name"] = name
    assert call("POST", "runs/update", body)[0] == 200
    return id
def create_run(experiment="0", name=None, tags={}):
    body = {"experiment_id": experiment, "start_time": int(time.time() * 1000), "tags": [{"key": k, "value": v} for k, v in tags.items()]}
    if name: body["run_name"] = name
    status, answer = call("POST", "runs/create", body)
    assert status == 200, answer
    return answer["run"]["info"]["run_id"]
def log(run, key, value, step=0):
    status, answer = call("POST", "runs/log-metric", {"run_id": run, "key": key, "value": value, "timestamp": int(time.time() * 1000), "step": step})
    assert status == 200, answer
"""


class Launched(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.project = folder.name
        subprocess.run(["git", "init", "-q", self.project], check=True)

    def launch(self, script, *words, expect=0, arguments=(), **environment):
        with open(os.path.join(self.project, "train.py"), "w") as file:
            file.write(CLIENT + textwrap.dedent(script))
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "RUNGLASS_", "NO_PROXY", "no_proxy"))}
        done = subprocess.run([PROGRAM, "run", "-q", *words, "--", sys.executable, "train.py", *arguments], cwd=self.project,
                              env={**variables, **environment}, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done

    def runs(self):
        answer = subprocess.run([PROGRAM, "runs", "--format", "json", "--order-by", "start"], cwd=self.project, capture_output=True, text=True)
        found = json.loads(answer.stdout)
        return found if isinstance(found, list) else found["runs"]

    def test_the_run_is_adopted(self):
        self.launch("""
            run = start_run()
            call("POST", "runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.1"})
            for step in range(5): log(run, "loss", 1 / (step + 1), step)
            print("loss=99")
            call("POST", "runs/update", {"run_id": run, "status": "FINISHED", "end_time": 5})
            assert call("GET", "runs/get", run_id=run)[1]["run"]["info"]["status"] == "FINISHED"
        """)
        (run,) = self.runs()
        self.assertEqual((run["status"], run["params"]["lr"], run["metrics"]["loss"]["count"], run["metrics"]["loss"]["last"]), ("finished", "0.1", 5, 0.2))
        self.assertGreater(run["end_time_ms"], run["start_time_ms"])

    def test_with_an_experiment_of_its_own(self):
        for existing in (False, True):
            self.launch("""
                experiment = set_experiment("digits")
                run = start_run(experiment, name="first try")
                log(run, "acc", 0.5)
            """)
        runs = self.runs()
        self.assertEqual([(r["experiment"], r["name"], r["status"]) for r in runs], [("digits", "first try", "finished")] * 2)

    def test_a_client_that_creates_its_run(self):
        # As the logger of Lightning does, which does not look at MLFLOW_RUN_ID.
        self.launch("""
            experiment = set_experiment("lightning")
            run = create_run(experiment, "version 1", {"mlflow.user": "ada", "stage": "dev"})
            assert run == os.environ["MLFLOW_RUN_ID"], run
            log(run, "acc", 0.5)
            call("POST", "runs/update", {"run_id": run, "status": "FINISHED", "end_time": 7})
        """, "--name", "ours")
        (run,) = self.runs()
        self.assertEqual((run["name"], run["experiment"], run["tags"]["stage"], run["metrics"]["acc"]["last"]), ("version 1", "lightning", "dev", 0.5))

    def test_the_database_is_held_from_start_to_end(self):
        """A client that adopts its run, starts a child and ends both does not notice that nobody can write."""
        self.launch("""
            experiment = set_experiment("digits")  # which is made, and is what may wait
            import sqlite3
            database = sqlite3.connect(".runglass/runs.db", isolation_level=None, timeout=30)
            database.execute("BEGIN EXCLUSIVE")
            began = time.monotonic()
            run = start_run(experiment, name="held")
            child = create_run(experiment, "child", {"mlflow.parentRunId": run})
            assert call("POST", "runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.1"})[0] == 200
            assert call("POST", "runs/log-parameter", {"run_id": run, "key": "lr", "value": "1"})[0] == 400
            for step in range(50): log(run, "loss", 1 / (step + 1), step)
            log(child, "m", 1)
            assert call("POST", "runs/update", {"run_id": child, "status": "FINISHED", "end_time": 7})[0] == 200
            assert call("POST", "runs/update", {"run_id": run, "status": "FINISHED", "end_time": 5})[0] == 200
            told = call("GET", "runs/get", run_id=run)[1]["run"]
            assert (told["info"]["status"], told["info"]["run_name"], told["info"]["experiment_id"]) == ("FINISHED", "held", experiment), told
            assert told["data"]["metrics"][0]["value"] == 0.02 and told["data"]["params"] == [{"key": "lr", "value": "0.1"}], told
            print("held for", round(time.monotonic() - began, 3), "s")
            database.execute("ROLLBACK")
        """)
        runs = {run["name"]: run for run in self.runs()}
        self.assertEqual(set(runs), {"held", "child"})
        held, child = runs["held"], runs["child"]
        self.assertEqual((held["experiment"], held["status"], held["params"]["lr"], held["metrics"]["loss"]["count"]), ("digits", "finished", "0.1", 50))
        self.assertEqual((child["status"], child["parent_id"], child["metrics"]["m"]["last"]), ("finished", held["id"], 1))

    def test_params_that_were_given_are_logged_by_the_script_too(self):
        """log_params(vars(args)): what argparse made of the words counts, whichever way they were spelled."""
        with open(os.path.join(self.project, "conf.yaml"), "w") as file:
            file.write("wd: 0.00010\nmodel:\n  width: 1e2\n")
        self.launch("""
            import sys
            run = create_run()
            args = {"lr": "0.003", "amp": "True", "layers": "4", "wd": "0.0001", "model.width": "100.0", "api_key": "hunter22", "stage": "second"}
            params = [{"key": k, "value": v} for k, v in args.items()]
            for again in range(2):
                assert call("POST", "runs/log-batch", {"run_id": run, "params": params}) == (200, {})
            status, answer = call("POST", "runs/log-parameter", {"run_id": run, "key": "lr", "value": "3e-3"})
            assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE") and "value='0.003'" in answer["message"], answer
            # What is the same at first has been said by the script as well.
            status, answer = call("POST", "runs/log-batch", {"run_id": run, "params": [{"key": "layers", "value": "5"}]})
            assert status == 400 and "'old_value': '4'" in answer["message"], answer
            told = {p["key"]: p["value"] for p in call("GET", "runs/get", run_id=run)[1]["run"]["data"]["params"]}
            assert {**told, **args, "api_key": "(withheld)"} == told, told
        """, "--param", "stage=first", arguments=("--lr", "3e-3", "--amp", "--layers", "4", "--api-key", "hunter22", "--api_key", "hunter22", "--config", "conf.yaml"))
        (run,) = self.runs()
        logged = {key: run["params"][key] for key in ("lr", "amp", "layers", "wd", "model.width", "stage")}
        self.assertEqual(logged, {"lr": "0.003", "amp": "True", "layers": "4", "wd": "0.0001", "model.width": "100.0", "stage": "second"})
        self.assertNotIn("hunter22", json.dumps(run["params"]))

    def test_params_that_were_given_are_logged_through_runglass_py(self):
        self.launch("""
            import runglass
            run = runglass.init()
            run.log_params({"lr": 0.003, "layers": 4, "api_key": "hunter22"})
            run.log_params({"lr": 0.004, "layers": 5})
            run.finish()
        """, arguments=("--lr", "3e-3", "--layers", "4", "--api_key", "hunter22"),
            PYTHONPATH=os.path.join(os.environ["RUNGLASS_SOURCE_DIR"], "packaging", "python"))
        (run,) = self.runs()
        self.assertEqual({k: run["params"][k] for k in ("lr", "layers", "api_key")}, {"lr": "0.003", "layers": "4", "api_key": "(withheld)"})
        shown = subprocess.run([PROGRAM, "show", run["id"]], cwd=self.project, capture_output=True, text=True).stdout
        self.assertEqual([key for key in ("lr", "layers", "api_key") if f"Param `{key}` was logged with another value" in shown], ["lr", "layers"])
        self.assertFalse(os.path.exists(os.path.join(self.project, ".runglass", "runs", run["id"], "given")))

    def test_given_params_are_replaced_while_the_database_is_held(self):
        self.launch("""
            run = create_run()
            import sqlite3
            database = sqlite3.connect(".runglass/runs.db", isolation_level=None, timeout=30)
            database.execute("BEGIN EXCLUSIVE")
            assert call("POST", "runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.003"})[0] == 200
            assert call("POST", "runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.004"})[0] == 400
            assert {"key": "lr", "value": "0.003"} in call("GET", "runs/get", run_id=run)[1]["run"]["data"]["params"]
            database.execute("ROLLBACK")
        """, arguments=("--lr", "3e-3"))
        self.assertEqual(self.runs()[0]["params"]["lr"], "0.003")

    def test_nested_runs_are_children(self):
        self.launch("""
            parent = start_run()
            for i in range(2):
                child = create_run(name="child %d" % i, tags={"mlflow.parentRunId": parent})
                log(child, "acc", i)
                call("POST", "runs/update", {"run_id": child, "status": "FINISHED", "end_time": int(time.time() * 1000)})
            later = create_run(name="later")
        """, "--experiment", "sweep")
        runs = self.runs()
        parent = next(r for r in runs if r["parent_id"] is None)
        self.assertEqual(sorted(r["name"] for r in runs if r["parent_id"] == parent["id"]), ["child 0", "child 1", "later"])
        self.assertEqual(parent["experiment"], "sweep")

    def test_the_exit_code_decides(self):
        self.launch("""
            run = start_run()
            call("POST", "runs/update", {"run_id": run, "status": "FINISHED", "end_time": 5})
            raise SystemExit(3)
        """, expect=3)
        (run,) = self.runs()
        self.assertEqual((run["status"], run["exit_code"]), ("failed", 3))

    def test_others_are_kept_out(self):
        self.launch("""
            del os.environ["MLFLOW_TRACKING_TOKEN"]; os.environ["MLFLOW_TRACKING_TOKEN"] = "guess"
            assert call("GET", "experiments/get", experiment_id="0")[0] == 401
            assert "127.0.0.1" in os.environ["NO_PROXY"].split(",") and os.environ["NO_PROXY"].startswith("corp,")
            assert os.environ["no_proxy"] == os.environ["NO_PROXY"]
        """, NO_PROXY="corp", HTTP_PROXY="http://127.0.0.1:9")

    def test_an_address_of_the_persons_own_stays(self):
        self.launch("""
            assert URI == "http://tracking.example", URI
            assert "MLFLOW_RUN_ID" not in os.environ
        """, MLFLOW_TRACKING_URI="http://tracking.example")
        shown = subprocess.run([PROGRAM, "show", self.runs()[0]["id"]], cwd=self.project, capture_output=True, text=True).stdout
        self.assertIn("MLFLOW_TRACKING_URI was set", shown)

    def test_runs_within_runs_have_their_own_endpoint(self):
        self.launch(f"""
            import subprocess
            outer = start_run()
            inner = subprocess.run([{PROGRAM!r}, "run", "-q", "--", "env"], capture_output=True, text=True).stdout
            inner = dict(line.split("=", 1) for line in inner.splitlines() if line.startswith("MLFLOW"))
            assert inner["MLFLOW_RUN_ID"] != outer and inner["MLFLOW_TRACKING_URI"] != URI
        """)

    def test_the_endpoint_goes_with_the_run(self):
        done = self.launch("print(URI)")
        port = int(done.stdout.strip().rsplit(":", 1)[1])
        with open("/proc/net/tcp") as file:
            self.assertFalse([line for line in file if line.split()[1] == f"0100007F:{port:04X}" and line.split()[3] == "0A"])


if __name__ == "__main__":
    unittest.main()
