# SPDX-License-Identifier: GPL-3.0-or-later
"""A served project, and a client of the protocol that is nothing but HTTP."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

PROGRAM = os.environ["RUNGLASS_TEST_BINARY"]
with open(PROGRAM, "rb") as _program:  # memory that is freed stays in quarantine there
    SANITIZED = re.search(rb"__[at]san_init", _program.read()) is not None
API = "/api/2.0/mlflow/"

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("BEGIN " + sys.argv[2])
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


class Client:
    """One keep-alive connection."""

    def __init__(self, port, headers=None, host="127.0.0.1"):
        self.port = port
        self.headers = headers or {}
        self.connection = http.client.HTTPConnection(host, port, timeout=30)

    def close(self):
        self.connection.close()

    def send(self, method, path, body=None, headers=None):
        """(status, headers, bytes)"""
        self.connection.request(method, path, body=body, headers={**self.headers, **(headers or {})})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def call(self, method, path, body=None, query=None):
        """(status, decoded JSON) of a call below /api/2.0/mlflow/."""
        target = path if path.startswith("/") else API + path
        if query:
            target += "?" + urllib.parse.urlencode(query, doseq=True)
        data = None if body is None else json.dumps(body).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        status, _, content = self.send(method, target, data, headers)
        return status, json.loads(content)

    def post(self, path, body):
        return self.call("POST", path, body)

    def get(self, target, **query):
        return self.call("GET", target, query=query)

    # What most tests need first.
    def run(self, experiment="0", name="r", tags=()):
        status, answer = self.post("runs/create", {
            "experiment_id": experiment, "run_name": name, "start_time": 1750000000000,
            "tags": [{"key": key, "value": value} for key, value in tags]})
        assert status == 200, answer
        return answer["run"]["info"]["run_id"]

    def data(self, run):
        status, answer = self.get("runs/get", run_id=run)
        assert status == 200, answer
        data = answer["run"]["data"]
        return {
            "metrics": {m["key"]: m for m in data.get("metrics", [])},
            "params": {p["key"]: p["value"] for p in data.get("params", [])},
            "tags": {t["key"]: t["value"] for t in data.get("tags", [])},
            "info": answer["run"]["info"], "inputs": answer["run"]["inputs"], "outputs": answer["run"]["outputs"]}

    def metric(self, run, key, value, step=0, time_ms=1):
        return self.post("runs/log-metric", {"run_id": run, "key": key, "value": value, "timestamp": time_ms, "step": step})


class Served(unittest.TestCase):
    """A project of its own, served on a free port."""

    arguments = ()
    wrapper = ()  # what starts the program
    token = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.project = folder.name
        self.start()
        self.client = self.connect()

    def start(self):
        self.server = subprocess.Popen(
            [*self.wrapper, PROGRAM, "serve", "--port", "0", "--project", self.project, *self.arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop, self.server)
        line = self.server.stdout.readline()
        self.assertTrue(line.startswith("export MLFLOW_TRACKING_URI=http://127.0.0.1:"), line)
        self.uri = line.strip().split("=", 1)[1]
        self.port = int(self.uri.rsplit(":", 1)[1])

    def stop(self, server, how=signal.SIGTERM):
        if server.poll() is None:
            server.send_signal(how)
            server.wait(20)
        server.stdout.close()
        server.stderr.close()

    def hold(self, how):
        """Another process takes the run database, with BEGIN IMMEDIATE or EXCLUSIVE, until it is released."""
        database = os.path.join(self.project, ".runglass", "runs.db")
        holder = subprocess.Popen([sys.executable, "-c", HOLD, database, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.release, holder)
        self.assertEqual(holder.stdout.readline(), "held\n")
        return holder

    def release(self, holder):
        if not holder.stdin.closed:
            holder.stdin.close()
            holder.wait(10)
            holder.stdout.close()

    def connect(self, **headers):
        client = Client(self.port, headers)
        self.addCleanup(client.close)
        return client

    def raw(self):
        """A socket of its own, for what no HTTP client would send."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.addCleanup(connection.close)
        return connection

    def runglass(self, *words):
        return subprocess.run([PROGRAM, *words, "--project", self.project], capture_output=True, text=True, timeout=60)

    def history(self, run, key):
        points = []
        token = ""
        while True:
            status, answer = self.client.get("metrics/get-history", run_id=run, metric_key=key, max_results=25000,
                                             **({"page_token": token} if token else {}))
            self.assertEqual(status, 200, answer)
            points += [(m["step"], m["timestamp"], m["value"]) for m in answer.get("metrics", [])]
            token = answer.get("next_page_token", "")
            if not token:
                return points

    def assertError(self, answer, status, code):
        self.assertEqual((answer[0], answer[1].get("error_code")), (status, code), answer)


def state_of(process):
    """As the kernel names it (proc(5)): Z for one that nobody has waited for, X for one that is gone."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read().rsplit(") ", 1)[1][0]
    except FileNotFoundError:
        return "X"


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
