# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts go on logging while somebody else has the run database: a check, a VACUUM, a transaction that does not end."""

import contextlib
import os
import signal
import sqlite3
import threading
import time
import unittest

from endpoint import Served


class Held(Served):
    def database(self):
        connection = sqlite3.connect(os.path.join(self.project, ".runglass", "runs.db"), isolation_level=None, timeout=30)
        self.addCleanup(connection.close)
        return connection

    @contextlib.contextmanager
    def held(self):
        connection = self.database()
        connection.execute("BEGIN IMMEDIATE")
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
        self.assertEqual(self.client.metric(run, "m", 200, 200, 200), (200, {}))
        self.assertEqual(self.steps(run, "m"), list(range(201)))

    def test_what_is_no_point_waits_and_comes_after(self):
        run = self.client.run()
        answers = []

        def tag():
            answers.append(self.connect().post("runs/set-tag", {"run_id": run, "key": "t", "value": "1"}))

        with self.held():
            self.assertEqual(self.client.metric(run, "m", 1), (200, {}))
            waiting = threading.Thread(target=tag)
            waiting.start()
            time.sleep(0.3)
            self.assertEqual(answers, [])
            self.assertEqual(self.client.metric(run, "m", 2, 1), (200, {}))
        waiting.join()
        self.assertEqual(answers, [(200, {})])
        data = self.client.data(run)
        self.assertEqual((data["tags"]["t"], data["metrics"]["m"]["value"]), ("1", 2))

    def test_a_run_that_is_deleted_meanwhile(self):
        run, other = self.client.run(), self.client.run()
        with self.held():
            self.assertEqual(self.client.metric(run, "m", 1), (200, {}))
            self.assertEqual(self.client.metric(other, "m", 1), (200, {}))
            connection = self.connect()
            deleting = threading.Thread(target=lambda: connection.post("runs/delete", {"run_id": run}))
            deleting.start()
            time.sleep(0.1)
        deleting.join()
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
