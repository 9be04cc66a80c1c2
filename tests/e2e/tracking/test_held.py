# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts go on logging while somebody else has the run database: a check, a VACUUM, a transaction that does not end."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import threading
import time
import unittest

from endpoint import Served, wait_until


class Held(Served):
    def database(self):
        connection = sqlite3.connect(os.path.join(self.project, ".runglass", "runs.db"), isolation_level=None, timeout=30)
        self.addCleanup(connection.close)
        return connection

    @contextlib.contextmanager
    def held(self):
        connection = self.database()
        connection.execute("BEGIN EXCLUSIVE")  # this process is another one than the endpoint
        self.holder = connection
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    def fill(self, run, batches):
        for number in range(batches):
            points = [{"key": f"m{i % 10}", "value": (number * 7919 + i) ** 0.5, "timestamp": number * 1000 + i, "step": number * 1000 + i} for i in range(1000)]
            self.assertEqual(self.client.post("runs/log-batch", {"run_id": run, "metrics": points})[0], 200)

    def steps(self, run, key):
        return [step for step, _, _ in self.history(run, key)]

    def settled(self, run, key, count):
        end = time.monotonic() + 20
        while len(self.steps(run, key)) < count and time.monotonic() < end:
            time.sleep(0.02)
        return self.steps(run, key)

    def while_it_lasts(self, what, disturb):
        """Logs one point after the other until `disturb` is done. What was acknowledged is there afterwards, once each."""
        run = self.client.run()
        client = self.connect()
        times, answers, done = [], [], threading.Event()

        def log():
            while not done.is_set() or len(times) < 50:
                began = time.perf_counter()
                answers.append(client.metric(run, "live", len(times), len(times), len(times)))
                times.append((time.perf_counter() - began) * 1e3)

        logging = threading.Thread(target=log)
        logging.start()
        began = time.perf_counter()
        disturb()
        lasted = time.perf_counter() - began
        done.set()
        logging.join()
        times.sort()
        print(f"{what} took {lasted * 1e3:.0f} ms; {len(times)} points, each acknowledged in {times[len(times) // 2]:.2f} ms "
              f"(99 %: {times[len(times) * 99 // 100]:.2f}, longest {times[-1]:.1f})", flush=True)
        self.assertEqual([answer for answer in answers if answer != (200, {})], [])
        self.assertEqual(self.settled(run, "live", len(times)), list(range(len(times))))
        return times

    def test_check_and_vacuum(self):
        old = [self.client.run(name=str(number)) for number in range(4)]
        for run in old:
            self.fill(run, 100)
        connection = self.database()
        self.while_it_lasts("A check", lambda: self.assertEqual(self.runglass("check").returncode, 0))

        def vacuum():
            for _ in range(30):
                connection.execute("VACUUM")

        self.while_it_lasts("Thirty VACUUMs", vacuum)
        self.assertEqual(len(self.steps(old[3], "m3")), 10_000)
        checked = self.runglass("check")
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_points_are_acknowledged_while_it_is_held(self):
        run = self.client.run()
        with self.held():
            for step in range(200):
                self.assertEqual(self.client.metric(run, "m", step, step, step), (200, {}))
            # What would be refused otherwise is refused now.
            self.assertError(self.client.metric("0" * 32, "m", 1), 404, "RESOURCE_DOES_NOT_EXIST")
            self.assertError(self.client.metric(run, "m", "x"), 400, "INVALID_PARAMETER_VALUE")
            self.assertEqual(self.client.data(run)["info"]["status"], "RUNNING")
            self.assertError(self.client.get("/api/3.0/mlflow/traces/search"), 404, "ENDPOINT_NOT_FOUND")
        self.assertEqual(self.settled(run, "m", 200), list(range(200)))
        counted = "     1  GET /api/3.0/mlflow/traces/search  "  # in a transaction behind that of the points
        self.assertTrue(wait_until(lambda: counted in self.runglass("serve", "--status").stdout))
        self.assertEqual(self.client.metric(run, "m", 200, 200, 200), (200, {}))
        self.assertEqual(self.steps(run, "m"), list(range(201)))

    def test_files_of_models_are_among_those_of_the_run(self):
        run = self.client.run()

        def log(name, file):
            id = self.client.post("logged-models", {"experiment_id": "0", "name": name, "source_run_id": run})[1]["model"]["info"]["model_id"]
            path = f"/api/2.0/mlflow-artifacts/artifacts/0/models/{id}/artifacts/{file}"
            self.assertEqual(self.client.send("PUT", path, b"x" * 7)[0], 200)
            return id

        def files():
            return sorted(line.split()[0] for line in self.runglass("artifacts", run).stdout.splitlines()[1:])

        self.assertEqual(self.client.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/before.txt", b"1")[0], 200)
        first = log("net", "MLmodel")
        self.assertEqual(files(), ["before.txt", "net/MLmodel"])
        with self.held():
            log("other", "data/weights")
            self.assertEqual(files(), ["before.txt", "net/MLmodel", "other/data/weights"])
            second = log("net", "MLmodel")  # of one name: told apart by their ids
            self.assertEqual(self.client.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/after.txt", b"2")[0], 200)
            everything = sorted(["after.txt", "before.txt", f"{first}/MLmodel", f"{second}/MLmodel", "other/data/weights"])
            self.assertEqual(files(), everything)
        self.assertTrue(wait_until(lambda: not self.client.metric(run, "m", 1)[1]))
        self.assertEqual(files(), everything)

    def test_each_point_is_there_once(self):
        """Whatever comes twice, in the database and aside or aside alone, in order or not."""
        orders = {"on": [0, 1, 2, 3, 4, 5], "again": [0, 1, 2, 3, 2, 3, 4], "back": [5, 4, 3, 2, 1], "same": [1, 1, 1, 2], "retried": [0, 1, 0, 1, 2, 3]}
        runs = [self.client.run() for _ in range(2)]

        def log(run, key, steps):
            for step in steps:
                self.assertEqual(self.client.metric(run, key, step / 3, step, step), (200, {}))

        for run in runs:
            for key, steps in orders.items():
                log(run, key, steps[:2])
        for key, steps in orders.items():
            log(runs[0], key, steps[2:])
        free = {key: self.history(runs[0], key) for key in orders}
        self.assertEqual([step for step, _, _ in free["retried"]], [0, 1, 2, 3])
        with self.held():
            for key, steps in orders.items():
                log(runs[1], key, steps[2:])
            self.assertEqual({key: self.history(runs[1], key) for key in orders}, free)
        self.assertTrue(wait_until(lambda: {key: self.history(runs[1], key) for key in orders} == free))

    def test_a_new_experiment_does_not_wait(self):
        get = lambda name: self.client.get("experiments/get-by-name", experiment_name=name)
        self.client.run()  # makes the database
        self.stop(self.server)
        self.start()  # one that has not opened it yet
        self.client = self.connect()
        with self.held():
            self.assertError(get("new"), 404, "RESOURCE_DOES_NOT_EXIST")
            made = self.acknowledged(self.client.post("experiments/create", {"name": "new", "tags": [{"key": "team", "value": "Ä"}]}))["experiment_id"]
            self.assertError(self.client.post("experiments/create", {"name": "new"}), 400, "RESOURCE_ALREADY_EXISTS")
            self.assertEqual(get("new")[1]["experiment"]["experiment_id"], made)
            run = self.acknowledged(self.client.post("runs/create", {"experiment_id": made, "start_time": 1}))["run"]["info"]
            self.assertEqual(run["experiment_id"], made)
            self.assertEqual(self.client.metric(run["run_id"], "m", 1), (200, {}))
            found = self.acknowledged(self.client.post("runs/search", {"experiment_ids": [made]}))["runs"]
            self.assertEqual([one["info"]["run_id"] for one in found], [run["run_id"]])
            aside = self.acknowledged(get("new"))
            # Somebody who is not asked for permission takes a name that we have given.
            taken = self.acknowledged(self.client.post("experiments/create", {"name": "taken"}))["experiment_id"]
            other = self.database()
            self.holder.execute("INSERT INTO word(text) VALUES('taken')")
            self.holder.execute("INSERT INTO experiment(word, artifact_location, created_ms, updated_ms) SELECT id, '', 1, 1 FROM word WHERE text = 'taken'")
            self.holder.execute("COMMIT")
            self.holder.execute("BEGIN")
        wait_until(lambda: other.execute("SELECT count(*) FROM experiment_tag WHERE key LIKE ?", (f"%{taken}",)).fetchone()[0])
        self.assertEqual(self.acknowledged(get("new")), aside)
        theirs = self.acknowledged(get("taken"))
        self.assertNotEqual(theirs["experiment"]["experiment_id"], taken)
        self.assertEqual(self.acknowledged(self.client.get("experiments/get", experiment_id=taken)), theirs)
        late = self.acknowledged(self.client.post("runs/create", {"experiment_id": taken, "start_time": 1}))["run"]["info"]
        self.assertEqual(late["experiment_id"], theirs["experiment"]["experiment_id"])
        for number in (taken, late["experiment_id"]):
            found = self.acknowledged(self.client.post("runs/search", {"experiment_ids": [number]}))["runs"]
            self.assertEqual([one["info"]["run_id"] for one in found], [late["run_id"]])
        self.assertEqual(self.acknowledged(self.client.get("runs/get", run_id=run["run_id"]))["run"]["info"]["experiment_id"], made)
        self.assertEqual(self.steps(run["run_id"], "m"), [0])

    def test_a_new_experiment_survives_the_endpoint(self):
        self.client.run()
        with self.held():
            made = self.acknowledged(self.client.post("experiments/create", {"name": "new"}))["experiment_id"]
            run = self.acknowledged(self.client.post("runs/create", {"experiment_id": made, "start_time": 1}))["run"]["info"]["run_id"]
            self.stop(self.server, signal.SIGKILL)
        self.start()
        self.client = self.connect()
        self.assertEqual(self.client.get("experiments/get", experiment_id=made)[1]["experiment"]["name"], "new")
        self.assertEqual(self.client.get("runs/get", run_id=run)[1]["run"]["info"]["experiment_id"], made)

    # A whole training, as a client logs it.

    def acknowledged(self, answer, status=200):
        self.assertEqual(answer[0], status, answer)
        return answer[1]

    def put(self, run, name, content):
        return self.client.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{name}", content)[0]

    def begin(self):
        """Everything that a client says of a run before it ends, each with its answer."""
        c, post = self.client, lambda path, body: self.acknowledged(self.client.post(path, body))
        run = c.run(name="training", tags=[("mlflow.source.name", "train.py"), ("mlflow.source.git.commit", "c" * 40),
                                           ("mlflow.user", "me"), ("t", "1"), ("t", "2")])
        post("runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.1"})
        post("runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.1"})
        self.assertError(c.post("runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.2"}), 400, "INVALID_PARAMETER_VALUE")
        post("runs/log-batch", {"run_id": run, "params": [{"key": f"p{i}", "value": str(i)} for i in range(50)],
                                "tags": [{"key": "mlflow.note.content", "value": "why"}, {"key": "gone", "value": "x"}],
                                "metrics": [{"key": "loss", "value": 1 / (s + 1), "timestamp": s, "step": s} for s in range(100)]})
        self.assertError(c.post("runs/log-batch", {"run_id": run, "params": [{"key": "p1", "value": "2"}], "tags": [{"key": "not", "value": "written"}]}),
                         400, "INVALID_PARAMETER_VALUE")
        post("runs/delete-tag", {"run_id": run, "key": "gone"})
        self.assertError(c.post("runs/delete-tag", {"run_id": run, "key": "gone"}), 404, "RESOURCE_DOES_NOT_EXIST")
        post("runs/set-tag", {"run_id": run, "key": "t", "value": "3"})
        post("runs/log-inputs", {"run_id": run, "datasets": [{"tags": [{"key": "mlflow.data.context", "value": "train"}], "dataset": {
            "name": "iris", "digest": "abc", "source_type": "local", "source": "{}", "profile": "{}"}}]})
        post("runs/outputs", {"run_id": run, "models": [{"model_id": "m-" + "0" * 32, "step": 3}]})
        model = {"artifact_path": "model", "flavors": {}, "utc_time_created": "now", "run_id": "0" * 32}
        post("runs/log-model", {"run_id": run, "model_json": json.dumps(model)})
        for step, time_ms, value in ((99, 99, 0.01), (200, 5, 7), (150, 5, "NaN"), (150, 5, "NaN"), (-3, 9, 1e300)):
            self.acknowledged(c.metric(run, "loss", value, step, time_ms))
        self.assertEqual(self.put(run, "model/weights", b"w" * 1000), 200)
        child = c.run(name="child", tags=[("mlflow.parentRunId", run)])
        self.acknowledged(c.metric(child, "m", 1))
        return run, child

    def end(self, run, child):
        answers = [self.acknowledged(self.client.post("runs/update", {"run_id": child, "status": "FAILED", "end_time": 1750000001000}))]
        answers.append(self.acknowledged(self.client.post("runs/update", {"run_id": run, "status": "FINISHED", "end_time": 1750000002000, "run_name": "renamed"})))
        return answers

    def seen(self, run, child):
        """What a client reads of it, without the ids."""
        c = self.client
        found = [c.get("runs/get", run_id=run), c.get("runs/get", run_id=child), c.get("artifacts/list", run_id=run, path="model"),
                 c.send("GET", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model/weights")[2].decode(), self.history(run, "loss")]
        for text in ("params.p7 = '7' and tags.t = '3'", "metrics.loss > 6", "tags.mlflow.note.content LIKE 'w%'", f"tags.mlflow.parentRunId = '{run}'",
                     "dataset.name = 'iris'", "attributes.status = 'FAILED'"):
            runs = self.acknowledged(c.post("runs/search", {"experiment_ids": ["0"], "filter": text})).get("runs", [])
            found.append([r for r in runs if r["info"]["run_id"] in (run, child)])
        return json.loads(json.dumps(found).replace(run, "RUN").replace(child, "CHILD"))

    def assertSame(self, one, other):
        self.maxDiff = None
        for a, b in zip(one, other, strict=True):
            # Params, tags and metrics are in no order.
            self.assertEqual(self.sorted(a), self.sorted(b))

    def sorted(self, value):
        if isinstance(value, dict):
            return {key: self.sorted(inner) for key, inner in value.items()}
        return sorted((self.sorted(inner) for inner in value), key=json.dumps) if isinstance(value, list) else value

    def exported(self, runs):
        """What the database itself says of runs, without the ids and times of its own."""
        text = "".join(self.runglass("show", run, "--format", "json").stdout for run in runs)
        text += "".join(self.runglass("metrics", run).stdout for run in runs)
        for number, run in enumerate(runs):
            text = text.replace(run, f"RUN{number}")
        return re.sub(r'"time_ms": \d+', "", text)

    def test_a_whole_training_while_it_is_held(self):
        free = self.begin()
        before = self.seen(*free)
        ends = self.end(*free)
        after = self.seen(*free)
        with self.held():
            began = time.perf_counter()
            held = self.begin()
            self.assertSame(self.seen(*held), before)
            self.assertSame(json.loads(json.dumps(self.end(*held)).replace(held[0], "RUN").replace(held[1], "CHILD")),
                            json.loads(json.dumps(ends).replace(free[0], "RUN").replace(free[1], "CHILD")))
            self.assertSame(self.seen(*held), after)
            print(f"A training that logs, ends and is read twice while the database is held: {(time.perf_counter() - began) * 1e3:.0f} ms", flush=True)
            self.assertEqual(self.database().execute("SELECT count(*) FROM run").fetchone()[0], 2)
        self.assertTrue(wait_until(lambda: self.database().execute("SELECT count(*) FROM run").fetchone()[0] == 4))
        self.assertSame(self.seen(*held), after)
        self.assertEqual(self.exported(held), self.exported(free))
        self.assertEqual(self.runglass("check").returncode, 0)

    def test_a_training_whose_endpoint_is_killed(self):
        free = self.begin()
        self.end(*free)
        after = self.seen(*free)
        with self.held():
            held = self.begin()
            self.stop(self.server, signal.SIGKILL)
            # The next one tells it, too, and goes on.
            self.start()
            self.client = self.connect()
            self.assertError(self.client.post("runs/log-parameter", {"run_id": held[0], "key": "lr", "value": "0.2"}), 400, "INVALID_PARAMETER_VALUE")
            self.end(*held)
            self.assertSame(self.seen(*held), after)
            self.stop(self.server, signal.SIGKILL)
        self.start()
        self.client = self.connect()
        self.assertSame(self.seen(*held), after)
        self.assertEqual(self.exported(held), self.exported(free))
        self.assertEqual(os.listdir(os.path.join(self.project, ".runglass", "aside")), [])

    def test_taken_over_by_the_next_command(self):
        run = self.client.run()
        with self.held():
            self.assertEqual(self.client.metric(run, "m", 1), (200, {}))
            self.acknowledged(self.client.post("runs/update", {"run_id": run, "status": "FINISHED", "end_time": 1}))
            self.stop(self.server, signal.SIGKILL)
        checked = self.runglass("check")
        self.assertEqual(checked.returncode, 0)
        self.assertIn("in .runglass/aside: 2.", checked.stdout)
        [shown] = json.loads(self.runglass("runs", "--format", "json").stdout)
        self.assertEqual((shown["status"], shown["metrics"]["m"]["last"]), ("finished", 1))
        self.assertNotIn("aside", self.runglass("check").stdout)

    def test_two_values_of_a_param_at_once(self):
        """Of clients that set the same param to different values while the database is held, one wins and the others are told."""
        run = self.client.run()
        answers = []

        def log(value):
            answers.append((self.connect().post("runs/log-parameter", {"run_id": run, "key": "p", "value": value})[0], value))

        with self.held():
            threads = [threading.Thread(target=log, args=(str(number),)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(sorted(status for status, _ in answers), [200] + 7 * [400])
        [won] = [value for status, value in answers if status == 200]
        self.assertEqual(self.client.data(run)["params"], {"p": won})

    def test_a_file_of_the_name_of_a_folder(self):
        """Also when it is the first of what is kept: nothing that is acknowledged finds its place taken."""
        run = self.client.run()
        put = lambda name: self.client.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{name}", b"x")[0]
        self.assertEqual(put("d/b.txt"), 200)
        holder = self.hold("IMMEDIATE")
        self.assertEqual([put("d"), put("d/b.txt/c"), put("d/c.txt"), put("d/c.txt/x")], [400, 400, 200, 400])
        self.release(holder)

    def test_a_run_that_is_deleted_meanwhile(self):
        run, other = self.client.run(), self.client.run()
        with self.held():
            self.assertEqual(self.client.metric(run, "m", 1), (200, {}))
            self.assertEqual(self.client.metric(other, "m", 1), (200, {}))
            self.acknowledged(self.client.post("runs/delete", {"run_id": run}))
            self.assertError(self.client.metric(run, "m", 2, 1), 400, "INVALID_PARAMETER_VALUE")
        self.assertEqual(self.client.data(run)["info"]["lifecycle_stage"], "deleted")
        self.assertEqual(self.steps(other, "m"), [0])

    def test_killed_while_it_is_held(self):
        run = self.client.run()
        values = [0.1, "NaN", "-Infinity", 1e300, -0.0]
        with self.held():
            for step in range(100):
                self.assertEqual(self.client.metric(run, "m/ä", values[step % 5], step, step), (200, {}))
            self.stop(self.server, signal.SIGKILL)
        folder = os.path.join(self.project, ".runglass", "aside")
        [kept] = os.listdir(folder)
        with open(os.path.join(folder, kept), "ab") as file:
            file.write(b"\x20\x00\x00\x00half of a reco")  # the last one was cut off
        self.start()
        self.client = self.connect()
        found = self.history(run, "m/ä")
        values[2] = -1.7976931348623157e308  # as the protocol tells it
        self.assertEqual([(step, value) for step, _, value in found], [(step, values[step % 5]) for step in range(100)])
        self.assertEqual(os.listdir(folder), [])
        self.assertEqual(self.runglass("check").returncode, 0)

    def test_stopped_while_it_is_held(self):
        run = self.client.run()
        with self.held():
            self.assertEqual(self.client.metric(run, "m", 1), (200, {}))
            self.stop(self.server)
        self.start()
        self.client = self.connect()
        self.assertEqual(self.steps(run, "m"), [0])


if __name__ == "__main__":
    unittest.main()
