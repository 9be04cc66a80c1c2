# SPDX-License-Identifier: GPL-3.0-or-later
"""Each endpoint with its success, its errors and its limits (MLflow 3.11 on the wire)."""

import json
import math
import unittest

from endpoint import API, Client, Served


class Experiments(Served):
    def post_text(self, path, text):
        status, _, content = self.client.send("POST", "/api/2.0/mlflow/" + path, text.encode(), {"Content-Type": "application/json"})
        return status, json.loads(content)

    def test_numbers_that_are_too_large(self):
        """JSON has no largest number, and Python writes any: a field that nobody knows may hold it, another says what is wrong."""
        status, answer = self.post_text("runs/create", '{"experiment_id": "0", "a": 18446744073709551616, "b": [1e400, -1E+999, {"c": -9223372036854775809}], "run_name": "1e400 \\"2e999"}')
        self.assertEqual(status, 200, answer)
        run = answer["run"]["info"]["run_id"]
        self.assertEqual(answer["run"]["info"]["run_name"], '1e400 "2e999')
        metric = '{"run_id": "%s", "key": "m", "value": %s, "timestamp": %s, "step": %s}'
        for value, timestamp, step, what, shown in (("1", "1", "18446744073709551616", "step", "18446744073709551616"), ("1", "1e400", "0", "timestamp", "1e400"),
                                                    ("1", "-99999999999999999999", "0", "timestamp", "-99999999999999999999")):
            answer = self.post_text("runs/log-metric", metric % (run, value, timestamp, step))
            self.assertError(answer, 400, "INVALID_PARAMETER_VALUE")
            self.assertIn(f"parameter '{what}'", answer[1]["message"])
            self.assertIn(shown, answer[1]["message"])
        for step, value in enumerate(("1e400", "-1e400", "NaN", "100000000000000000000000", "1e-400")):
            self.assertEqual(self.post_text("runs/log-metric", metric % (run, value, "1", step))[0], 200)
        largest = 1.7976931348623157e308
        self.assertEqual([value for _, _, value in self.history(run, "m")], [largest, -largest, "NaN", 1e23, 0])
        for text in ("01", "1.", "-", "1e", ".5", "0x10"):  # that is no number
            self.assertError(self.post_text("runs/log-metric", metric % (run, text, "1", "0")), 400, "INVALID_PARAMETER_VALUE")

    def test_nesting(self):
        for depth, deep in ((900, False), (1100, True), (200_000, True)):
            status, answer = self.post_text("experiments/create", '{"name": "%d", "x": %s}' % (depth, "[" * depth + "]" * depth))
            self.assertEqual((status, "nested deeper than 1000" in answer.get("message", "")), (400 if deep else 200, deep), answer)

    def test_life(self):
        c = self.client
        self.assertError(c.get("experiments/get-by-name", experiment_name="a"), 404, "RESOURCE_DOES_NOT_EXIST")
        status, made = c.post("experiments/create", {"name": "a", "tags": [{"key": "k", "value": "v"}]})
        self.assertEqual(status, 200)
        id = made["experiment_id"]
        self.assertIsInstance(id, str)
        experiment = c.get("experiments/get", experiment_id=id)[1]["experiment"]
        self.assertEqual((experiment["name"], experiment["lifecycle_stage"], experiment["tags"]),
                         ("a", "active", [{"key": "k", "value": "v"}]))
        self.assertEqual(experiment["artifact_location"], f"mlflow-artifacts:/{id}")
        self.assertError(c.post("experiments/create", {"name": "a"}), 400, "RESOURCE_ALREADY_EXISTS")
        self.assertEqual(c.post("experiments/update", {"experiment_id": id, "new_name": "b"}), (200, {}))
        self.assertEqual(c.get("experiments/get-by-name", experiment_name="b")[1]["experiment"]["experiment_id"], id)
        self.assertEqual(c.post("experiments/set-experiment-tag", {"experiment_id": id, "key": "t", "value": "1"}), (200, {}))
        self.assertEqual(c.post("experiments/delete-experiment-tag", {"experiment_id": id, "key": "t"}), (200, {}))
        self.assertError(c.post("experiments/delete-experiment-tag", {"experiment_id": id, "key": "t"}), 404, "RESOURCE_DOES_NOT_EXIST")

    def test_deleting_takes_the_runs_along_and_restoring_brings_back_those(self):
        c = self.client
        id = c.post("experiments/create", {"name": "a"})[1]["experiment_id"]
        kept, gone = c.run(id, "kept"), c.run(id, "gone")
        c.post("runs/delete", {"run_id": gone})
        self.assertEqual(c.post("experiments/delete", {"experiment_id": id}), (200, {}))
        self.assertEqual(c.data(kept)["info"]["lifecycle_stage"], "deleted")
        self.assertError(c.metric(kept, "m", 1), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("runs/create", {"experiment_id": id}), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("experiments/create", {"name": "a"}), 400, "RESOURCE_ALREADY_EXISTS")
        c.post("experiments/restore", {"experiment_id": id})
        self.assertEqual(c.data(kept)["info"]["lifecycle_stage"], "active")
        self.assertEqual(c.data(gone)["info"]["lifecycle_stage"], "deleted")

    def test_default(self):
        experiment = self.client.get("experiments/get", experiment_id="0")[1]["experiment"]
        self.assertEqual((experiment["experiment_id"], experiment["name"]), ("0", "Default"))
        self.assertEqual(self.client.get("experiments/get-by-name", experiment_name="Default")[1]["experiment"]["experiment_id"], "0")
        self.assertError(self.client.post("experiments/delete", {"experiment_id": "0"}), 400, "INVALID_PARAMETER_VALUE")

    def test_search(self):
        c = self.client
        for name in "abc":
            c.post("experiments/create", {"name": name, "tags": [{"key": "n", "value": name}]})
        self.assertError(c.post("experiments/search", {}), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("experiments/search", {"max_results": 0}), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("experiments/search", {"max_results": 50001}), 400, "INVALID_PARAMETER_VALUE")

        def names(**body):
            return [e["name"] for e in c.post("experiments/search", {"max_results": 10, **body})[1].get("experiments", [])]

        self.assertEqual(sorted(names()), ["Default", "a", "b", "c"])
        self.assertEqual(names(order_by=["name DESC"], filter="name != 'Default'"), ["c", "b", "a"])
        self.assertEqual(names(filter="name LIKE 'B%'"), [])
        self.assertEqual(names(filter="name ILIKE 'B%'"), ["b"])
        self.assertEqual(names(filter="tags.n = 'c'"), ["c"])
        self.assertEqual(len(names(filter="creation_time > 0")), 4)
        self.assertEqual(names(filter="attribute.name = 'a'"), ["a"])
        self.assertError(c.post("experiments/search", {"max_results": 5, "filter": "colour = 'x'"}), 400, "INVALID_PARAMETER_VALUE")
        status, page = c.call("GET", "experiments/search", query={"max_results": 3, "order_by": ["name ASC"]})
        self.assertEqual(([e["name"] for e in page["experiments"]], status), (["Default", "a", "b"], 200))
        _, rest = c.call("GET", "experiments/search", query={"max_results": 3, "order_by": ["name ASC"], "page_token": page["next_page_token"]})
        self.assertEqual([e["name"] for e in rest["experiments"]], ["c"])
        self.assertNotIn("next_page_token", rest)
        self.assertError(c.post("experiments/search", {"max_results": 3, "page_token": "zzz"}), 400, "INVALID_PARAMETER_VALUE")

    def test_wrong_ids(self):
        c = self.client
        self.assertError(c.get("experiments/get", experiment_id="77"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertError(c.get("experiments/get", experiment_id="x"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertError(c.get("experiments/get"), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("runs/create", {"experiment_id": 0}), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("experiments/create", {"name": "x" * 501}), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("experiments/create", {"name": "y", "artifact_location": "runs:/1"}), 400, "INVALID_PARAMETER_VALUE")


class Runs(Served):
    def test_life(self):
        c = self.client
        run = c.run(name="warm", tags=[("mlflow.user", "ada"), ("mlflow.note.content", "a *note*"), ("mlflow.source.git.commit", "a" * 40)])
        data = c.data(run)
        self.assertEqual((data["info"]["run_name"], data["info"]["status"], data["info"]["user_id"], data["info"]["start_time"]),
                         ("warm", "RUNNING", "ada", 1750000000000))
        self.assertEqual(data["tags"]["mlflow.note.content"], "a *note*")
        self.assertEqual(data["tags"]["mlflow.runName"], "warm")
        self.assertNotIn("end_time", data["info"])
        status, answer = c.post("runs/update", {"run_id": run, "status": "FINISHED", "end_time": "1750000060000", "run_name": "cold"})
        self.assertEqual((answer["run_info"]["status"], answer["run_info"]["end_time"], answer["run_info"]["run_name"]),
                         ("FINISHED", 1750000060000, "cold"))
        shown = json.loads(self.runglass("show", run, "--format", "json").stdout)
        self.assertEqual((shown["name"], shown["status"], shown["git"]["commit"], shown["notes"]), ("cold", "finished", "a" * 40, "a *note*"))
        # An unknown status changes nothing.
        self.assertEqual(c.post("runs/update", {"run_id": run, "status": "DANCING"})[0], 200)
        self.assertEqual(c.data(run)["info"]["status"], "FINISHED")
        # Clients of all ages send run_uuid, or both.
        self.assertEqual(c.get("runs/get", run_uuid=run)[0], 200)
        self.assertEqual(c.call("GET", "/api/2.0/preview/mlflow/runs/get", query={"run_uuid": run})[0], 200)
        self.assertEqual(c.call("GET", "/ajax-api/2.0/mlflow/runs/get", query={"run_id": run})[0], 200)
        self.assertEqual(c.call("GET", "/some/prefix/api/2.0/mlflow/runs/get", query={"run_id": run})[0], 200)

    def test_names(self):
        c = self.client
        _, answer = c.post("runs/create", {"experiment_id": "0"})
        self.assertRegex(answer["run"]["info"]["run_name"], r"^\w+-\w+-\d+$")
        self.assertError(c.post("runs/create", {"experiment_id": "0", "run_name": "a", "tags": [{"key": "mlflow.runName", "value": "b"}]}),
                         400, "INVALID_PARAMETER_VALUE")
        run = c.run(name="a")
        c.post("runs/set-tag", {"run_id": run, "key": "mlflow.runName", "value": "b"})
        self.assertEqual(c.data(run)["info"]["run_name"], "b")

    def test_delete_and_restore(self):
        c = self.client
        run = c.run()
        self.assertEqual(c.post("runs/delete", {"run_id": run}), (200, {}))
        for path, body in (("log-metric", {"key": "m", "value": 1, "timestamp": 1}), ("log-parameter", {"key": "p", "value": "1"}),
                           ("set-tag", {"key": "t", "value": "1"}), ("update", {"status": "FINISHED"}), ("log-batch", {})):
            self.assertError(c.post("runs/" + path, {"run_id": run, **body}), 400, "INVALID_PARAMETER_VALUE")
        self.assertEqual(c.post("runs/restore", {"run_id": run}), (200, {}))
        self.assertEqual(c.metric(run, "m", 1), (200, {}))

    def test_children(self):
        c = self.client
        parent = c.run(name="parent")
        child = c.run(name="child", tags=[("mlflow.parentRunId", parent)])
        later = c.run(name="later")
        c.post("runs/set-tag", {"run_id": later, "key": "mlflow.parentRunId", "value": parent})
        for run in (child, later):
            self.assertEqual(json.loads(self.runglass("show", run, "--format", "json").stdout)["parent_id"], parent)

    def test_missing(self):
        c = self.client
        self.assertError(c.get("runs/get", run_id="deadbeef"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertError(c.get("runs/get", run_id="0" * 32), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertError(c.get("runs/get"), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("runs/update", {"run_id": "0" * 32, "status": "FINISHED"}), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertError(c.post("runs/create", {"experiment_id": "99"}), 404, "RESOURCE_DOES_NOT_EXIST")


class Logging(Served):
    def test_params_are_set_once(self):
        c = self.client
        run = c.run()
        set_param = lambda value: c.post("runs/log-parameter", {"run_id": run, "key": "lr", "value": value})
        self.assertEqual(set_param("0.1"), (200, {}))
        self.assertEqual(set_param("0.1"), (200, {}))
        answer = set_param("0.2")
        self.assertError(answer, 400, "INVALID_PARAMETER_VALUE")
        self.assertEqual(answer[1]["message"], "Changing param values is not allowed. Param with key='lr' was already logged with "
                         f"value='0.1' for run ID='{run}'. Attempted logging new value '0.2'.")
        self.assertEqual(c.post("runs/log-parameter", {"run_id": run, "key": "empty", "value": ""}), (200, {}))
        self.assertEqual(c.data(run)["params"], {"lr": "0.1", "empty": ""})

    def test_a_batch_is_all_or_nothing(self):
        c = self.client
        run = c.run()
        c.post("runs/log-parameter", {"run_id": run, "key": "p", "value": "1"})
        batch = {"run_id": run, "metrics": [{"key": "m", "value": 1, "timestamp": 1}], "tags": [{"key": "t", "value": "1"}],
                 "params": [{"key": "q", "value": "1"}, {"key": "p", "value": "2"}]}
        answer = c.post("runs/log-batch", batch)
        self.assertError(answer, 400, "INVALID_PARAMETER_VALUE")
        self.assertIn("{'key': 'p', 'old_value': '1', 'new_value': '2'}", answer[1]["message"])
        data = c.data(run)
        self.assertEqual((data["params"], data["metrics"]), ({"p": "1"}, {}))
        self.assertNotIn("t", data["tags"])

    def test_points_that_come_twice_are_one(self):
        c = self.client
        run = c.run()
        batch = {"run_id": run, "metrics": [{"key": "m", "value": v, "timestamp": 5, "step": s} for s, v in enumerate([1.5, 2.5, "NaN"])]}
        for _ in range(3):
            self.assertEqual(c.post("runs/log-batch", batch), (200, {}))
        batch["metrics"] = batch["metrics"][:1] * 2 + [{"key": "m", "value": 9, "timestamp": 5, "step": 0}]
        self.assertEqual(c.post("runs/log-batch", batch), (200, {}))
        self.assertEqual(self.history(run, "m"), [(0, 5, 1.5), (0, 5, 9.0), (1, 5, 2.5), (2, 5, "NaN")])
        # The same after the server has forgotten what it knew of the series.
        self.stop(self.server)
        self.start()
        self.client = self.connect()
        self.assertEqual(self.client.post("runs/log-batch", batch), (200, {}))
        self.assertEqual(len(self.history(run, "m")), 4)

    def test_the_value_of_a_metric_is_its_greatest_by_step_time_value(self):
        c = self.client
        run = c.run()
        for step, time_ms, value in ((5, 10, 1.0), (5, 9, 2.0), (3, 99, 3.0), (5, 10, 0.5)):
            c.metric(run, "m", value, step, time_ms)
        latest = c.data(run)["metrics"]["m"]
        self.assertEqual((latest["step"], latest["timestamp"], latest["value"]), (5, 10, 1.0))
        found = c.post("runs/search", {"experiment_ids": ["0"], "filter": "metrics.m = 1"})[1]
        self.assertEqual(found["runs"][0]["data"]["metrics"][0]["value"], 1.0)
        c.metric(run, "m", 7, 6, 1)
        self.assertEqual(c.data(run)["metrics"]["m"]["value"], 7.0)

    def test_numbers(self):
        c = self.client
        run = c.run()
        for key, value, wire in (("nan", "NaN", "NaN"), ("inf", "Infinity", 1.7976931348623157e308), ("neg", "-Infinity", -1.7976931348623157e308),
                                 ("text", "0.25", 0.25), ("int", 3, 3.0), ("true", True, 1.0), ("tiny", 5e-324, 5e-324)):
            self.assertEqual(c.metric(run, key, value, "7", "1750000000123"), (200, {}))
            metric = c.data(run)["metrics"][key]
            self.assertEqual((metric["value"], metric["step"], metric["timestamp"]), (wire, 7, 1750000000123))
        # Bare, as Python's json writes them; infinities stay infinite here.
        body = ('{"run_id": "%s", "key": "bare", "value": -Infinity, "timestamp": 1}' % run).encode()
        self.assertEqual(c.send("POST", API + "runs/log-metric", body, {"Content-Type": "application/json"})[0], 200)
        shown = json.loads(self.runglass("show", run, "--format", "json").stdout)
        self.assertEqual(shown["metrics"]["bare"]["last"], "-Infinity")
        for bad in ("abc", None, [1], {"a": 1}):
            self.assertError(c.metric(run, "bad", bad), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.metric(run, "bad", 1, time_ms=-1), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.metric(run, "bad", 1, step=1.5), 400, "INVALID_PARAMETER_VALUE")
        self.assertEqual(c.metric(run, "steps", 1, step=-(2**63)), (200, {}))
        self.assertEqual(c.metric(run, "steps", 1, step=2**63 - 1), (200, {}))

    def test_keys(self):
        c = self.client
        run = c.run()
        for key in ("a", "val/acc", "a b", "a:b", "a.b-c_d", "größe", "精度", "x" * 250):
            self.assertEqual(c.metric(run, key, 1), (200, {}), key)
        for key in ("", "a\nb", "a%b", "../a", "/a", "a//b", "a/../b", "a/", ".", "a/./b", "x" * 251, "a\\b", "🙂"):
            for answer in (c.metric(run, key, 1), c.post("runs/log-parameter", {"run_id": run, "key": key, "value": "1"}),
                           c.post("runs/set-tag", {"run_id": run, "key": key, "value": "1"})):
                self.assertError(answer, 400, "INVALID_PARAMETER_VALUE")
        self.assertEqual(len(c.data(run)["metrics"]), 8)

    def test_limits(self):
        c = self.client
        run = c.run()
        metrics = [{"key": "m", "value": 1, "timestamp": 1, "step": i} for i in range(1001)]
        params = [{"key": f"p{i}", "value": "1"} for i in range(101)]
        tags = [{"key": f"t{i}", "value": "1"} for i in range(101)]
        for body in ({"metrics": metrics}, {"params": params}, {"tags": tags}, {"metrics": metrics[:901], "params": params[:100]}):
            answer = c.post("runs/log-batch", {"run_id": run, **body})
            self.assertError(answer, 400, "INVALID_PARAMETER_VALUE")
            self.assertIn("A batch logging request can contain at most", answer[1]["message"])
        self.assertEqual(c.post("runs/log-batch", {"run_id": run, "metrics": metrics[:800], "params": params[:100], "tags": tags[:100]}), (200, {}))
        for second in ("2", "1"):
            self.assertError(c.post("runs/log-batch", {"run_id": run, "params": [{"key": "d", "value": "1"}, {"key": "d", "value": second}]}), 400,
                             "INVALID_PARAMETER_VALUE")
        # Values that are too long are cut, whole characters at a time.
        c.post("runs/log-batch", {"run_id": run, "params": [{"key": "long", "value": "ü" * 7000}], "tags": [{"key": "long", "value": "x" * 9000}]})
        data = c.data(run)
        self.assertEqual((data["params"]["long"], len(data["tags"]["long"])), ("ü" * 6000, 8000))

    def test_tags(self):
        c = self.client
        run = c.run()
        for value in ("1", "2"):
            c.post("runs/set-tag", {"run_id": run, "key": "t", "value": value})
        self.assertEqual(c.data(run)["tags"]["t"], "2")
        self.assertEqual(c.post("runs/delete-tag", {"run_id": run, "key": "t"}), (200, {}))
        self.assertError(c.post("runs/delete-tag", {"run_id": run, "key": "t"}), 404, "RESOURCE_DOES_NOT_EXIST")
        c.post("runs/set-tag", {"run_id": run, "key": "mlflow.note.content", "value": "read me"})
        self.assertEqual(json.loads(self.runglass("show", run, "--format", "json").stdout)["notes"], "read me")

    def test_bodies(self):
        c = self.client
        run = c.run()
        json_type = {"Content-Type": "application/json; charset=utf-8"}
        path = API + "runs/log-metric"
        for wrong in (b"not json", b"[]", b'{"a": "\\ud800"}'):
            status, _, answer = c.send("POST", path, wrong, json_type)
            self.assertEqual((status, b"The body is no JSON object" in answer), (400, True), answer)
        self.assertEqual(c.send("POST", path, b"", json_type)[0], 400)
        self.assertEqual(c.send("POST", path, b"[1]", json_type)[0], 400)
        self.assertEqual(c.send("POST", path, b"{" * 5000, json_type)[0], 400)
        self.assertEqual(c.send("POST", path, b'{"a":' * 500 + b"1" + b"}" * 500, json_type)[0], 400)
        body = json.dumps({"run_id": run, "key": "m", "value": 1, "timestamp": 1, "unknown": {"a": []}}).encode()
        self.assertEqual(c.send("POST", path, body, {"Content-Type": "text/plain"})[0], 400)
        self.assertEqual(c.send("POST", path, body, json_type)[0], 200)
        self.assertEqual(c.send("POST", path, json.dumps(body.decode()).encode(), json_type)[0], 200)  # JSON in JSON
        status, answer = c.post("runs/log-batch", {"run_id": run, "metrics": {"key": "m"}})
        self.assertEqual(status, 400, answer)

    def test_models_of_old_clients(self):
        c = self.client
        run = c.run()
        model = {"artifact_path": "model", "flavors": {"sklearn": {}}, "utc_time_created": "now", "run_id": run}
        for _ in range(2):
            self.assertEqual(c.post("runs/log-model", {"run_id": run, "model_json": json.dumps(model)}), (200, {}))
        self.assertEqual(json.loads(c.data(run)["tags"]["mlflow.log-model.history"]), [model, model])
        self.assertError(c.post("runs/log-model", {"run_id": run, "model_json": "{}"}), 400, "INVALID_PARAMETER_VALUE")


class Searching(Served):
    def setUp(self):
        super().setUp()
        c = self.client
        for i in range(5):
            _, answer = c.post("runs/create", {"experiment_id": "0", "run_name": f"run {i}", "start_time": 1000 + i, "tags": [{"key": "parity", "value": "odd" if i % 2 else "even"}]})
            run = answer["run"]["info"]["run_id"]
            c.post("runs/log-batch", {"run_id": run, "params": [{"key": "opt", "value": "adam" if i < 3 else "sgd"}],
                                      "metrics": [{"key": "val/acc", "value": i / 10 if i else "NaN", "timestamp": 1}] if i < 4 else []})

    def names(self, **body):
        status, answer = self.client.post("runs/search", {"experiment_ids": ["0"], **body})
        self.assertEqual(status, 200, answer)
        return [int(r["info"]["run_name"][-1]) for r in answer.get("runs", [])]

    def test_filters(self):
        self.assertEqual(self.names(), [4, 3, 2, 1, 0])  # the newest first
        self.assertEqual(self.names(filter="metrics.`val/acc` > 0.1 and params.opt = 'adam'"), [2])
        self.assertEqual(self.names(filter='metric."val/acc" <= 0.2 AND parameters.opt LIKE "ad%"'), [2, 1])
        self.assertEqual(self.names(filter="tags.parity = 'odd'"), [3, 1])
        self.assertEqual(self.names(filter="params.missing != 'x'"), [])
        self.assertEqual(self.names(filter="attributes.run_name = 'run 2'"), [2])
        self.assertEqual(self.names(filter="tags.`mlflow.runName` ILIKE 'RUN 3'"), [3])
        self.assertEqual(self.names(filter="status = 'RUNNING' and start_time >= 1003"), [4, 3])
        self.assertEqual(self.names(filter="params.opt = 'sgd' or tags.parity = 'odd'"), [4, 3, 1])  # more than MLflow can
        ids = [r["info"]["run_id"] for r in self.client.post("runs/search", {"experiment_ids": ["0"]})[1]["runs"]]
        self.assertEqual(self.names(filter=f"run_id IN ('{ids[0]}', '{ids[3]}')"), [4, 1])
        for bad in ("metrics.a = 'x'", "nonsense", "metrics.a >", "params.a = 3 ;", "foo.bar = 1"):
            answer = self.client.post("runs/search", {"experiment_ids": ["0"], "filter": bad})
            self.assertError(answer, 400, "INVALID_PARAMETER_VALUE")

    def test_where_the_artifacts_are(self):
        c = self.client
        other = c.post("experiments/create", {"name": "placed", "artifact_location": "mlflow-artifacts:/placed"})[1]["experiment_id"]
        here, there = c.run(name="here"), c.run(other, name="there")
        search = lambda query, **more: c.post("runs/search", {"experiment_ids": ["0", other], "filter": query, **more})[1].get("runs", [])
        for query, found in (("artifact_uri LIKE 'mlflow-artifacts:/placed/%'", {"there"}), ("attributes.artifact_uri != 'x' and run_name LIKE '%here'", {"here", "there"}),
                             (f"run.`artifact_uri` = 'mlflow-artifacts:/0/{here}/artifacts' and status = 'RUNNING'", {"here"})):
            self.assertEqual({run["info"]["run_name"] for run in search(query)}, found, query)
        ordered = search("run_name LIKE '%here'", order_by=["artifact_uri DESC"])
        self.assertEqual([run["info"]["run_id"] for run in ordered], [there, here])
        self.assertEqual([tag["key"] for tag in ordered[0]["data"]["tags"]], ["mlflow.runName"])

    def test_order_and_pages(self):
        self.assertEqual(self.names(order_by=["metrics.`val/acc` DESC"]), [3, 2, 1, 0, 4])  # NaN, then none
        self.assertEqual(self.names(order_by=["params.opt", "start_time ASC"]), [0, 1, 2, 3, 4])
        found, token = [], ""
        while True:
            _, page = self.client.post("runs/search", {"experiment_ids": ["0"], "max_results": 2, "order_by": ["start_time"], "page_token": token})
            found += [int(r["info"]["run_name"][-1]) for r in page["runs"]]
            token = page.get("next_page_token")
            if not token:
                break
        self.assertEqual(found, [0, 1, 2, 3, 4])
        for body in ({"max_results": 0}, {"max_results": 50001}, {"page_token": "zzz"}, {"order_by": ["metrics."]}):
            self.assertError(self.client.post("runs/search", {"experiment_ids": ["0"], **body}), 400, "INVALID_PARAMETER_VALUE")

    def test_stages(self):
        run = self.client.post("runs/search", {"experiment_ids": ["0"], "max_results": 1})[1]["runs"][0]["info"]["run_id"]
        self.client.post("runs/delete", {"run_id": run})
        self.assertEqual(self.names(), [3, 2, 1, 0])
        self.assertEqual(self.names(run_view_type="DELETED_ONLY"), [4])
        self.assertEqual(self.names(run_view_type=3), [4, 3, 2, 1, 0])
        self.assertEqual(self.client.post("runs/search", {"experiment_ids": ["77"]}), (200, {}))


class Histories(Served):
    def test_history(self):
        c = self.client
        run = c.run()
        points = [(i, 1000 + i, float(i)) for i in range(2500)]
        for begin in range(0, 2500, 1000):
            c.post("runs/log-batch", {"run_id": run, "metrics": [{"key": "m", "step": s, "timestamp": t, "value": v} for s, t, v in points[begin:begin + 1000]]})
        self.assertEqual(self.history(run, "m"), points)
        _, page = c.get("metrics/get-history", run_id=run, metric_key="m", max_results=1000)
        self.assertEqual(len(page["metrics"]), 1000)
        _, next_page = c.get("metrics/get-history", run_id=run, metric_key="m", max_results=1000, page_token=page["next_page_token"])
        self.assertEqual(next_page["metrics"][0]["step"], 1000)
        self.assertEqual(len(c.get("metrics/get-history", run_id=run, metric_key="m")[1]["metrics"]), 2500)  # MLflow gives none
        self.assertEqual(c.get("metrics/get-history", run_id=run, metric_key="none"), (200, {}))
        self.assertError(c.get("metrics/get-history", run_id="0" * 32, metric_key="m"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertError(c.get("metrics/get-history", run_id=run), 400, "INVALID_PARAMETER_VALUE")

    def test_several_runs(self):
        c = self.client
        runs = [c.run(name=str(i)) for i in range(2)]
        for i, run in enumerate(runs):
            c.post("runs/log-batch", {"run_id": run, "metrics": [{"key": "m", "step": s, "timestamp": s, "value": i} for s in range(100 + i)]})
        _, answer = c.get("metrics/get-history-bulk-interval", run_ids=runs, metric_key="m", max_results=10)
        self.assertEqual({m["run_id"] for m in answer["metrics"]}, set(runs))
        steps = [m["step"] for m in answer["metrics"] if m["run_id"] == runs[1]]
        self.assertEqual((steps[0], steps[-1]), (0, 100))
        self.assertLessEqual(len(steps), 13)
        _, answer = c.get("metrics/get-history-bulk-interval", run_ids=runs[0], metric_key="m", max_results=2500, start_step=5, end_step=7)
        self.assertEqual([m["step"] for m in answer["metrics"]], [5, 6, 7])
        for query in ({"start_step": 1}, {"max_results": 2501}, {"start_step": 7, "end_step": 1}):
            self.assertError(c.get("metrics/get-history-bulk-interval", run_ids=runs, metric_key="m", **query), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.get("metrics/get-history-bulk-interval", run_ids=["0" * 32] * 101, metric_key="m"), 400, "INVALID_PARAMETER_VALUE")
        for limit in (25001, -1):
            self.assertError(c.call("GET", "/ajax-api/2.0/mlflow/metrics/get-history-bulk", query={"run_id": runs, "metric_key": "m", "max_results": limit}), 400, "INVALID_PARAMETER_VALUE")
        _, answer = c.call("GET", "/ajax-api/2.0/mlflow/metrics/get-history-bulk", query={"run_id": runs, "metric_key": "m", "max_results": 150})
        self.assertEqual(len(answer["metrics"]), 150)


class Inputs(Served):
    def test_datasets_and_models(self):
        c = self.client
        run, other = c.run(), c.run()
        dataset = {"name": "digits", "digest": "d1", "source_type": "local", "source": '{"uri": "x.csv"}', "schema": "{}", "profile": '{"rows": 3}'}
        body = {"datasets": [{"dataset": dataset, "tags": [{"key": "mlflow.data.context", "value": "training"}]}], "models": [{"model_id": "m-1"}]}
        for id in (run, run, other):
            self.assertEqual(c.post("runs/log-inputs", {"run_id": id, **body}), (200, {}))
        self.assertEqual(c.post("runs/outputs", {"run_id": run, "models": [{"model_id": "m-2", "step": "4"}]}), (200, {}))
        data = c.data(run)
        self.assertEqual(data["inputs"], {"dataset_inputs": body["datasets"], "model_inputs": [{"model_id": "m-1"}]})
        self.assertEqual(data["outputs"], {"model_outputs": [{"model_id": "m-2", "step": 4}]})
        shown = json.loads(self.runglass("show", run, "--format", "json").stdout)
        self.assertEqual([d["name"] for d in shown["datasets"]], ["digits"])
        _, found = c.call("POST", "/ajax-api/2.0/mlflow/experiments/search-datasets", {"experiment_ids": ["0"]})
        self.assertEqual(found["dataset_summaries"], [{"experiment_id": "0", "name": "digits", "digest": "d1", "context": "training"}])
        self.assertError(c.post("runs/outputs", {"run_id": run}), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("runs/log-inputs", {"run_id": run, "datasets": [{"dataset": {**dataset, "digest": "x" * 37}}]}), 400, "INVALID_PARAMETER_VALUE")


class Server(Served):
    def test_plain_routes(self):
        for prefix in ("", "/some/prefix"):
            self.assertEqual(self.client.send("GET", prefix + "/health")[2], b"OK")
            self.assertEqual(self.client.send("GET", prefix + "/version")[0], 200)
        self.assertRegex(self.client.send("GET", "/version")[2].decode(), r"^\d+\.\d+\.\d+$")
        self.assertEqual(self.client.call("GET", "/api/3.0/mlflow/server-info"), (200, {"store_type": "SqlStore", "workspaces_enabled": False}))

    def test_what_is_not_there_is_counted(self):
        c = self.client
        for _ in range(3):
            self.assertError(c.call("POST", "/api/3.0/mlflow/traces/tr-0123456789abcdef", {"a": 1}), 404, "ENDPOINT_NOT_FOUND")
        self.assertError(c.call("DELETE", "runs/get"), 404, "ENDPOINT_NOT_FOUND")
        self.assertError(c.call("GET", "/favicon.ico"), 404, "ENDPOINT_NOT_FOUND")
        status = self.runglass("serve", "--status")
        self.assertRegex(status.stdout, r"3  POST /api/3\.0/mlflow/traces/\*")
        self.assertNotIn("favicon", status.stdout)
        self.assertEqual(self.runglass("serve", "--forget-calls").returncode, 0)
        self.assertNotIn("traces", self.runglass("serve", "--status").stdout)
        self.assertError(c.call("DELETE", "runs/get"), 404, "ENDPOINT_NOT_FOUND")
        self.assertRegex(self.runglass("serve", "--status").stdout, r"1  DELETE /api/2\.0/mlflow/runs/get")


if __name__ == "__main__":
    unittest.main()
