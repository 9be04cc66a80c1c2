# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts that speak nothing but the protocol, in the order in which the real client does, launched by `runglass run`."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

from endpoint import PROGRAM, wait_until

# What the scripts share: the calls of the MLflow client, with its environment.
CLIENT = """
import base64, json, os, time, urllib.error, urllib.parse, urllib.request
URI = os.environ["MLFLOW_TRACKING_URI"]
def call(method, path, body=None, **query):
    url = URI + "/api/2.0/mlflow/" + path + ("?" + urllib.parse.urlencode(query) if query else "")
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    # As `requests` does for mlflow: the name and password of the environment, whichever server it is.
    if "MLFLOW_TRACKING_PASSWORD" in os.environ:
        request.add_header("Authorization", "Basic " + base64.b64encode((os.environ["MLFLOW_TRACKING_USERNAME"] + ":" + os.environ["MLFLOW_TRACKING_PASSWORD"]).encode()).decode())
    elif "MLFLOW_TRACKING_TOKEN" in os.environ:
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
def start_run(experiment="0", name=None):
    "mlflow.start_run(): makes a run, unless MLFLOW_RUN_ID says which to take"
    if "MLFLOW_RUN_ID" in os.environ: return resume_run(os.environ["MLFLOW_RUN_ID"], experiment, name)
    return create_run(experiment, name, {"mlflow.user": "ada", "mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL"})
def resume_run(id, experiment=None, name=None):
    "mlflow.start_run(run_id=…)"
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
            assert run == os.environ["RUNGLASS_RUN_ID"] and "MLFLOW_RUN_ID" not in os.environ
        """, "--name", "ours")
        (run,) = self.runs()
        self.assertEqual((run["name"], run["tags"]["mlflow.source.name"]), ("ours", "train.py"))
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

    def test_looking_at_other_experiments(self):
        """What is looked up before (or after) the run begins does not say where it belongs."""
        self.launch("start_run(set_experiment('baseline'), 'old')")
        look = """
            def look(): assert call("GET", "experiments/get-by-name", experiment_name="baseline")[0] == 200
        """
        self.launch(textwrap.dedent(look) + textwrap.dedent("""
            experiment = set_experiment("mine")
            look()
            run = start_run(experiment)
            assert call("GET", "runs/get", run_id=run)[1]["run"]["info"]["experiment_id"] == experiment
        """))
        self.launch(textwrap.dedent(look) + textwrap.dedent("""
            look()
            log(start_run(), "m", 1)
            look()
        """), "--experiment", "wanted")
        self.assertEqual([run["experiment"] for run in self.runs()], ["baseline", "mine", "wanted"])

    def test_a_client_that_knows_the_run(self):
        self.launch("""
            run = resume_run(os.environ["RUNGLASS_RUN_ID"], name="by its id")
            log(run, "m", 1)
            assert create_run(name="another") != run
        """, "--experiment", "wanted")
        self.assertEqual({(run["name"], run["experiment"]) for run in self.runs()}, {("by its id", "wanted"), ("another", "default")})

    def test_an_experiment_that_is_not_there(self):
        """The run is still there for the next try."""
        self.launch("""
            assert call("POST", "runs/create", {"experiment_id": "77"})[0] == 404
            assert start_run() == os.environ["RUNGLASS_RUN_ID"]
        """)
        self.assertEqual(len(self.runs()), 1)

    def test_processes_that_begin_at_once(self):
        self.launch("""
            import subprocess, sys
            if len(sys.argv) == 1:
                ranks = [subprocess.Popen([sys.executable, *sys.argv, str(rank)]) for rank in range(3)]
                raise SystemExit(max(rank.wait() for rank in ranks))
            run = start_run(name="rank " + sys.argv[1])
            log(run, "rank", float(sys.argv[1]))
            call("POST", "runs/update", {"run_id": run, "status": "FINISHED", "end_time": int(time.time() * 1000)})
        """)
        runs = self.runs()
        (own,) = [run for run in runs if run["parent_id"] is None]
        self.assertEqual([run["parent_id"] for run in runs if run is not own], [own["id"]] * 2)
        self.assertEqual(sorted(run["metrics"]["rank"]["last"] for run in runs), [0, 1, 2])
        self.assertEqual({run["name"] for run in runs}, {"rank 0", "rank 1", "rank 2"})

    def test_a_script_with_a_server_of_its_own(self):
        """set_tracking_uri() wins: the script's calls go there, with the person's password and without our token."""
        other = tempfile.TemporaryDirectory()
        self.addCleanup(other.cleanup)
        server = subprocess.Popen([PROGRAM, "serve", "--port", "0", "--token", "secret", "--project", other.name], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        uri = server.stdout.readline().strip().split("=", 1)[1]
        self.launch(f"""
            own, URI = URI, {uri!r}
            run = start_run()
            log(run, "there", 1)
            assert (os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"]) == ("ada", "secret")
            token = own.rsplit("/", 1)[1]
            assert len(token) == 64 and [name for name, value in os.environ.items() if token in value] == ["MLFLOW_TRACKING_URI", "RUNGLASS_TRACKING_URI"]
            URI = own
            assert start_run() == os.environ["RUNGLASS_RUN_ID"]
        """, MLFLOW_TRACKING_USERNAME="ada", MLFLOW_TRACKING_PASSWORD="secret")
        there = subprocess.run([PROGRAM, "runs", "--format", "json", "--project", other.name], capture_output=True, text=True).stdout
        self.assertIn('"there"', there)
        self.assertEqual(len(self.runs()), 1)

    def test_a_program_that_reads_host_and_port_alone(self):
        self.launch("""
            own, URI = URI, "http://" + urllib.parse.urlsplit(URI).netloc
            assert own.endswith("/" + os.environ["MLFLOW_TRACKING_TOKEN"])
            assert start_run() == os.environ["RUNGLASS_RUN_ID"]
        """)

    def test_the_projects_own_standing_endpoint(self):
        """In the shell that has its address exported, `runglass run` is the same as in any other."""
        server = subprocess.Popen([PROGRAM, "serve", "--port", "0", "--project", self.project], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        uri = server.stdout.readline().strip().split("=", 1)[1]
        for number, same in enumerate((uri, uri + "/", uri.replace("127.0.0.1", "localhost"))):
            self.launch("assert start_run() == os.environ['RUNGLASS_RUN_ID']", MLFLOW_TRACKING_URI=same)
            self.assertEqual(len(self.runs()), number + 1)
        shown = subprocess.run([PROGRAM, "show", self.runs()[0]["id"]], cwd=self.project, capture_output=True, text=True).stdout
        self.assertNotIn("MLFLOW_TRACKING_URI was set", shown)

    def test_a_client_that_creates_its_run(self):
        # As the logger of Lightning does.
        self.launch("""
            experiment = set_experiment("lightning")
            run = create_run(experiment, "version 1", {"mlflow.user": "ada", "stage": "dev"})
            assert run == os.environ["RUNGLASS_RUN_ID"], run
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
            assert {m["key"]: m["value"] for m in told["data"]["metrics"]}["loss"] == 0.02 and told["data"]["params"] == [{"key": "lr", "value": "0.1"}], told
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

    def test_a_status_that_the_script_sets(self):
        """An exit code of 0 does not make good what the script itself calls failed; any other code makes it failed."""
        for told, code, expected in (("FAILED", 0, "failed"), ("KILLED", 0, "killed"), ("FINISHED", 0, "finished"), ("KILLED", 3, "failed")):
            self.launch(f"""
                run = start_run()
                call("POST", "runs/update", {{"run_id": run, "status": {told!r}, "end_time": 5}})
                call("POST", "runs/update", {{"run_id": run, "run_name": "renamed afterwards"}})
                raise SystemExit({code})
            """, expect=code)
            self.assertEqual((self.runs()[-1]["status"], self.runs()[-1]["exit_code"]), (expected, code))
        self.launch("""
            run = start_run()
            for status in ("FAILED", "RUNNING", "FINISHED"): call("POST", "runs/update", {"run_id": run, "status": status})
        """)
        self.assertEqual(self.runs()[-1]["status"], "finished")

    def test_runs_that_are_left_open_end_with_the_script(self):
        for expect, status, end in ((0, "finished", ""), (3, "failed", "raise SystemExit(3)"), (137, "failed", "os.kill(os.getpid(), 9)")):
            self.launch(f"""
                parent = start_run()
                child = create_run(name="child", tags={{"mlflow.parentRunId": parent}})
                create_run(name="grandchild", tags={{"mlflow.parentRunId": child}})
                done = create_run(name="done")
                call("POST", "runs/update", {{"run_id": done, "status": "KILLED", "end_time": 7}})
                {end}
            """, expect=expect)
            runs = {run["name"]: run for run in self.runs()[-4:]}
            self.assertEqual([runs[name]["status"] for name in ("train", "child", "grandchild", "done")], [status] * 3 + ["killed"])
            self.assertEqual(runs["child"]["end_time_ms"], runs["train"]["end_time_ms"])

    def test_runs_that_are_left_open_are_lost_with_the_supervisor(self):
        with open(os.path.join(self.project, "train.py"), "w") as file:
            file.write(CLIENT + textwrap.dedent("""
                import signal
                parent = start_run()
                create_run(name="child", tags={"mlflow.parentRunId": parent})
                os.kill(os.getppid(), signal.SIGKILL)
            """))
        subprocess.run([PROGRAM, "run", "-q", "--", sys.executable, "train.py"], cwd=self.project, capture_output=True, timeout=60)
        self.assertEqual([(run["name"], run["status"]) for run in self.runs()], [("train", "lost"), ("child", "lost")])

    def test_logging_in_the_grace_of_a_stop(self):
        """A script that is asked to stop says its last word, and is heard."""
        with open(os.path.join(self.project, "train.py"), "w") as file:
            file.write(CLIENT + textwrap.dedent("""
                import signal, sys
                run = start_run()
                def stop(number, frame):
                    for step in range(3):
                        log(run, "last", step, step)
                        time.sleep(0.1)
                    call("POST", "runs/set-tag", {"run_id": run, "key": "why", "value": "stopped"})
                    sys.exit(0)
                signal.signal(signal.SIGTERM, stop)
                log(run, "ready", 1)
                while True: time.sleep(1)
            """))
        running = subprocess.Popen([PROGRAM, "run", "-q", "--", sys.executable, "train.py"], cwd=self.project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(running.wait, 60)
        self.assertTrue(wait_until(lambda: [run for run in self.runs() if "ready" in run["metrics"]], 30))
        stopped = subprocess.run([PROGRAM, "stop", self.runs()[0]["id"]], cwd=self.project, capture_output=True, text=True, timeout=60)
        self.assertEqual(stopped.returncode, 0, stopped.stderr)
        running.wait(60)
        [run] = self.runs()
        self.assertEqual((run["status"], run["metrics"]["last"]["count"], run["tags"]["why"]), ("killed", 3, "stopped"))

    def test_what_goes_on_logging_in_the_background(self):
        """The endpoint is there for as long as the console of the run is read."""
        self.launch("""
            import sys
            run = start_run()
            sys.stdout.flush()
            if os.fork() == 0:
                time.sleep(0.7)
                log(run, "late", 1)
        """)
        self.assertEqual(self.runs()[0]["metrics"]["late"]["last"], 1)

    def test_what_logs_in_the_background_without_a_console(self):
        """An uploader of its own, which holds nothing of the run: heard for the grace time, and no longer."""
        self.launch("""
            run = start_run()
            if os.fork() == 0:
                os.setsid()
                for descriptor in range(3): os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
                time.sleep(0.7)
                log(run, "late", 1)
                time.sleep(30)
        """)
        [run] = self.runs()
        self.assertEqual((run["status"], run["metrics"]["late"]["last"]), ("finished", 1))

    def test_a_table_that_the_next_run_writes_over(self):
        def run(name, *losses):
            table = "step,loss\\n" + "".join(f"{step},{loss}\\n" for step, loss in enumerate(losses))
            done = subprocess.run([PROGRAM, "run", "-q", "--name", name, "--", "sh", "-c", f"printf '{table}' > metrics.csv"], cwd=self.project, timeout=60)
            self.assertEqual(done.returncode, 0)
        def problems(name):
            shown = subprocess.run([PROGRAM, "show", name, "--format", "json"], cwd=self.project, capture_output=True, text=True, timeout=60)
            return json.loads(shown.stdout)["problems"]
        run("first", 3, 2, 1)
        self.assertEqual(self.runs()[0]["metrics"]["loss"]["count"], 3)
        self.assertEqual(problems("first"), [])
        run("second", 9, 8)
        self.assertEqual(problems("first"), ["metrics.csv was written over or removed after the run. What the run logged there cannot be shown."])

    def test_others_are_kept_out(self):
        self.launch("""
            assert start_run() == os.environ["RUNGLASS_RUN_ID"]
            URI, token = URI.rsplit("/", 1)
            for number, words in enumerate([{}, {"TOKEN": "guess"}, {"TOKEN": token}, {"USERNAME": "any", "PASSWORD": "guess", "TOKEN": token}, {"USERNAME": "any", "PASSWORD": token}]):
                for name in ("USERNAME", "PASSWORD", "TOKEN"): os.environ.pop("MLFLOW_TRACKING_" + name, None)
                os.environ.update({"MLFLOW_TRACKING_" + name: word for name, word in words.items()})
                status = call("GET", "experiments/get", experiment_id="0")[0]
                assert status == (200 if number in (2, 4) else 401), (words, status)
            for name in ("USERNAME", "PASSWORD"): del os.environ["MLFLOW_TRACKING_" + name]
            for wrong in (token[:-1] + "!", token[1:], "x" + token):
                URI = URI.split("/")[0] + "//" + URI.split("/")[2] + "/" + wrong
                assert call("GET", "experiments/get", experiment_id="0")[0] == 401
        """, HTTP_PROXY="http://127.0.0.1:9")

    def test_artifacts_behind_the_token(self):
        """Clients of 1.23 put the path of the address between that of the artifacts and the artifact's own."""
        self.launch("""
            run = start_run()
            address, token = URI.rsplit("/", 1)
            for number, place in enumerate((f"{URI}/api/2.0/mlflow-artifacts/artifacts", f"{address}/api/2.0/mlflow-artifacts/artifacts/{token}")):
                request = urllib.request.Request(f"{place}/0/{run}/artifacts/{number}.txt", b"content", method="PUT")
                assert urllib.request.urlopen(request).status == 200
            files = call("GET", "artifacts/list", run_id=run)[1]["files"]
            assert [file["path"] for file in files] == ["0.txt", "1.txt"], files
            assert urllib.request.urlopen(URI + "/health").read() == b"OK" and urllib.request.urlopen(URI + "/version").status == 200
        """)

    def test_proxies_are_passed_by(self):
        for given, expected in (({}, ("127.0.0.1,localhost",) * 2), ({"NO_PROXY": "corp"}, ("corp,127.0.0.1,localhost",) * 2),
                                ({"NO_PROXY": "*"}, ("*",) * 2),  # which means every host only where it stands alone
                                ({"NO_PROXY": "x", "no_proxy": "corp.lan"}, ("x,127.0.0.1,localhost", "corp.lan,127.0.0.1,localhost"))):
            done = self.launch("print(json.dumps([os.environ['NO_PROXY'], os.environ['no_proxy']])); start_run()", HTTP_PROXY="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9", **given)
            self.assertEqual(tuple(json.loads(done.stdout)), expected)

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
            assert inner["MLFLOW_TRACKING_URI"] != URI
        """)

    def test_the_endpoint_goes_with_the_run(self):
        done = self.launch("print(URI)")
        port = int(done.stdout.strip().rsplit("/", 1)[0].rsplit(":", 1)[1])
        with open("/proc/net/tcp") as file:
            self.assertFalse([line for line in file if line.split()[1] == f"0100007F:{port:04X}" and line.split()[3] == "0A"])


if __name__ == "__main__":
    unittest.main()
