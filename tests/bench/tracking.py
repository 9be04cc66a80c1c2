#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tracking.py BUILD_DIR [--upload]: the tracking endpoint under a client that is nothing but sockets, with the figures of
MLflow 3.11's own server on this class of machine (2 virtual cores, quiet) beside it. Client and server share the
cores; the load average tells who else did."""

import json
import multiprocessing
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

API = "/api/2.0/mlflow/"


class Connection:
    """A keep-alive connection that reads no more of an answer than it needs."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    @staticmethod
    def request(method, path, body=b""):
        return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode() + body

    def exchange(self, request):
        self.socket.sendall(request)
        data = self.rest
        while b"\r\n\r\n" not in data:
            data += self.socket.recv(1 << 18)
        head, body = data.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{head.decode()}\n{body[:500].decode()}")
        size = int(next(line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")))
        pieces = [body]
        left = size - len(body)
        while left > 0:
            piece = self.socket.recv(min(left, 1 << 20))
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def post(self, path, body):
        return json.loads(self.exchange(self.request("POST", API + path, json.dumps(body).encode())))

    def get(self, path):
        return self.exchange(self.request("GET", API + path))


class Server:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="runglass-bench-")
        began = time.perf_counter()
        self.process = subprocess.Popen([program, "serve", "--port", "0", "--project", self.folder], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().strip().rsplit(":", 1)[1])
        connection = Connection(self.port)
        connection.exchange(Connection.request("GET", "/health"))
        self.start_ms = (time.perf_counter() - began) * 1e3

    def resident_mb(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder)


def new_run(connection, name="bench"):
    return connection.post("runs/create", {"experiment_id": "0", "run_name": name, "start_time": 1})["run"]["info"]["run_id"]


def batches(run, count, first=0, keys=("loss",)):
    """log-batch requests of 1,000 metrics, made before the clock starts."""
    for number in range(count):
        base = first + number * 1000
        metrics = [{"key": keys[i % len(keys)], "value": 0.1 + (base + i) / 997, "timestamp": 1750000000000 + base + i, "step": (base + i) // len(keys)}
                   for i in range(1000)]
        yield Connection.request("POST", API + "runs/log-batch", json.dumps({"run_id": run, "metrics": metrics}).encode())


def singles(run, key, count):
    for step in range(count):
        body = {"run_uuid": run, "key": key, "value": step / 7, "timestamp": 1750000000000 + step, "step": step, "run_id": run}
        yield Connection.request("POST", API + "runs/log-metric", json.dumps(body).encode())


def timed(connection, requests):
    times = []
    for request in requests:
        began = time.perf_counter()
        connection.exchange(request)
        times.append((time.perf_counter() - began) * 1e3)
    return times


def percentile(times, part):
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def client(port, requests, queue):
    queue.put(timed(Connection(port), requests))


def at_once(port, works):
    """The times of all requests of clients that are processes of their own, each with its list of them."""
    queue = multiprocessing.Queue()
    clients = [multiprocessing.Process(target=client, args=(port, requests, queue)) for requests in works]
    for process in clients:
        process.start()
    times = [t for _ in clients for t in queue.get()]
    for process in clients:
        process.join()
    return times


def row(what, value, target, peer):
    print(f"{what:<52} {value:>24}   {target:>18}   {peer:>20}", flush=True)


def main(build):
    program = os.path.join(build, "app", "cli", "runglass")
    print(f"load average before: {os.getloadavg()[0]:.1f}")
    row("", "measured", "target", "MLflow 3.11")
    starts = []
    for _ in range(5):
        server = Server(program)
        starts.append(server.start_ms)
        server.close()
    row("start to first answer, median of 5", f"{statistics.median(starts):.0f} ms", "50 ms", "4,300 ms")

    server = Server(program)
    connection = Connection(server.port)
    for keys, name, peer in ((("loss",), "one key", "11,200/s"), (tuple(f"k{i}" for i in range(10)), "ten keys", "9,900/s")):
        run = new_run(connection)
        requests = list(batches(run, 300, keys=keys))
        timed(connection, requests[:20])
        began = time.perf_counter()
        times = timed(connection, requests[20:])
        rate = 280_000 / (time.perf_counter() - began)
        row(f"log-batch of 1,000 metrics, {name}", f"{rate:,.0f}/s p99 {percentile(times, .99):.1f} ms", "600,000/s", peer)

    run = new_run(connection)
    times = timed(connection, list(singles(run, "one", 5000)))
    row("log-metric, one client", f"p50 {percentile(times, .5):.3f} p99 {percentile(times, .99):.2f} ms", "p50 0.2 p99 1 ms", "p50 7.3 p95 12 ms")
    times = at_once(server.port, [list(singles(new_run(connection, str(i)), "m", 1000)) for i in range(16)])
    row("log-metric, 16 clients at once", f"p50 {percentile(times, .5):.2f} p99 {percentile(times, .99):.2f} ms", "p99 10 ms", "8 clients: p95 244 ms")
    times = at_once(server.port, [[Connection.request("GET", "/health")] * 1000] * 16)
    row("the same clients asking for /health, nothing written", f"p50 {percentile(times, .5):.2f} p99 {percentile(times, .99):.2f} ms", "(the floor)", "not measured")

    run = new_run(connection)
    for request in batches(run, 100):
        connection.exchange(request)
    times = []
    for _ in range(7):
        began = time.perf_counter()
        answer = connection.get(f"metrics/get-history?run_id={run}&metric_key=loss&max_results=100000")
        times.append((time.perf_counter() - began) * 1e3)
    row(f"get-history of 100,000 points ({len(answer) / 1e6:.1f} MB)", f"{statistics.median(times):.0f} ms", "40 ms", "3,700 ms")

    experiment = connection.post("experiments/create", {"name": "many"})["experiment_id"]
    for number in range(1000):
        id = connection.post("runs/create", {"experiment_id": experiment, "run_name": f"run {number}", "start_time": number, "tags": [
            {"key": f"mlflow.tag{i}", "value": f"value of tag {i}"} for i in range(4)]})["run"]["info"]["run_id"]
        connection.post("runs/log-batch", {"run_id": id, "params": [{"key": f"param_{i}", "value": str(number * i)} for i in range(20)],
                                           "metrics": [{"key": f"metric_{i}", "value": number / (i + 1), "timestamp": 1750000000000, "step": 50} for i in range(10)]})
    request = Connection.request("POST", API + "runs/search", json.dumps({"experiment_ids": [experiment], "max_results": 1000}).encode())
    answer = connection.exchange(request)
    assert len(json.loads(answer)["runs"]) == 1000
    row(f"search of 1,000 runs ({len(answer) / 1e6:.1f} MB)", f"{statistics.median(timed(connection, [request] * 9)):.0f} ms", "25 ms", "1,390 ms")

    upload(server, connection, run)
    run = new_run(connection)
    keys = tuple(f"series {i}" for i in range(20))
    for first in range(0, 10_000_000, 1_000_000):
        for request in batches(run, 1000, first, keys):
            connection.exchange(request)
    row("resident memory after 10,000,000 points", f"{server.resident_mb():.0f} MB", "60 MB", "520 MB when empty")
    server.close()
    print(f"load average after: {os.getloadavg()[0]:.1f}")


def warm(folder, megabytes):
    """Hands memory to the page cache and takes it away again. What the cache gets after that is memory that the machine has already: a virtual
    one pays several times the whole copy for memory that its host has taken back, and whoever comes first would pay it."""
    path = os.path.join(folder, "warm")
    with open(path, "wb") as file:
        for _ in range(megabytes):
            file.write(bytes(1 << 20))
    os.unlink(path)


def upload(server, connection, run, megabytes=512, rounds=7):
    """Copy and upload of the same new content in turn, both into a new file and both with fsync. All are kept to the end: a file system that
    tells its disk of freed blocks (mount option discard) does so in the background, and the next in turn would pay for it."""
    piece = os.urandom(1 << 20)
    source = os.path.join(server.folder, "source.bin")
    with open(source, "wb") as file:
        for _ in range(megabytes):
            file.write(piece)
    copies, uploads = [], []
    for number in range(rounds):
        with open(source, "r+b") as file:
            file.write(str(number).encode())
            os.fsync(file.fileno())
        warm(server.folder, megabytes * 3 // 2)
        began = time.perf_counter()
        with open(source, "rb") as read, open(f"{source}.copy{number}", "wb") as write:
            while data := read.read(1 << 20):
                write.write(data)
            write.flush()
            os.fsync(write.fileno())
        copies.append(time.perf_counter() - began)
        warm(server.folder, megabytes * 3 // 2)
        path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/f{number}"
        began = time.perf_counter()
        connection.socket.sendall(f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {megabytes << 20}\r\n\r\n".encode())
        with open(source, "rb") as file:
            connection.socket.sendfile(file)
        assert b"200 OK" in connection.socket.recv(4096)
        uploads.append(time.perf_counter() - began)
    for number in range(rounds):
        os.unlink(f"{source}.copy{number}")
        connection.exchange(Connection.request("DELETE", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/f{number}"))
    share = min(copies) / min(uploads)
    row(f"artifact upload of {megabytes} MiB, with fsync, best of {rounds}", f"{megabytes / min(uploads):.0f} MiB/s = {share:.0%} of copy", "50 % of a copy", "not measured")
    row("the same, medians", f"{statistics.median(copies) / statistics.median(uploads):.0%} of copy", "", "")


def only_upload(build):
    server = Server(os.path.join(build, "app", "cli", "runglass"))
    connection = Connection(server.port)
    upload(server, connection, new_run(connection))
    server.close()


if __name__ == "__main__":
    arguments = [word for word in sys.argv[1:] if word != "--upload"]
    (only_upload if "--upload" in sys.argv else main)(arguments[0] if arguments else "build/release")
