# SPDX-License-Identifier: GPL-3.0-or-later
"""When nothing more fits: 503 with a reason, nothing acknowledged is lost, and all is well again with room."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import unittest

from endpoint import PROGRAM, Served

CAN_MOUNT = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


class WithoutRoom:
    """What has to hold whatever it is that makes the room end: take_room() and give_room() do that."""

    def batch(self, first):
        return [{"key": f"m{i % 10}", "value": (first + i) ** 0.5, "timestamp": first + i, "step": first + i} for i in range(1000)]

    def log_until_full(self, run):
        """How many points were acknowledged before one call was refused."""
        for first in range(0, 3_000_000, 1000):
            status, answer = self.client.post("runs/log-batch", {"run_id": run, "metrics": self.batch(first)})
            if status != 200:
                self.assertError((status, answer), 503, "TEMPORARILY_UNAVAILABLE")
                self.assertIn("full", answer["message"])
                return first
        self.fail("nothing was refused")

    def points(self, run):
        found = []
        for key in range(10):
            found += [step for step, _, _ in self.history(run, f"m{key}")]
        return sorted(found)

    def put(self, run, name, content):
        status, headers, answer = self.client.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{name}", content)
        return status, headers, json.loads(answer)

    def test_points(self):
        run = self.client.run()
        self.take_room()
        acknowledged = self.log_until_full(run)
        for _ in range(3):  # and it stays so, without harm to what there is
            self.assertError(self.client.post("runs/log-batch", {"run_id": run, "metrics": self.batch(acknowledged)}), 503, "TEMPORARILY_UNAVAILABLE")
        self.assertEqual(self.points(run), list(range(acknowledged)))
        self.give_room()
        status, answer = self.client.post("runs/log-batch", {"run_id": run, "metrics": self.batch(acknowledged)})
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.points(run), list(range(acknowledged + 1000)))

    def test_while_another_program_holds_the_database(self):
        run = self.client.run()
        holder = sqlite3.connect(os.path.join(self.place(), ".runglass", "runs.db"), isolation_level=None, timeout=30)
        holder.execute("BEGIN IMMEDIATE")
        self.take_room()
        acknowledged = self.log_until_full(run)
        self.assertEqual(self.points(run), list(range(acknowledged)))
        self.give_room()
        holder.execute("ROLLBACK")
        holder.close()
        status, answer = self.client.post("runs/log-batch", {"run_id": run, "metrics": self.batch(acknowledged)})
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.points(run), list(range(acknowledged + 1000)))

    def test_killed_while_full(self):
        run = self.client.run()
        self.take_room()
        acknowledged = self.log_until_full(run)
        self.stop(self.server, signal.SIGKILL)
        self.give_room()
        self.start()
        self.client = self.connect()
        self.assertEqual(self.points(run), list(range(acknowledged)))
        checked = subprocess.run([*self.wrapper, PROGRAM, "check", "--project", self.project], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_artifacts(self):
        run = self.client.run()
        self.assertEqual(self.put(run, "before", b"x" * 1000)[0], 200)
        self.take_room()
        # One that is refused while it comes, and one of which that much more comes than any buffer takes.
        for megabytes in (12, 150):
            status, headers, answer = self.put(run, "large", bytes(megabytes << 20))
            self.assertError((status, answer), 503, "TEMPORARILY_UNAVAILABLE")
            self.assertEqual(headers["Retry-After"], "1")
        _, listing = self.client.get("artifacts/list", run_id=run)
        self.assertEqual([file["path"] for file in listing["files"]], ["before"])
        self.give_room()
        self.assertEqual(self.put(run, "large", bytes(12 << 20))[0], 200)
        status, _, answer = self.client.send("GET", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/large")
        self.assertEqual((status, answer), (200, bytes(12 << 20)))


class LimitedFiles(WithoutRoom, Served):
    """A limit on the size of files. Needs no rights."""

    def place(self):
        return self.project

    def take_room(self):
        resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, (8 << 20, resource.RLIM_INFINITY))

    def give_room(self):
        if self.server.poll() is None:  # the next one has no limit
            resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@unittest.skipUnless(CAN_MOUNT, "a file system that can be filled may not be mounted here")
class FullDisk(WithoutRoom, Served):
    """A file system of 32 MiB, in a namespace that a process of its own holds, so that it outlives the server."""

    def start(self):
        if not self.wrapper:
            script = 'mkdir "$1/.runglass" && mount -t tmpfs -o size=32m none "$1/.runglass" && echo mounted && exec sleep 1000'
            self.holder = subprocess.Popen(["unshare", "-rm", "sh", "-c", script, "sh", self.project], stdout=subprocess.PIPE, text=True)
            self.addCleanup(self.holder.wait)
            self.addCleanup(self.holder.kill)
            self.addCleanup(self.holder.stdout.close)
            self.assertEqual(self.holder.stdout.readline(), "mounted\n")
            self.wrapper = ("nsenter", "-t", str(self.holder.pid), "-U", "-m", "--preserve-credentials")
        super().start()

    def place(self):
        return f"/proc/{self.holder.pid}/root{self.project}"

    def ballast(self):
        return f"{self.place()}/.runglass/ballast"

    def take_room(self):
        with open(self.ballast(), "wb") as file:
            room = os.fstatvfs(file.fileno())
            os.posix_fallocate(file.fileno(), 0, (room.f_bavail - 64) * room.f_bsize)

    def give_room(self):
        os.unlink(self.ballast())


if __name__ == "__main__":
    unittest.main()
