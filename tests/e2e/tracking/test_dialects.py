# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients from 1.x to 3.x and the loggers built on them send, each in its own dialect and order. None of it may fail, and nothing may
be called that is not there. The real client is run where a Python has it."""

import json
import os
import subprocess
import sys
import textwrap
import unittest

from endpoint import API, Client, Served

PYTHON = os.environ.get("RUNGLASS_MLFLOW_PYTHON", sys.executable)
HAS_MLFLOW = subprocess.run([PYTHON, "-c", "import mlflow"], capture_output=True).returncode == 0


class Dialect(Served):
    def tearDown(self):
        status = self.runglass("serve", "--status").stdout
        self.assertNotIn("does not answer", status)
        super().tearDown()

    def ok(self, answer):
        self.assertEqual(answer[0], 200, answer)
        return answer[1]

    def experiment(self, name, client=None, **more):
        """set_experiment(), as all of them do it: ask, create, ask again."""
        client = client or self.client
        self.assertError(client.get("experiments/get-by-name", experiment_name=name), 404, "RESOURCE_DOES_NOT_EXIST")
        id = self.ok(client.post("experiments/create", {"name": name, **more}))["experiment_id"]
        self.assertEqual(self.ok(client.get("experiments/get", experiment_id=id))["experiment"]["name"], name)
        return id

    def put(self, uri, name, content=b"x" * 16):
        self.assertTrue(uri.startswith("mlflow-artifacts:/"), uri)
        path = "/api/2.0/mlflow-artifacts/artifacts/" + uri.removeprefix("mlflow-artifacts:/").lstrip("/") + "/" + name
        self.assertEqual(self.client.send("PUT", path, content, {"Content-Type": "text/plain"})[0], 200)
        self.assertEqual(self.client.send("GET", path)[2], content)


class Old(Dialect):
    """Before 2.0: run_uuid, lists instead of searches, the preview path, numbers as text, JSON within JSON."""

    def test_1_x(self):
        c = self.client
        experiments = self.ok(c.get("experiments/list", view_type="ACTIVE_ONLY"))["experiments"]
        self.assertEqual([e["experiment_id"] for e in experiments], ["0"])
        experiment = self.experiment("old")
        listed = self.ok(c.get("experiments/list", view_type="1", max_results="1"))
        self.assertEqual((len(listed["experiments"]), bool(listed["next_page_token"])), (1, True))
        run = self.ok(c.post("runs/create", {"experiment_id": experiment, "user_id": "ada", "start_time": "1500000000000",
                                             "tags": [{"key": "mlflow.user", "value": "ada"}]}))["run"]["info"]["run_uuid"]
        self.ok(c.post("runs/log-parameter", {"run_uuid": run, "key": "alpha", "value": "0.5"}))
        self.ok(c.post("runs/log-metric", {"run_uuid": run, "key": "rmse", "value": "0.25", "timestamp": "1500000000", "step": "1"}))
        self.ok(c.post("runs/log-metric", {"run_uuid": run, "key": "rmse", "value": 0.2, "timestamp": 1500000001}))  # before 1.0: no steps
        self.ok(c.post("runs/set-tag", {"run_uuid": run, "key": "t", "value": "1"}))
        twice = json.dumps(json.dumps({"run_uuid": run, "key": "within", "value": "json"})).encode()
        self.assertEqual(c.send("POST", API + "runs/set-tag", twice, {"Content-Type": "application/json; charset=utf-8"})[0], 200)
        self.ok(c.call("POST", "/api/2.0/preview/mlflow/runs/set-tag", {"run_uuid": run, "key": "preview", "value": "1"}))
        self.ok(c.post("runs/update", {"run_uuid": run, "status": "FINISHED", "end_time": "1500000002000"}))
        data = self.ok(c.call("GET", "/api/2.0/preview/mlflow/runs/get", query={"run_uuid": run}))["run"]
        self.assertEqual({t["key"]: t["value"] for t in data["data"]["tags"] if not t["key"].startswith("mlflow.")}, {"t": "1", "within": "json", "preview": "1"})
        self.assertEqual((data["info"]["status"], data["info"]["end_time"], data["data"]["metrics"][0]["value"]), ("FINISHED", 1500000002000, 0.25))
        history = self.ok(c.get("metrics/get-history", run_uuid=run, metric_key="rmse"))["metrics"]
        self.assertEqual([(m["step"], m["value"]) for m in history], [(1, 0.25), (0, 0.2)])
        self.put(data["info"]["artifact_uri"], "model/MLmodel")
        self.assertEqual([f["path"] for f in self.ok(c.get("artifacts/list", run_uuid=run, path="model"))["files"]], ["model/MLmodel"])
        self.assertEqual(len(self.ok(c.post("runs/search", {"experiment_ids": [experiment], "filter": "params.alpha = '0.5'", "max_results": 1}))["runs"]), 1)

    def test_registry_with_stages(self):
        c = self.client
        run = c.run()
        self.ok(c.post("registered-models/create", {"name": "net"}))
        self.ok(c.post("model-versions/create", {"name": "net", "source": f"mlflow-artifacts:/0/{run}/artifacts/model", "run_id": run}))
        self.assertEqual(len(self.ok(c.get("registered-models/list", max_results=100))["registered_models"]), 1)
        self.ok(c.post("model-versions/transition-stage", {"name": "net", "version": "1", "stage": "Staging", "archive_existing_versions": False}))
        self.assertEqual(len(self.ok(c.get("registered-models/get-latest-versions", name="net", stages=["Staging"]))["model_versions"]), 1)


class Two(Dialect):
    """2.9 and 2.21: no logged models; a model lies among the artifacts of its run."""

    def test_log_model_and_register(self):
        c = self.connect(**{"User-Agent": "mlflow-python-client/2.21.3"})
        experiment = self.experiment("two", c)
        run = self.ok(c.post("runs/create", {"user_id": "ada", "experiment_id": experiment, "run_name": "able-ant-1", "start_time": 1750000000000, "tags": [
            {"key": "mlflow.user", "value": "ada"}, {"key": "mlflow.source.name", "value": "train.py"}, {"key": "mlflow.source.type", "value": "LOCAL"}]}))["run"]["info"]
        uri, run = run["artifact_uri"], run["run_id"]
        self.ok(c.post("runs/log-batch", {"run_id": run, "metrics": [], "params": [{"key": "C", "value": "1.0"}], "tags": [{"key": "estimator_name", "value": "LR"}]}))
        model = {"run_id": run, "artifact_path": "model", "utc_time_created": "2026-01-01 00:00:00.0", "flavors": {"python_function": {}}, "model_uuid": "0" * 32, "mlflow_version": "2.21.3"}
        for name in ("MLmodel", "model.pkl", "conda.yaml", "python_env.yaml", "requirements.txt"):
            self.put(uri + "/model", name)
        self.assertEqual(self.ok(c.post("runs/log-model", {"run_id": run, "model_json": json.dumps(model)})), {})
        self.assertError(c.get("registered-models/get", name="clf"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.ok(c.post("registered-models/create", {"name": "clf"}))
        version = self.ok(c.post("model-versions/create", {"name": "clf", "source": f"{uri}/model", "run_id": run, "run_link": ""}))["model_version"]
        self.assertEqual((version["version"], version["status"]), ("1", "READY"))
        self.assertEqual(self.ok(c.get("model-versions/get-download-uri", name="clf", version="1"))["artifact_uri"], f"{uri}/model")
        for prefix in ("", "/ajax-api/2.0/mlflow"):
            status, _, content = c.send("GET", f"{prefix}/model-versions/get-artifact?name=clf&version=1&path=model.pkl")
            self.assertEqual((status, content), (200, b"x" * 16))
        for path, status in (("none", 404), ("..%2F..%2Fx", 400), ("", 400)):
            self.assertEqual(c.send("GET", f"/model-versions/get-artifact?name=clf&version=1&path={path}")[0], status, path)
        self.assertEqual(c.send("GET", "/model-versions/get-artifact?name=clf&version=2&path=model.pkl")[0], 404)
        self.ok(c.post("model-versions/create", {"name": "clf", "source": f"runs:/{run}/model", "run_id": run}))
        self.assertEqual(c.send("GET", "/model-versions/get-artifact?name=clf&version=2&path=MLmodel")[0], 200)
        self.ok(c.post("model-versions/create", {"name": "clf", "source": "s3://bucket/model"}))
        self.assertError(c.call("GET", "/model-versions/get-artifact?name=clf&version=3&path=MLmodel"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.ok(c.post("runs/update", {"run_uuid": run, "run_id": run, "status": "FINISHED", "end_time": 1750000001000}))
        self.assertIn('"artifact_path":"model"', c.data(run)["tags"]["mlflow.log-model.history"])

    def test_searches_for_datasets(self):
        c = self.client
        runs = [c.run(name=str(i)) for i in range(3)]
        for run, inputs in zip(runs, ([("digits", "d1", "training"), ("other", "d2", "eval")], [("digits", "d3", "eval")], [])):
            if inputs:
                self.ok(c.post("runs/log-inputs", {"run_id": run, "datasets": [
                    {"dataset": {"name": name, "digest": digest, "source_type": "local", "source": "{}"}, "tags": [{"key": "mlflow.data.context", "value": context}]}
                    for name, digest, context in inputs]}))
        for filter, expected in (("dataset.name = 'digits'", [0, 1]), ("datasets.digest = 'd2'", [0]), ("datasets.name = 'digits' and datasets.context = 'eval'", [1]),
                                 ("dataset.name ILIKE 'DIG%'", [0, 1]), ("datasets.digest IN ('d2', 'd3')", [0, 1]), ("datasets.name != 'digits'", [0]),
                                 ("datasets.name = 'none'", []), ("datasets.context = 'training' and run_name = '0'", [0])):
            found = self.ok(c.post("runs/search", {"experiment_ids": ["0"], "filter": filter})).get("runs", [])
            self.assertEqual(sorted(runs.index(r["info"]["run_id"]) for r in found), expected, filter)
            self.assertFalse([t for r in found for t in r["data"].get("tags", []) if "@" in t["key"]])
        self.assertError(c.post("runs/search", {"experiment_ids": ["0"], "filter": "datasets.size = '1'"}), 400, "INVALID_PARAMETER_VALUE")


class Loggers(Dialect):
    def test_lightning(self):
        c = self.client
        experiment = self.experiment("lightning_logs", artifact_location="mlflow-artifacts:/lightning")
        made = self.ok(c.post("runs/create", {"experiment_id": experiment, "start_time": 1750000000000, "tags": [{"key": "mlflow.runName", "value": "version_0"}]}))
        info = made["run"]["info"]
        self.assertEqual(info["run_name"], "version_0")
        run = info["run_id"]
        self.ok(c.post("runs/log-batch", {"run_id": run, "params": [{"key": f"p{i}", "value": "v" * 5000} for i in range(100)]}))
        for step in range(20):
            self.ok(c.post("runs/log-batch", {"run_id": run, "metrics": [{"key": "train/loss", "value": 1 / (step + 1), "timestamp": 1750000000000 + step, "step": step},
                                                                        {"key": "epoch", "value": 0, "timestamp": 1750000000000 + step, "step": step}]}))
        uri = self.ok(c.get("runs/get", run_id=run, run_uuid=run))["run"]["info"]["artifact_uri"]
        for name in ("model/checkpoints/epoch=0-step=20/epoch=0-step=20.ckpt", "model/checkpoints/epoch=0-step=20/metadata.yaml", "model/checkpoints/epoch=0-step=20/aliases.txt"):
            self.put(uri, name)
        self.ok(c.post("runs/update", {"run_id": run, "run_uuid": run, "status": "FINISHED", "end_time": 1750000009000}))
        self.assertEqual(len(self.history(run, "train/loss")), 20)

    def test_hugging_face(self):
        c = self.client
        experiment = self.experiment("trainer")
        run = self.ok(c.post("runs/create", {"experiment_id": experiment, "run_name": "bert", "start_time": 1750000000000, "tags": []}))["run"]["info"]["run_id"]
        for first in range(0, 250, 100):
            self.ok(c.post("runs/log-batch", {"run_id": run, "metrics": [], "params": [{"key": f"arg_{i}", "value": str(i)} for i in range(first, min(first + 100, 250))], "tags": []}))
        self.ok(c.post("runs/log-batch", {"run_id": run, "metrics": [], "params": [], "tags": [{"key": "team", "value": "nlp"}]}))
        other = Client(self.port)  # metrics go from a thread of their own
        for step in range(0, 50, 10):
            self.ok(other.post("runs/log-batch", {"run_id": run, "params": [], "tags": [], "metrics": [
                {"key": key, "value": 0.5, "timestamp": 1750000000000 + step, "step": step} for key in ("loss", "grad_norm", "learning_rate", "epoch")]}))
        other.close()
        self.ok(c.post("runs/update", {"run_id": run, "run_uuid": run, "status": "FINISHED", "end_time": 1750000009000}))
        self.assertEqual((len(c.data(run)["params"]), len(c.data(run)["metrics"])), (250, 4))

    def test_xgboost_autolog(self):
        c = self.client
        experiment = self.experiment("boost")
        run = self.ok(c.post("runs/create", {"experiment_id": experiment, "run_name": "x", "start_time": 1750000000000, "tags": [{"key": "mlflow.autologging", "value": "xgboost"}]}))["run"]["info"]["run_id"]
        self.ok(c.post("runs/log-batch", {"run_id": run, "params": [{"key": "eta", "value": "0.3"}]}))
        self.ok(c.post("runs/log-inputs", {"run_id": run, "datasets": [{"dataset": {"name": "d", "digest": "1", "source_type": "code", "source": "{}"}, "tags": [{"key": "mlflow.data.context", "value": "train"}]}]}))
        model = self.ok(c.post("logged-models", {"experiment_id": experiment, "name": "model", "source_run_id": run}))["model"]["info"]
        points = [{"key": "validation-logloss", "value": 0.5 / (i + 1), "timestamp": 1750000000000 + i, "step": i, "model_id": model["model_id"]} for i in range(30)]
        self.ok(c.post("runs/log-batch", {"run_id": run, "metrics": points[:1]}))
        self.ok(c.post("runs/log-batch", {"run_id": run, "metrics": points}))  # the first one again
        self.ok(c.post("runs/outputs", {"run_id": run, "models": [{"model_id": model["model_id"], "step": "0"}]}))
        self.assertEqual([step for step, _, _ in self.history(run, "validation-logloss")], list(range(30)))
        for name in ("MLmodel", "model.ubj", "conda.yaml"):
            self.put(model["artifact_uri"], name)
        self.ok(c.call("PATCH", f"logged-models/{model['model_id']}", {"model_id": model["model_id"], "status": "LOGGED_MODEL_READY"}))
        [metric] = self.ok(c.get(f"logged-models/{model['model_id']}"))["model"]["data"]["metrics"]
        self.assertEqual((metric["key"], metric["step"], metric["run_id"]), ("validation-logloss", 29, run))


@unittest.skipUnless(HAS_MLFLOW, f"{PYTHON} has no mlflow (Debian has no package of it); RUNGLASS_MLFLOW_PYTHON names a Python that has")
class RealClient(Dialect):
    def test_fluent(self):
        script = """
            import mlflow
            mlflow.set_experiment("real")
            with mlflow.start_run(run_name="outer") as run:
                mlflow.log_params({"a": 1, "b": "two"})
                for step in range(20):
                    mlflow.log_metric("loss", 1 / (step + 1), step=step)
                mlflow.set_tag("t", "1")
                mlflow.log_text("hello", "dir/note.txt")
                with mlflow.start_run(nested=True, run_name="inner"):
                    mlflow.log_metric("m", float("nan"))
            assert mlflow.artifacts.load_text(run.info.artifact_uri + "/dir/note.txt") == "hello"
            assert len(mlflow.search_runs(experiment_names=["real"], filter_string="params.a = '1'")) == 1
            assert len(mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")) == 20
        """
        done = subprocess.run([PYTHON, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=200,
                              env={**os.environ, "MLFLOW_TRACKING_URI": self.uri, "MLFLOW_DISABLE_TELEMETRY": "true", "NO_PROXY": "127.0.0.1"})
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
