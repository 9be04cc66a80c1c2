# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call that writes, while another process holds the run database: answered at once, as it would be otherwise, read back at once, and there
after SIGKILL of the endpoint."""

import json
import os
import re
import signal
import subprocess
import sys
import unittest

from endpoint import PROGRAM, Served, wait_until

# Written by POST, and yet they only read.
READING = {"POST experiments/search", "POST runs/search", "POST logged-models/search", "POST registered-models/get-latest-versions",
           "POST experiments/search-datasets", "POST mlflow-artifacts/mpu/**"}


def writing_routes():
    folder = os.path.join(os.environ["RUNGLASS_SOURCE_DIR"], "core", "tracking")
    routes = set()
    for name in os.listdir(folder):
        if name.endswith("_routes.cpp"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                routes |= {f"{method.upper()} {path}" for method, path in
                           re.findall(r'router\.add(?:Upload)?\(\s*Method::(Post|Put|Patch|Delete),\s*"([^"]+)"', file.read())}
    return routes - READING


class HeldRoutes(Served):
    def call(self, method, path, body=None, wants=200, route=None, **query):
        self.called.add(f"{method} {route or path}")
        if isinstance(body, bytes):
            code, _, content = self.client.send(method, path, body)
            answer = (code, json.loads(content))
        else:
            answer = self.client.call(method, path, body, query)
        self.assertEqual(answer[0], wants, (method, path, answer))
        self.answers.append([method, route or path, answer])
        return answer[1]

    def post(self, path, wants=200, **body):
        return self.call("POST", path, body, wants)

    def prepare(self):
        """What is there before; of each kind something that is changed, removed and left alone."""
        self.answers, self.called, self.ids = [], set(), {}
        post = lambda path, **body: self.post(path, **body)
        for name in ("old", "doomed", "gone", "kept"):
            self.ids[name] = post("experiments/create", name=name, tags=[{"key": "team", "value": name}])["experiment_id"]
        for name in ("old", "doomed", "gone"):
            self.ids[f"run of {name}"] = self.client.run(self.ids[name], name=f"run of {name}")
        self.ids["thrown"] = self.client.run(name="thrown")
        self.ids["run"] = self.client.run(name="run")
        post("runs/log-inputs", run_id=self.ids["run of old"], datasets=[self.iris("train")])
        post("experiments/delete", experiment_id=self.ids["gone"])
        post("runs/delete", run_id=self.ids["thrown"])
        for name in ("net", "away"):
            self.ids[name] = post("logged-models", experiment_id="0", name=name, tags=[{"key": "a", "value": "1"}])["model"]["info"]["model_id"]
        for name in ("reg", "dropped", "kept"):
            post("registered-models/create", name=name, tags=[{"key": "a", "value": "1"}])
        for name in ("reg", "reg", "reg", "kept"):
            post("model-versions/create", name=name, source="models:/x", tags=[{"key": "a", "value": "1"}])
        post("model-versions/transition-stage", name="reg", version="1", stage="Production", archive_existing_versions=False)
        for alias in ("first", "none"):
            post("registered-models/alias", name="reg", alias=alias, version="1")
        for name in ("stay.txt", "go/a.txt", "go/b.txt"):
            self.call("PUT", self.file(name), name.encode())
            self.call("PUT", self.loose("away", name), name.encode())
        self.answers, self.called = [], set()

    def iris(self, context):
        return {"tags": [{"key": "mlflow.data.context", "value": context}], "dataset": {"name": "iris", "digest": "d", "source_type": "local", "source": "{}"}}

    def file(self, name):
        return f"/api/2.0/mlflow-artifacts/artifacts/0/{self.ids['run']}/artifacts/{name}"

    def loose(self, model, name):
        return f"/api/2.0/mlflow-artifacts/artifacts/0/models/{self.ids[model]}/artifacts/{name}"

    def write(self):
        """Calls every route that writes."""
        ids, call, post = self.ids, self.call, self.post
        # Experiments.
        ids["new"] = post("experiments/create", name="new", tags=[{"key": "team", "value": "Ä"}])["experiment_id"]
        post("experiments/create", wants=400, name="new")
        post("experiments/create", wants=400, name="kept")
        post("experiments/set-experiment-tag", experiment_id=ids["new"], key="k", value="v")
        post("experiments/set-experiment-tag", experiment_id=ids["old"], key="k", value="v")
        post("experiments/set-experiment-tag", wants=404, experiment_id="77", key="k", value="v")
        post("experiments/delete-experiment-tag", experiment_id=ids["old"], key="team")
        post("experiments/delete-experiment-tag", wants=404, experiment_id=ids["old"], key="team")
        post("experiments/update", experiment_id=ids["old"], new_name="renamed")
        post("experiments/update", wants=400, experiment_id=ids["new"], new_name="renamed")
        post("experiments/create", wants=400, name="renamed")
        ids["second"] = post("experiments/create", name="old")["experiment_id"]  # the name is free again
        post("experiments/delete", experiment_id=ids["doomed"])
        post("experiments/restore", experiment_id=ids["gone"])
        # Runs.
        ids["begun"] = post("runs/create", experiment_id=ids["new"], run_name="begun", start_time=1)["run"]["info"]["run_id"]
        post("runs/create", wants=400, experiment_id=ids["doomed"], start_time=1)
        post("runs/log-metric", wants=400, run_id=ids["run of doomed"], key="m", value=1, timestamp=1, step=0)
        post("runs/log-metric", run_id=ids["run of gone"], key="m", value=1, timestamp=1, step=0)
        post("runs/log-metric", run_id=ids["begun"], key="m", value=1, timestamp=1, step=0)
        post("runs/log-parameter", run_id=ids["begun"], key="p", value="1")
        post("runs/log-batch", run_id=ids["begun"], params=[{"key": "q", "value": "2"}], tags=[{"key": "t", "value": "3"}],
             metrics=[{"key": "acc", "value": 0.5, "timestamp": 1, "step": 2, "model_id": ids["net"], "dataset_name": "iris", "dataset_digest": "d"}])
        post("runs/set-tag", run_id=ids["begun"], key="s", value="4")
        post("runs/set-tag", run_id=ids["begun"], key="off", value="5")
        post("runs/delete-tag", run_id=ids["begun"], key="off")
        post("runs/log-inputs", run_id=ids["begun"], datasets=[self.iris("train")])
        post("runs/log-inputs", run_id=ids["run of old"], datasets=[self.iris("eval")])  # it has it already, and keeps what was said of it
        post("runs/log-model", run_id=ids["begun"], model_json=json.dumps({"artifact_path": "m", "flavors": {}, "utc_time_created": "x", "run_id": "y"}))
        post("runs/update", run_id=ids["begun"], status="FINISHED", end_time=5, run_name="ended")
        post("runs/delete", run_id=ids["run"])
        post("runs/log-metric", wants=400, run_id=ids["run"], key="m", value=1, timestamp=1, step=0)
        post("runs/delete", wants=404, run_id="0" * 32)
        post("runs/restore", run_id=ids["thrown"])
        post("runs/log-metric", run_id=ids["thrown"], key="m", value=1, timestamp=1, step=0)
        # Logged models.
        ids["made"] = post("logged-models", experiment_id=ids["new"], name="made", model_type="t", source_run_id=ids["begun"],
                           params=[{"key": "p", "value": "1"}], tags=[{"key": "b", "value": "2"}])["model"]["info"]["model_id"]
        post("logged-models", wants=404, experiment_id="77", name="x")
        post("runs/outputs", run_id=ids["begun"], models=[{"model_id": ids["made"], "step": 3}])
        model = lambda name, rest="": f"logged-models/{ids[name]}{rest}"
        for name in ("made", "net"):
            call("PATCH", model(name), {"status": "LOGGED_MODEL_READY"}, route="logged-models/*")
            call("PATCH", model(name, "/tags"), {"tags": [{"key": "x/y", "value": "1"}, {"key": "z", "value": "2"}]}, route="logged-models/*/tags")
            call("DELETE", model(name, "/tags/x/y"), route="logged-models/*/tags/**")
            call("DELETE", model(name, "/tags/x/y"), wants=404, route="logged-models/*/tags/**")
            call("POST", model(name, "/params"), {"params": [{"key": "r", "value": "1"}]}, route="logged-models/*/params")
        call("DELETE", model("away"), route="logged-models/*")
        call("DELETE", model("away"), wants=404, route="logged-models/*")
        # The registry.
        post("registered-models/create", name="young", description="d", tags=[{"key": "b", "value": "2"}])
        post("registered-models/create", wants=400, name="young")
        post("registered-models/create", wants=400, name="reg")
        post("registered-models/rename", wants=400, name="young", new_name="reg")
        post("registered-models/rename", name="young", new_name="grown")
        post("registered-models/rename", name="kept", new_name="kept too")
        call("PATCH", "registered-models/update", {"name": "reg", "description": "described"})
        post("registered-models/set-tag", name="reg", key="k", value="v")
        call("DELETE", "registered-models/delete-tag", {"name": "reg", "key": "a"})
        call("DELETE", "registered-models/delete", {"name": "dropped"})
        call("DELETE", "registered-models/delete", {"name": "dropped"}, wants=404)
        post("registered-models/create", name="dropped")  # a new one of that name
        version = post("model-versions/create", name="reg", source=f"models:/{ids['made']}", tags=[{"key": "b", "value": "2"}])["model_version"]
        self.assertEqual((version["version"], version["run_id"]), ("4", ids["begun"]))
        self.assertEqual(post("model-versions/create", name="grown", source="models:/x")["model_version"]["version"], "1")
        post("model-versions/create", wants=404, name="nobody", source="models:/x")
        post("registered-models/alias", name="reg", alias="best", version="4")
        post("registered-models/alias", wants=404, name="reg", alias="best", version="9")
        call("DELETE", "registered-models/alias", {"name": "reg", "alias": "none"})
        call("PATCH", "model-versions/update", {"name": "reg", "version": "4", "description": "newest"})
        post("model-versions/transition-stage", name="reg", version="4", stage="production", archive_existing_versions=True)
        post("model-versions/set-tag", name="reg", version="4", key="k", value="v")
        call("DELETE", "model-versions/delete-tag", {"name": "reg", "version": "1", "key": "a"})
        call("DELETE", "model-versions/delete", {"name": "reg", "version": "2"})
        call("DELETE", "model-versions/delete", {"name": "reg", "version": "2"}, wants=404)
        # Files.
        put = "mlflow-artifacts/artifacts/**"
        call("PUT", self.file("new/c.txt"), b"c", route=put)
        call("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_id={ids['run']}&path=new/d.txt", b"d", route="upload-artifact")
        call("PUT", self.loose("made", "weights"), b"w", route=put)
        for name in ("new", "new/c.txt/below", "go/a.txt/b/c"):  # a folder already, or a file
            call("PUT", self.file(name), b"x", wants=400, route=put)
        for made, name in (("made", "weights/below"), ("away", "go")):
            call("PUT", self.loose(made, name), b"x", wants=400, route=put)
        call("DELETE", self.file("go"), route=put)
        call("DELETE", self.loose("away", "go"), route=put)

    def seen(self):
        """Everything that a client can read of it."""
        c, ids = self.client, self.ids
        experiments = [ids[name] for name in ("old", "doomed", "gone", "kept", "new", "second")] + ["0"]
        answers = [c.get("experiments/search", max_results=100, view_type="ALL"), c.get("experiments/get-by-name", experiment_name="renamed"),
                   c.get("experiments/get-by-name", experiment_name="old"),
                   c.post("logged-models/search", {"experiment_ids": experiments}), c.get("registered-models/search"), c.get("model-versions/search"),
                   c.get("registered-models/alias", name="reg", alias="best"), c.get("registered-models/alias", name="reg", alias="none"),
                   c.get("registered-models/get-latest-versions", name="reg"), c.get("model-versions/get-download-uri", name="reg", version="4"),
                   c.post("experiments/search-datasets", {"experiment_ids": experiments})]
        for view in ("ACTIVE_ONLY", "DELETED_ONLY"):
            answers += [c.post("runs/search", {"experiment_ids": [one], "run_view_type": view}) for one in experiments]
        for name in ("run", "thrown", "begun", "run of old", "run of doomed", "run of gone"):
            answers += [c.get("runs/get", run_id=ids[name]), c.get("artifacts/list", run_id=ids[name])]
        answers += [c.get(f"logged-models/{ids[name]}") for name in ("net", "made", "away")]
        answers += [c.get(f"logged-models/{ids['made']}/artifacts/directories"), c.get("artifacts/list", run_id=ids["run"], path="new"),
                    c.get("/api/2.0/mlflow-artifacts/artifacts", path=f"0/models/{ids['away']}/artifacts"),
                    c.send("GET", self.loose("made", "weights"))[2].decode(), c.send("GET", self.file("new/d.txt"))[2].decode(),
                    c.send("GET", self.file("go/a.txt"))[0]]
        return self.plain(answers)

    def plain(self, value):
        """Without what is another at each time: ids by their names, times not at all; lists in no order."""
        if isinstance(value, dict):
            return {key: "time" if isinstance(inner, int) and re.search("time|timestamp", key) and inner > 10**12 else self.plain(inner)
                    for key, inner in value.items() if key != "message"}
        if isinstance(value, (list, tuple)):
            return sorted((self.plain(inner) for inner in value), key=json.dumps)
        if isinstance(value, str):
            for name, one in self.ids.items():
                value = re.sub(rf"(?<![0-9a-f]){one}(?![0-9a-f])", f"<{name}>", value)
        return value

    def compare(self, one, other):
        self.maxDiff = None
        self.assertEqual(len(one), len(other))
        for a, b in zip(one, other):
            self.assertEqual(a, b)

    def free(self):
        """What is answered and read when nobody holds the database."""
        self.prepare()
        self.write()
        self.assertEqual(writing_routes() - {one.replace("/api/2.0/mlflow/", "") for one in self.called}, set())
        return [self.plain(answer) for answer in self.answers], self.seen()

    def again(self):
        """The same in a project of its own."""
        self.stop(self.server)
        self.setUp()
        self.prepare()

    def check(self, how):
        answers, seen = self.free()
        self.again()
        holder = self.hold(how)
        self.write()
        self.compare([self.plain(answer) for answer in self.answers], answers)
        self.compare(self.seen(), seen)
        # Nothing of it was in the database.
        self.assertNotEqual(os.listdir(os.path.join(self.project, ".runglass", "aside")), [])
        self.stop(self.server, signal.SIGKILL)
        self.start()
        self.client = self.connect()
        self.compare(self.seen(), seen)  # it tells what the dead one has acknowledged, and goes on
        self.post("experiments/create", wants=400, name="new")
        self.post("registered-models/create", wants=400, name="grown")
        self.post("registered-models/set-tag", name="grown", key="late", value="1")
        self.stop(self.server, signal.SIGKILL)
        self.release(holder)
        self.start()
        self.client = self.connect()
        aside = os.path.join(self.project, ".runglass", "aside")
        self.assertTrue(wait_until(lambda: os.listdir(aside) == []))
        self.call("DELETE", "registered-models/delete-tag", {"name": "grown", "key": "late"})
        self.compare(self.seen(), seen)
        checked = self.runglass("check")
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_immediate(self):
        self.check("IMMEDIATE")

    def test_exclusive(self):
        self.check("EXCLUSIVE")

    def test_let_go_in_between(self):
        """What lay aside is in the database, and the same."""
        _, seen = self.free()
        self.again()
        holder = self.hold("IMMEDIATE")
        self.write()
        self.release(holder)
        self.compare(self.seen(), seen)
        aside = os.path.join(self.project, ".runglass", "aside")
        self.assertTrue(wait_until(lambda: all(os.path.getsize(os.path.join(aside, one)) == 0 for one in os.listdir(aside))))
        self.compare(self.seen(), seen)
        self.stop(self.server)
        self.start()
        self.client = self.connect()
        self.compare(self.seen(), seen)

    def test_the_experiment_of_a_launch(self):
        launched = subprocess.run([PROGRAM, "run", "--project", self.project, "--experiment", "launched", "--", "true"], capture_output=True, check=False)
        self.assertEqual(launched.returncode, 0, launched.stderr)
        [run] = json.loads(self.runglass("runs", "--format", "json").stdout)
        self.hold("IMMEDIATE")
        info = self.client.get("runs/get", run_id=run["id"])[1]["run"]["info"]
        self.assertEqual(self.client.get("experiments/get-by-name", experiment_name="launched")[1]["experiment"]["experiment_id"], info["experiment_id"])

    def test_another_program_changes_it_meanwhile(self):
        """Names that another endpoint gives are seen, and what both have given has both."""
        self.prepare()
        self.post("registered-models/set-tag", name="reg", key="k", value="0")
        holder = self.hold("IMMEDIATE")
        mine = self.post("experiments/create", name="mine")["experiment_id"]
        run = self.post("runs/create", experiment_id=mine, start_time=1)["run"]["info"]["run_id"]
        self.post("registered-models/create", name="mine")
        self.assertEqual(self.post("model-versions/create", name="reg", source="models:/mine")["model_version"]["version"], "4")
        self.post("registered-models/alias", name="reg", alias="of-mine", version="4")
        self.post("experiments/update", experiment_id=self.ids["old"], new_name="better")
        self.stop(self.server, signal.SIGKILL)
        self.release(holder)
        # Written by somebody who does not look at what lies aside.
        taken = subprocess.run([sys.executable, "-c", """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
for name in ("mine", "better"):
    c.execute("INSERT OR IGNORE INTO word(text) VALUES(?)", (name,))
    c.execute("INSERT INTO experiment(word, artifact_location, created_ms, updated_ms) SELECT id, '', 1, 1 FROM word WHERE text = ?", (name,))
c.execute("INSERT INTO registered_model VALUES('mine', 1, 1, 'theirs', 0)")
c.execute("UPDATE registered_model SET last_version = 4 WHERE name = 'reg'")
c.execute("INSERT INTO model_version VALUES('reg', 4, 1, 1, '', '', 'None', 'models:/theirs', '', '', '', '')")
c.commit()
""", os.path.join(self.project, ".runglass", "runs.db")], check=False)
        self.assertEqual(taken.returncode, 0)
        self.start()
        self.client = self.connect()
        aside = os.path.join(self.project, ".runglass", "aside")
        self.assertTrue(wait_until(lambda: os.listdir(aside) == []))
        names = [one["name"] for one in self.client.get("experiments/search", max_results=100)[1]["experiments"]]
        self.assertEqual(sorted(set(names) & {"mine", "mine (2)", "better", "better (2)", "old"}), ["better", "better (2)", "mine"])
        theirs = self.client.get("experiments/get-by-name", experiment_name="mine")[1]
        self.assertNotEqual(theirs["experiment"]["experiment_id"], mine)
        self.assertEqual(self.client.get("experiments/get", experiment_id=mine)[1], theirs)
        self.assertEqual(self.client.get("runs/get", run_id=run)[1]["run"]["info"]["experiment_id"], theirs["experiment"]["experiment_id"])
        self.assertEqual(self.client.get("registered-models/get", name="mine")[1]["registered_model"]["description"], "theirs")
        versions = {one["version"]: one["source"] for one in self.client.get("model-versions/search", filter="name = 'reg'")[1]["model_versions"]}
        self.assertEqual((versions["4"], versions["5"]), ("models:/theirs", "models:/mine"))
        of_mine = self.client.get("registered-models/alias", name="reg", alias="of-mine")[1]["model_version"]
        self.assertEqual((of_mine["version"], of_mine["source"]), ("5", "models:/mine"))


if __name__ == "__main__":
    unittest.main()
