# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts that were started elsewhere and died without a word: their runs are ended by a person."""

import json
import os
import sqlite3
import time
import unittest

from endpoint import Served


class EndedByHand(Served):
    def shown(self, run):
        return json.loads(self.runglass("show", run, "--format", "json").stdout)

    def test_stop_marks_a_run_that_nobody_else_ends(self):
        run = self.client.run()
        self.client.metric(run, "loss", 1, 0, 1_750_000_000_500)
        self.assertEqual(self.shown(run)["status"], "running")
        done = self.runglass("stop", run, "--wait")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("has no process that Runglass knows", done.stderr)
        told = self.shown(run)
        self.assertEqual(told["status"], "killed")
        self.assertEqual(told["end_time_ms"], max(1_750_000_000_500, told["start_time_ms"]))  # the last that was heard of it
        self.assertEqual(self.client.get("runs/get", run_id=run)[1]["run"]["info"]["status"], "KILLED")
        again = self.runglass("stop", run)
        self.assertEqual(again.returncode, 1)
        self.assertIn("it is killed", again.stderr)
        # A script that still runs is not refused, and can say so.
        self.assertEqual(self.client.metric(run, "loss", 0.5, 1, 1_750_000_000_600), (200, {}))
        self.assertEqual(self.client.post("runs/update", {"run_id": run, "status": "RUNNING"})[0], 200)
        self.assertEqual(self.shown(run)["status"], "running")

    def test_when_it_last_logged(self):
        now = int(time.time() * 1000)
        run = self.client.post("runs/create", {"experiment_id": "0", "start_time": now - 3 * 3_600_000})[1]["run"]["info"]["run_id"]
        self.client.metric(run, "loss", 1, 0, now - 2 * 3_600_000 - 30_000)
        words = lambda: [line.split() for line in self.runglass("show", run).stdout.splitlines()]
        self.assertIn(["last", "logged", "2h", "0m", "ago"], words())
        self.client.metric(run, "loss", 0.5, 1, now)
        self.assertNotIn("last", [line[0] for line in words() if line])

    def test_a_clock_ahead_is_no_sign(self):
        run = self.client.run()
        self.client.metric(run, "loss", 1, 0, 3_350_000_000_000)
        self.assertEqual(self.runglass("stop", run).returncode, 0)
        told = self.shown(run)
        self.assertEqual(told["end_time_ms"], told["start_time_ms"])

    def test_who_holds_the_database_is_named(self):
        run = self.client.run()
        holder = sqlite3.connect(os.path.join(self.project, ".runglass", "runs.db"), isolation_level=None, timeout=30)
        self.addCleanup(holder.close)
        holder.execute("BEGIN IMMEDIATE")
        done = self.runglass("stop", run)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"Waiting for .*\(process {os.getpid()}\), which holds the run database")
        self.assertRegex(done.stderr, rf"is not marked as killed, because .*\(process {os.getpid()}\) holds")
        holder.execute("ROLLBACK")
        self.assertEqual(self.runglass("stop", run).returncode, 0)
        self.assertEqual(self.shown(run)["status"], "killed")


if __name__ == "__main__":
    unittest.main()
