# SPDX-License-Identifier: GPL-3.0-or-later
"""What was acknowledged is there, whoever dies; many writers at once; clients that vanish."""

import http.client
import json
import random
import threading
import time
import unittest

from endpoint import API, Client, Served


class Durability(Served):
    def test_kill_between_request_and_answer(self):
        run = self.client.run()
        acknowledged = 0
        for life in range(4):
            client = self.connect()
            killer = threading.Timer(0.1 + 0.2 * random.random(), self.server.kill)
            killer.start()
            try:
                while True:
                    batch = [{"key": "m", "value": s / 7, "timestamp": s, "step": s} for s in range(acknowledged, acknowledged + 50)]
                    status, answer = client.post("runs/log-batch", {"run_id": run, "metrics": batch})
                    self.assertEqual(status, 200, answer)
                    acknowledged += 50
            except (OSError, http.client.HTTPException):
                pass  # killed
            killer.join()
            self.stop(self.server)
            self.start()
            self.client = self.connect()
            kept = [step for step, _, _ in self.history(run, "m")]
            # Nothing acknowledged is lost; what was on its way is there as a whole or not at all.
            self.assertIn(len(kept), (acknowledged, acknowledged + 50))
            self.assertEqual(kept, list(range(len(kept))))
            # The client sends again what it got no answer to: nothing is doubled.
            status, _ = self.client.post("runs/log-batch", {"run_id": run, "metrics": batch})
            self.assertEqual(status, 200)
            acknowledged = batch[-1]["step"] + 1
            self.assertEqual([step for step, _, _ in self.history(run, "m")], list(range(acknowledged)))
        self.assertGreater(acknowledged, 200)
        self.assertEqual(self.runglass("check").returncode, 0)

    def test_many_writers(self):
        runs = [self.client.run(name=str(i)) for i in range(4)]
        failures = []

        def write(number):
            client = Client(self.port)
            for step in range(100):
                answer = client.metric(runs[number % 4], f"m{number}", step, step, step)
                if answer != (200, {}):
                    failures.append(answer)
            client.close()

        threads = [threading.Thread(target=write, args=(i,)) for i in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        for number in range(16):
            self.assertEqual([s for s, _, _ in self.history(runs[number % 4], f"m{number}")], list(range(100)))

    def test_a_mistake_of_one_does_not_cost_the_others(self):
        run = self.client.run()
        self.client.post("runs/log-parameter", {"run_id": run, "key": "p", "value": "1"})
        answers = []

        def good():
            client = self.connect()
            answers.extend(client.metric(run, "good", i, i)[0] for i in range(100))

        def bad():
            client = self.connect()
            for i in range(100):
                status, _ = client.post("runs/log-batch", {"run_id": run, "metrics": [{"key": "bad", "value": 1, "timestamp": i}], "params": [{"key": "p", "value": "2"}]})
                answers.append(200 if status == 400 else status)

        threads = [threading.Thread(target=f) for f in (good, bad, good, bad)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(answers), {200})
        self.assertEqual(len(self.history(run, "good")), 100)  # both sent the same
        self.assertEqual(self.history(run, "bad"), [])

    def test_clients_that_vanish_mid_body(self):
        run = self.client.run()
        body = json.dumps({"run_id": run, "key": "m", "value": 1, "timestamp": 1}).encode()
        for cut in (0, 1, len(body) // 2, len(body) - 1):
            connection = self.raw()
            connection.sendall(f"POST {API}runs/log-metric HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:cut])
            connection.close()
        self.assertEqual(self.client.metric(run, "other", 1), (200, {}))
        self.assertNotIn("m", self.client.data(run)["metrics"])

    def test_a_check_does_not_hold_up_a_script(self):
        run = self.client.run()
        for begin in range(0, 200_000, 1000):
            self.client.post("runs/log-batch", {"run_id": run, "metrics": [{"key": "m", "value": s, "timestamp": s, "step": s} for s in range(begin, begin + 1000)]})
        done = threading.Event()

        def check():
            self.runglass("check")
            done.set()

        thread = threading.Thread(target=check)
        thread.start()
        slowest = 0
        step = 0
        while not done.is_set() or step < 50:
            began = time.monotonic()
            self.assertEqual(self.client.metric(run, "live", 1, step, step), (200, {}))
            slowest = max(slowest, time.monotonic() - began)
            step += 1
        thread.join()
        self.assertLess(slowest, 1.0)  # on a machine that does other things meanwhile

    def test_the_desktop_sees_it_at_once(self):
        run = self.client.run(name="live")
        self.client.metric(run, "m", 1)
        self.assertEqual(json.loads(self.runglass("show", run, "--format", "json").stdout)["metrics"]["m"]["count"], 1)
        self.assertIn("live", self.runglass("runs", "--filter", "status = 'running'").stdout)


if __name__ == "__main__":
    unittest.main()
