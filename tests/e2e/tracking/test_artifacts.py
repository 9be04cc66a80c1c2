# SPDX-License-Identifier: GPL-3.0-or-later
"""Artifacts through the proxy, logged models and the registry."""

import hashlib
import json
import os
import sqlite3
import threading
import time
import unittest
import urllib.parse

from endpoint import Served, wait_until

ROOT = "/api/2.0/mlflow-artifacts/artifacts"


class Artifacts(Served):
    def setUp(self):
        super().setUp()
        self.id = self.client.run()
        self.base = f"{ROOT}/0/{self.id}/artifacts/"

    def put(self, name, content, headers=None):
        return self.client.send("PUT", self.base + name, content, headers)

    def stored(self):
        found = []
        for folder, _, files in os.walk(os.path.join(self.project, ".runglass", "artifacts")):
            found += [os.path.join(folder, file) for file in files]
        return found

    def test_there_and_back(self):
        c = self.client
        contents = {"a.txt": b"hello", "empty": b"", "dir/b.json": b'{"not": parsed', "dir/sub/c.bin": os.urandom(300_000)}
        for name, content in contents.items():
            status, _, answer = self.put(name, content, {"Content-Type": "application/json"})
            self.assertEqual((status, answer), (200, b"{}"))
        for name, content in contents.items():
            status, headers, answer = c.send("GET", self.base + name)
            self.assertEqual((status, answer), (200, content))
            self.assertIn("attachment", headers["Content-Disposition"])
        _, listing = c.call("GET", ROOT, query={"path": f"0/{self.id}/artifacts"})
        self.assertEqual(listing["files"], [{"path": "a.txt", "is_dir": False, "file_size": 5}, {"path": "dir", "is_dir": True},
                                            {"path": "empty", "is_dir": False, "file_size": 0}])
        _, listing = c.get("artifacts/list", run_id=self.id, path="dir")
        self.assertEqual([f["path"] for f in listing["files"]], ["dir/b.json", "dir/sub"])
        self.assertTrue(listing["root_uri"].endswith(f"/{self.id}/artifacts"))
        self.assertEqual(c.call("GET", ROOT, query={"path": f"0/{'0' * 32}/artifacts"}), (200, {}))
        for nothing in ("a.txt", "none"):
            self.assertEqual(c.call("GET", ROOT, query={"path": f"0/{self.id}/artifacts/{nothing}"}), (200, {}))
        self.assertEqual(c.send("GET", f"/get-artifact?run_uuid={self.id}&path=a.txt")[2], b"hello")
        shown = json.loads(self.runglass("show", self.id, "--format", "json").stdout)
        self.assertEqual({a["path"]: a["sha256"] for a in shown["artifacts"]},
                         {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()})
        self.put("a.txt", b"other")
        self.assertEqual(c.send("GET", self.base + "a.txt")[2], b"other")
        for _ in range(2):
            self.assertEqual(c.send("DELETE", self.base + "dir")[0], 200)
        self.assertEqual(c.send("GET", self.base + "dir/b.json")[0], 404)
        self.assertEqual(self.runglass("check").returncode, 0)

    def test_what_is_replaced_or_deleted_is_freed(self):
        """A checkpoint of each epoch under one name takes the room of one."""
        other = self.client.run(name="other")
        self.client.send("PUT", f"{ROOT}/0/{other}/artifacts/kept.ckpt", b"2" * 100_000)
        for epoch in range(5):
            self.assertEqual(self.put("last.ckpt", str(epoch).encode() * 100_000)[0], 200)
        self.assertEqual(len(self.stored()), 2)  # the last one, and the one that another run has as well
        self.assertEqual(self.client.send("GET", self.base + "last.ckpt")[2], b"4" * 100_000)
        self.put("last.ckpt", b"4" * 100_000)  # the same again
        self.put("copy.ckpt", b"4" * 100_000)
        self.put("dir/a", b"a")
        self.assertEqual(self.client.send("DELETE", self.base + "last.ckpt")[0], 200)
        self.assertEqual(self.client.send("GET", self.base + "copy.ckpt")[2], b"4" * 100_000)
        self.assertEqual(self.client.send("DELETE", self.base.rstrip("/"))[0], 200)  # all of the run
        self.assertNotIn("files", self.client.get("artifacts/list", run_id=self.id)[1])
        for content in (b"one", b"two"):
            self.client.send("PUT", f"{ROOT}/0/models/m-1/artifacts/net.pt", content)
        self.assertEqual(len(self.stored()), 2)
        self.client.send("DELETE", f"{ROOT}/0/models/m-1/artifacts")
        (left,) = self.stored()
        self.assertEqual(os.path.getsize(left), 100_000)
        self.assertEqual(self.client.send("GET", f"{ROOT}/0/{other}/artifacts/kept.ckpt")[2], b"2" * 100_000)
        self.assertNotIn("belong to no run", self.runglass("check").stdout)

    def test_what_is_acknowledged_aside_keeps_its_content(self):
        """While another program holds the database, a second name is given to a content whose first one is replaced afterwards."""
        self.put("a", b"content")
        holder = sqlite3.connect(os.path.join(self.project, ".runglass", "runs.db"), isolation_level=None, timeout=30)
        self.addCleanup(holder.close)
        holder.execute("BEGIN EXCLUSIVE")
        self.assertEqual(self.put("b", b"content")[0], 200)
        self.assertEqual(self.put("a", b"another")[0], 200)
        self.assertEqual(self.client.send("GET", self.base + "b")[2], b"content")
        holder.execute("ROLLBACK")
        self.assertTrue(wait_until(lambda: len(json.loads(self.runglass("show", self.id, "--format", "json").stdout)["artifacts"]) == 2))
        self.assertEqual([self.client.send("GET", self.base + name)[2] for name in "ab"], [b"another", b"content"])

    def test_replaced_while_it_is_read(self):
        content = os.urandom(30 << 20)
        self.put("big", content)
        reader = self.connect()
        reader.connection.request("GET", self.base + "big")
        answer = reader.connection.getresponse()
        begin = answer.read(1000)
        self.assertEqual(self.put("big", b"small")[0], 200)
        self.assertEqual(len(self.stored()), 1)
        self.assertEqual(begin + answer.read(), content)

    def test_writers_of_the_same_contents(self):
        """Clients that replace each other's artifacts by the same few contents: what was acknowledged last is there, whole."""
        runs = [self.client.run(name=str(number)) for number in range(4)]
        answers = []

        def write(run):
            client = self.connect()
            for number in range(60):
                answers.append(client.send("PUT", f"{ROOT}/0/{run}/artifacts/x", str(number % 3).encode())[0])

        threads = [threading.Thread(target=write, args=(run,)) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(answers) - {200, 503}, set())  # 503: just removed by another one; the client sends it again
        self.assertGreater(answers.count(200), 200)
        for run in runs:
            self.assertEqual(self.client.send("PUT", f"{ROOT}/0/{run}/artifacts/x", b"end")[0], 200)
            self.assertEqual(self.client.send("GET", f"{ROOT}/0/{run}/artifacts/x")[2], b"end")
        self.assertEqual(len(self.stored()), 1)
        self.assertEqual(self.runglass("check").returncode, 0)

    def test_check_sees_what_was_changed(self):
        loose = f"{ROOT}/0/models/m-{'0' * 32}/artifacts/model.pkl"
        for path, content in ((self.base + "mine", b"of a run"), (loose, b"of a model"), (loose + "2", b"of another")):
            self.assertEqual(self.client.send("PUT", path, content)[0], 200)
        checked = self.runglass("check")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertIn("artifacts: 3", checked.stdout)
        digest = hashlib.sha256(b"of a model").hexdigest()
        file = os.path.join(self.project, ".runglass", "artifacts", digest[:2], digest[2:])
        os.chmod(file, 0o600)
        with open(file, "wb") as changed:
            changed.write(b"of a modeL")
        checked = self.runglass("check")
        self.assertEqual(checked.returncode, 1)
        self.assertIn("artifact 0/models/m-" + "0" * 32 + "/artifacts/model.pkl has changed", checked.stdout)
        os.unlink(file)
        checked = self.runglass("check")
        self.assertEqual((checked.returncode, checked.stdout.count("artifact:")), (1, 1), checked.stdout)

    def test_chunked(self):
        pieces = [os.urandom(70_000) for _ in range(5)]
        self.client.connection.request("PUT", self.base + "c.bin", body=iter(pieces), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
        answer = self.client.connection.getresponse()
        self.assertEqual((answer.status, answer.read()), (200, b"{}"))
        self.assertEqual(self.client.send("GET", self.base + "c.bin")[2], b"".join(pieces))

    def test_names(self):
        for name, path in (("with%20blank", "with blank"), ("gr%C3%B6%C3%9Fe.txt", "größe.txt"), ("a+b%25c", "a+b%c"), ("xy%3Az", "xy:z")):
            self.assertEqual(self.put(name, b"x")[0], 200)
            self.assertEqual(self.client.send("GET", self.base + name)[2], b"x")
            listing = self.client.get("artifacts/list", run_id=self.id)[1]["files"]
            self.assertIn(path, [f["path"] for f in listing])

    def test_paths_do_not_leave_their_folder(self):
        before = self.stored()
        for path in ("../x", "..%2Fx", "%2e%2e/x", "%252e%252e/x", "%25252e%25252e%25252fx", "a/../../x", "a/..", "..", "%2Fetc/x", "//x", "a//b",
                     "C:/x", "C:%5Cx", "a%5C..%5Cx", "a/./b", "a%00b", "a%0Ab", "%ff", "a/%2e%2e/b", "%5c%5chost%5cx"):
            status, _, answer = self.put(path, b"evil")
            self.assertEqual(status, 400, (path, answer))
            self.assertIn(b"Invalid path", answer)
            self.assertEqual(self.client.send("GET", self.base + path)[0], 400, path)
            self.assertEqual(self.client.send("DELETE", self.base + path)[0], 400, path)
        for path in ("..", "../..", "/etc", "a/../b"):
            self.assertError(self.client.get("artifacts/list", run_id=self.id, path=path), 400, "INVALID_PARAMETER_VALUE")
        # Characters that look like dots and slashes are characters of a name.
        self.assertEqual(self.put("%EF%BC%8E%EF%BC%8E%E2%88%95x", b"name")[0], 200)
        for folder, _, files in os.walk(self.project):
            for file in files:
                self.assertTrue(os.path.realpath(os.path.join(folder, file)).startswith(os.path.realpath(self.project)))
        self.assertEqual(len(self.stored()), len(before) + 1)

    def test_errors(self):
        c = self.client
        self.assertError(c.call("GET", self.base + "none"), 404, "RESOURCE_DOES_NOT_EXIST")
        status, _, answer = c.send("PUT", f"{ROOT}/0/{'0' * 32}/artifacts/x", b"x")
        self.assertEqual((status, json.loads(answer)["error_code"]), (404, "RESOURCE_DOES_NOT_EXIST"))
        self.assertError(c.call("POST", "/api/2.0/mlflow-artifacts/mpu/create/x", {}), 501, "NOT_IMPLEMENTED")
        self.assertEqual(self.put("", b"x")[0], 400)

    def test_a_client_that_vanishes_leaves_nothing(self):
        before = self.stored()
        connection = self.raw()
        connection.sendall(f"PUT {self.base}half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n".encode() + b"x" * 400_000)
        self.assertTrue(wait_until(lambda: len(self.stored()) > len(before)))  # it is being written
        connection.close()
        self.assertTrue(wait_until(lambda: len(self.stored()) == len(before)))
        self.assertEqual(self.client.send("GET", self.base + "half")[0], 404)

    def test_memory_does_not_depend_on_the_size(self):
        def resident():
            with open(f"/proc/{self.server.pid}/status") as file:
                return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))

        piece = os.urandom(1 << 20)
        self.put("small", piece)
        before = resident()
        self.client.connection.request("PUT", self.base + "big", body=(piece for _ in range(128)), headers={"Content-Length": str(128 << 20)})
        self.assertEqual(self.client.connection.getresponse().read(), b"{}")
        self.assertLess(resident() - before, 8192)
        digest = hashlib.sha256()
        for _ in range(128):
            digest.update(piece)
        shown = json.loads(self.runglass("show", self.id, "--format", "json").stdout)
        self.assertIn(digest.hexdigest(), [artifact["sha256"] for artifact in shown["artifacts"]])

    def test_the_root(self):
        """Where nothing but the top is named, what lies there is listed."""
        self.assertEqual(self.client.send("PUT", f"{ROOT}/top.txt", b"top")[0], 200)
        self.assertEqual(self.client.send("PUT", f"{ROOT}/0/models/m-1/artifacts/net.pt", b"net")[0], 200)
        for query in ({"path": ""}, {}):
            self.assertEqual(self.client.call("GET", ROOT, query=query)[1]["files"],
                             [{"path": "0", "is_dir": True}, {"path": "top.txt", "is_dir": False, "file_size": 3}])


class LoggedModels(Served):
    def test_life(self):
        c = self.client
        run = c.run()
        status, made = c.post("logged-models", {"experiment_id": "0", "name": "net", "source_run_id": run, "params": [{"key": "depth", "value": "4"}],
                                                "tags": [{"key": "a", "value": "b"}]})
        self.assertEqual(status, 200, made)
        info = made["model"]["info"]
        id = info["model_id"]
        self.assertRegex(id, r"^m-[0-9a-f]{32}$")
        self.assertEqual((info["status"], info["model_type"], info["artifact_uri"]), ("LOGGED_MODEL_PENDING", "", f"mlflow-artifacts:/0/models/{id}/artifacts"))
        self.assertEqual(c.send("PUT", f"{ROOT}/0/models/{id}/artifacts/data/model.pkl", b"weights")[0], 200)
        _, listing = c.get(f"logged-models/{id}/artifacts/directories", artifact_directory_path="data")
        self.assertEqual(listing["files"], [{"path": "data/model.pkl", "is_dir": False, "file_size": 7}])
        self.assertEqual(c.send("GET", f"{ROOT}/0/models/{id}/artifacts/data/model.pkl")[2], b"weights")
        files = f"/ajax-api/2.0/mlflow/logged-models/{id}/artifacts/files"
        self.assertEqual(c.send("GET", files + "?artifact_file_path=data/model.pkl")[::2], (200, b"weights"))
        self.assertError(c.get(files, artifact_file_path="data/none"), 404, "RESOURCE_DOES_NOT_EXIST")
        for path in ("", "../../etc", "data/../../x", "/etc/passwd", "%2e%2e/x"):
            self.assertError(c.get(files, artifact_file_path=path), 400, "INVALID_PARAMETER_VALUE")
        _, done = c.call("PATCH", f"logged-models/{id}", {"model_id": id, "status": "LOGGED_MODEL_READY"})
        self.assertEqual(done["model"]["info"]["status"], "LOGGED_MODEL_READY")
        for _ in range(2):
            c.post("runs/log-batch", {"run_id": run, "metrics": [{"key": "acc", "value": 0.5, "timestamp": 3, "step": 1, "model_id": id, "dataset_name": "d", "dataset_digest": "x"}]})
        metrics = c.get(f"logged-models/{id}")[1]["model"]["data"]["metrics"]
        self.assertEqual(metrics, [{"key": "acc", "value": 0.5, "timestamp": 3, "step": 1, "dataset_name": "d", "dataset_digest": "x", "model_id": id, "run_id": run}])
        self.assertEqual(c.data(run)["metrics"]["acc"]["value"], 0.5)
        self.assertEqual(c.call("PATCH", f"logged-models/{id}/tags", {"tags": [{"key": "t/x", "value": "1"}]}), (200, {}))
        self.assertEqual(c.call("DELETE", f"logged-models/{id}/tags/t/x"), (200, {}))
        self.assertError(c.call("DELETE", f"logged-models/{id}/tags/t/x"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertEqual(c.post(f"logged-models/{id}/params", {"params": [{"key": "width", "value": "8"}]}), (200, {}))
        for query, count in (("name = 'net'", 1), ("metrics.acc > 0.4 and params.width = '8'", 1), ("metrics.acc > 0.6", 0), ("tags.a = 'b' and status = 'READY'", 1)):
            _, found = c.post("logged-models/search", {"experiment_ids": ["0"], "filter": query, "order_by": [{"field_name": "metrics.acc", "ascending": False}]})
            self.assertEqual(len(found.get("models", [])), count, query)
        self.assertEqual(c.call("DELETE", f"logged-models/{id}", {"model_id": id}), (200, {}))
        self.assertError(c.get(f"logged-models/{id}"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertError(c.get(f"logged-models/{id}/artifacts/files", artifact_file_path="MLmodel"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertError(c.post("logged-models", {"experiment_id": "0", "name": "a/b"}), 400, "INVALID_PARAMETER_VALUE")
        self.assertError(c.post("logged-models", {"experiment_id": "5"}), 404, "RESOURCE_DOES_NOT_EXIST")


    def test_order_by_a_metric_on_a_dataset(self):
        c = self.client
        run = c.run()
        for name, values in {"a": {"d0": 0.1, "d1": 0.9}, "b": {"d0": 0.5, "d1": 0.2}, "c": {"d1": 0.7}}.items():
            id = c.post("logged-models", {"experiment_id": "0", "name": name, "source_run_id": run})[1]["model"]["info"]["model_id"]
            c.post("runs/log-batch", {"run_id": run, "metrics": [{"key": "val acc", "value": value, "timestamp": 3, "step": 1, "model_id": id, "dataset_name": dataset, "dataset_digest": "x"}
                                                                 for dataset, value in values.items()]})

        def order(**key):
            answer = c.post("logged-models/search", {"experiment_ids": ["0"], "order_by": [{"field_name": "metrics.`val acc`", "ascending": False, **key}]})
            return [model["info"]["name"] for model in answer[1]["models"]]

        self.assertEqual(order(dataset_name="d0"), ["b", "a", "c"])
        self.assertEqual(order(dataset_name="d0", dataset_digest="x", ascending=True), ["a", "b", "c"])
        self.assertEqual(order(dataset_name="d1"), ["a", "c", "b"])
        self.assertEqual(order(dataset_name="d1", ascending=True), ["b", "c", "a"])


class Imported(Served):
    """A run of an MLflow file store, imported without a copy of its artifacts: they are served from where they lie."""

    def test_artifacts(self):
        source = os.path.join(self.project, "mlruns", "0", "1" * 32)
        files = {"model/weights.bin": bytes(range(256)) * 5000, "notes ä.txt": b"plain"}
        for name, content in {**files, "../meta.yaml": b""}.items():
            os.makedirs(os.path.dirname(os.path.join(source, "artifacts", name)), exist_ok=True)
            with open(os.path.join(source, "artifacts", name), "wb") as file:
                file.write(content)
        os.symlink("/etc/passwd", os.path.join(source, "artifacts", "link"))
        with open(os.path.join(source, "meta.yaml"), "w") as file:
            file.write(f"artifact_uri: file://{source}/artifacts\nend_time: 2\nentry_point_name: ''\nexperiment_id: '0'\nlifecycle_stage: active\n"
                       f"run_id: {'1' * 32}\nrun_name: old\nrun_uuid: {'1' * 32}\nsource_name: ''\nsource_type: 4\nstart_time: 1\nstatus: 3\ntags: []\nuser_id: me\n")
        with open(os.path.join(self.project, "mlruns", "0", "meta.yaml"), "w") as file:
            file.write(f"artifact_location: file://{self.project}/mlruns/0\nexperiment_id: '0'\nlifecycle_stage: active\nname: Default\n")
        imported = self.runglass("import", os.path.join(self.project, "mlruns"))
        self.assertEqual(imported.returncode, 0, imported.stderr)
        [run] = [r["id"] for r in json.loads(self.runglass("runs", "--format", "json").stdout) if r["name"] == "old"]
        _, listing = self.client.get("artifacts/list", run_id=run)
        self.assertEqual([f["path"] for f in listing["files"]], ["model", "notes ä.txt"])
        for name, content in files.items():
            path = urllib.parse.quote(f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{name}")
            status, _, answer = self.client.send("GET", path)
            self.assertEqual((status, answer), (200, content), name)
            status, _, answer = self.client.send("GET", f"/get-artifact?run_uuid={run}&path={urllib.parse.quote(name)}")
            self.assertEqual((status, answer), (200, content), name)
        for name in ("link", "../meta.yaml", "none"):
            self.assertNotEqual(self.client.send("GET", f"/get-artifact?run_uuid={run}&path={name}")[0], 200, name)
        os.unlink(os.path.join(source, "artifacts", "model", "weights.bin"))
        status, _, answer = self.client.send("GET", f"/get-artifact?run_uuid={run}&path=model/weights.bin")
        self.assertEqual((status, json.loads(answer)["error_code"]), (404, "RESOURCE_DOES_NOT_EXIST"))


class Registry(Served):
    def test_life(self):
        c = self.client
        run = c.run()
        self.assertError(c.get("registered-models/get", name="clf"), 404, "RESOURCE_DOES_NOT_EXIST")
        self.assertEqual(c.post("registered-models/create", {"name": "clf", "description": "d", "tags": [{"key": "a", "value": "b"}]})[0], 200)
        self.assertError(c.post("registered-models/create", {"name": "clf"}), 400, "RESOURCE_ALREADY_EXISTS")
        self.assertError(c.post("registered-models/create", {"name": "a/b"}), 400, "INVALID_PARAMETER_VALUE")
        for number in ("1", "2", "3"):
            _, made = c.post("model-versions/create", {"name": "clf", "source": f"s3://b/{number}", "run_id": run})
            self.assertEqual((made["model_version"]["version"], made["model_version"]["status"]), (number, "READY"))
        self.assertEqual(c.get("model-versions/get-download-uri", name="clf", version="2")[1], {"artifact_uri": "s3://b/2"})
        _, moved = c.post("model-versions/transition-stage", {"name": "clf", "version": "1", "stage": "production", "archive_existing_versions": False})
        self.assertEqual(moved["model_version"]["current_stage"], "Production")
        c.post("model-versions/transition-stage", {"name": "clf", "version": "2", "stage": "Production", "archive_existing_versions": "true" == "true"})
        self.assertEqual(c.get("model-versions/get", name="clf", version="1")[1]["model_version"]["current_stage"], "Archived")
        self.assertError(c.post("model-versions/transition-stage", {"name": "clf", "version": "1", "stage": "x"}), 400, "INVALID_PARAMETER_VALUE")
        latest = c.post("registered-models/get-latest-versions", {"name": "clf", "stages": ["Production", "None"]})[1]["model_versions"]
        self.assertEqual(sorted(v["version"] for v in latest), ["2", "3"])
        self.assertEqual(c.post("registered-models/alias", {"name": "clf", "alias": "champion", "version": "2"}), (200, {}))
        self.assertEqual(c.get("registered-models/alias", name="clf", alias="champion")[1]["model_version"]["aliases"], ["champion"])
        self.assertError(c.get("registered-models/alias", name="clf", alias="none"), 400, "INVALID_PARAMETER_VALUE")
        for name, text in (("clf", "version=9"), ("none", "Registered Model")):
            answer = c.post("registered-models/alias", {"name": name, "alias": "champion", "version": "9"})
            self.assertError(answer, 404, "RESOURCE_DOES_NOT_EXIST")
            self.assertIn(text, answer[1]["message"])
        for alias in ("latest", "v3", "a b", ""):
            self.assertError(c.post("registered-models/alias", {"name": "clf", "alias": alias, "version": "2"}), 400, "INVALID_PARAMETER_VALUE")
        self.assertEqual(c.post("registered-models/set-tag", {"name": "clf", "key": "k", "value": "v"}), (200, {}))
        self.assertEqual(c.call("DELETE", "registered-models/delete-tag", {"name": "clf", "key": "k"}), (200, {}))
        self.assertEqual(c.post("model-versions/set-tag", {"name": "clf", "version": "1", "key": "k", "value": "v"}), (200, {}))
        self.assertEqual(c.call("PATCH", "model-versions/update", {"name": "clf", "version": "1", "description": "first"})[1]["model_version"]["description"], "first")
        _, model = c.post("registered-models/rename", {"name": "clf", "new_name": "net"})
        self.assertEqual((model["registered_model"]["aliases"], len(model["registered_model"]["latest_versions"])), ([{"alias": "champion", "version": "2"}], 3))
        prompts = "tag.`mlflow.prompt.is_prompt` != 'true'"
        self.assertEqual([m["name"] for m in c.get("registered-models/search", filter=prompts, max_results=100)[1]["registered_models"]], ["net"])
        _, found = c.get("model-versions/search", filter=f"name = 'net' and run_id = '{run}' and {prompts}", order_by="version_number DESC", max_results=10000)
        self.assertEqual([v["version"] for v in found["model_versions"]], ["3", "2", "1"])
        self.assertEqual(c.call("DELETE", "model-versions/delete", {"name": "net", "version": "3"}), (200, {}))
        self.assertEqual(c.post("model-versions/create", {"name": "net", "source": "s3://b/s"})[1]["model_version"]["version"], "4")  # never 3 again
        self.assertEqual(c.call("DELETE", "registered-models/delete", {"name": "net"}), (200, {}))
        self.assertError(c.get("model-versions/get", name="net", version="1"), 404, "RESOURCE_DOES_NOT_EXIST")

    def test_sources_on_this_machine(self):
        """Whoever loads a version reads its source: only artifacts of the run can be one."""
        c = self.client
        c.post("registered-models/create", {"name": "clf"})
        folder = os.path.join(self.project, "own place")
        experiment = c.post("experiments/create", {"name": "placed", "artifact_location": "file://" + urllib.parse.quote(folder)})[1]["experiment_id"]
        run, elsewhere = c.run(experiment), c.run()
        create = lambda source, **more: c.post("model-versions/create", {"name": "clf", "source": source, **more})
        inside = f"{folder}/{run}/artifacts/model"
        for source in ("/etc/passwd", "file:///etc", "file:/etc", inside, f"{folder}/{run}/artifacts/../../../../etc", "file:///%65tc", "FILE:///etc", "etc", "./etc", "../..",
                       "mlflow-artifacts:/../../etc", "mlflow-artifacts:/%2e%2e/etc", "s3://b/%252e%252E/x", f"runs:/{run}/../../x", "s3://b\\..\\x"):
            self.assertError(create(source), 400, "INVALID_PARAMETER_VALUE")
            self.assertError(create(source, run_id=elsewhere), 400, "INVALID_PARAMETER_VALUE")
        for source in ("/etc/passwd", f"{folder}/{run}/artifacts/../../../../etc", f"{folder}/{run}/artifacts2"):
            self.assertError(create(source, run_id=run), 400, "INVALID_PARAMETER_VALUE")
        for source in (inside, "file://" + urllib.parse.quote(inside)):
            self.assertEqual(create(source, run_id=run)[0], 200, source)
        for source in ("s3://bucket/model", "mlflow-artifacts:/0/x/artifacts/model", f"runs:/{run}/model"):
            self.assertEqual(create(source)[0], 200, source)

    def test_versions_of_logged_models(self):
        c = self.client
        run = c.run()
        id = c.post("logged-models", {"experiment_id": "0", "name": "net", "source_run_id": run})[1]["model"]["info"]["model_id"]
        c.post("registered-models/create", {"name": "clf"})
        version = c.post("model-versions/create", {"name": "clf", "source": f"models:/{id}", "model_id": id})[1]["model_version"]
        self.assertEqual((version["run_id"], version["source"]), (run, f"models:/{id}"))
        self.assertEqual(c.get("model-versions/get-download-uri", name="clf", version="1")[1]["artifact_uri"], f"mlflow-artifacts:/0/models/{id}/artifacts")
        self.assertError(c.post("model-versions/create", {"name": "none", "source": "s3://b/x"}), 404, "RESOURCE_DOES_NOT_EXIST")


if __name__ == "__main__":
    unittest.main()
