# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call, what is refused, and what does not bring the endpoint down or fill its memory."""

import base64
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import unicodedata
import unittest

from endpoint import API, PROGRAM, SANITIZED, Client, Served, wait_until


def residentOf(server):
    """KiB."""
    with open(f"/proc/{server.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


class Access(Served):
    def test_hosts(self):
        for host, status in (("127.0.0.1:5000", 200), ("localhost", 200), ("[::1]:80", 200), ("evil.example", 403), ("127.0.0.1.evil.example", 403), ("", 403),
                             ("LocalHost:5000", 200), ("localhost:80@evil.com", 403), ("localhost:", 200)):
            self.assertEqual(self.client.send("GET", "/health", headers={"Host": host})[0], status, host)

    def test_origins(self):
        run = self.client.run()
        body = json.dumps({"run_id": run, "key": "m", "value": 1, "timestamp": 1}).encode()
        for origin, status in (("http://evil.example", 403), ("null", 403), ("http://localhost:3000", 200), ("http://127.0.0.1:5000", 200), ("http://localhost.evil.example", 403)):
            self.assertEqual(self.client.send("POST", API + "runs/log-metric", body, {"Content-Type": "application/json", "Origin": origin})[0], status, origin)

    def test_what_is_said_twice(self):
        for twice in (("Host", "127.0.0.1", "evil.example"), ("Host", "evil.example", "127.0.0.1"), ("Host", "evil.example", f"127.0.0.1:{self.port}"),
                      ("Origin", "http://localhost", "http://evil.example"), ("Origin", "http://evil.example", "http://localhost"),
                      ("Origin", "http://evil.example", f"http://127.0.0.1:{self.port}")):
            connection = self.raw()
            lines = "".join(f"{twice[0]}: {value}\r\n" for value in twice[1:])
            more = "" if twice[0] == "Host" else "Host: localhost\r\n"
            connection.sendall(f"POST {API}runs/create HTTP/1.1\r\n{more}{lines}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}".encode())
            self.assertRegex(connection.recv(100), rb"^HTTP/1.1 40[03] ")
        for lengths in (("2", "20"), ("20", "2"), ("2", "2")):
            connection = self.raw()
            lines = "".join(f"Content-Length: {length}\r\n" for length in lengths)
            connection.sendall(f"POST {API}runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{lines}\r\n{{}}".encode())
            self.assertRegex(connection.recv(100), rb"^HTTP/1.1 400 ")

    def test_headers(self):
        headers = self.client.send("GET", "/health")[1]
        self.assertEqual((headers["X-Content-Type-Options"], headers["X-Frame-Options"]), ("nosniff", "SAMEORIGIN"))

    def test_loopback_only(self):
        with open("/proc/net/tcp") as file:
            listening = [line.split()[1] for line in file if line.split()[3] == "0A"]
        self.assertIn(f"0100007F:{self.port:04X}", listening)
        self.assertNotIn(f"00000000:{self.port:04X}", listening)
        for option in ("--address", "--host"):
            refused = subprocess.run([PROGRAM, "serve", option, "0.0.0.0", "--project", self.project], capture_output=True, text=True)
            self.assertEqual((refused.returncode, "--token" in refused.stderr), (2, True))
            for address in ("::", "2001:db8::1", "::ffff:192.0.2.1"):
                refused = subprocess.run([PROGRAM, "serve", option, address, "--project", self.project], capture_output=True, text=True)
                self.assertEqual((refused.returncode, "--token" in refused.stderr), (2, True), address)

    def test_second_instance_says_so(self):
        again = self.runglass("serve", "--port", "0")
        self.assertEqual(again.returncode, 2)
        self.assertIn("is served already, at " + self.uri, again.stderr)


class Names(Served):
    def serve(self, *arguments, **environment):
        server = subprocess.Popen([PROGRAM, "serve", "--port", "0", "--project", self.project, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env={**os.environ, **environment})
        self.addCleanup(self.stop, server)
        return server, server.stdout.readline()

    def test_localhost(self):
        self.stop(self.server)
        server, line = self.serve("--host", "localhost")
        self.assertRegex(line, "^export MLFLOW_TRACKING_URI=http://127.0.0.1:[0-9]+$")
        server.terminate()
        self.assertEqual(server.stderr.read(), "")  # nobody else can reach it

    def test_loopback_of_ipv6(self):
        self.stop(self.server)
        for address, host in (("::1", "[::1]"), ("[::1]", "[::1]"), ("0:0:0:0:0:0:0:1", "[::1]"), ("::ffff:127.0.0.1", "[::ffff:127.0.0.1]")):
            server, line = self.serve("--address", address)
            self.assertTrue(line.startswith(f"export MLFLOW_TRACKING_URI=http://{host}:"), line or server.stderr.read())
            client = Client(int(line.rsplit(":", 1)[1]), host=host.strip("[]"))
            self.addCleanup(client.close)
            for name, status in ((None, 200), ("localhost", 200), ("evil.example", 403)):
                headers = {} if name is None else {"Host": name}
                self.assertEqual(client.send("GET", API + "experiments/get?experiment_id=0", headers=headers)[0], status, (address, name))
            server.terminate()
            self.assertEqual(server.stderr.read(), "")  # nobody else can reach it
            server.wait(20)

    def test_ipv6_open_to_the_network(self):
        self.stop(self.server)
        server, line = self.serve("--address", "::", "--token", "secret")
        self.assertTrue(line.startswith("export MLFLOW_TRACKING_URI=http://[::1]:"), line)
        for host in ("::1", "127.0.0.1"):
            client = Client(int(line.rsplit(":", 1)[1]), host=host)
            self.addCleanup(client.close)
            for authorization, status in (("Bearer secret", 200), ("Bearer no", 401)):
                self.assertEqual(client.send("GET", API + "experiments/get?experiment_id=0", headers={"Host": "trainer.lan:5000", "Authorization": authorization})[0], status)
        server.terminate()
        self.assertIn("can be reached from other machines", server.stderr.read())

    def test_open_to_the_network(self):
        """Other machines have their own names for this one; a token is what keeps others out there."""
        self.stop(self.server)
        server, line = self.serve("--address", "0.0.0.0", "--token", "secret")
        client = Client(int(line.rsplit(":", 1)[1]))
        self.addCleanup(client.close)
        for authorization, status in (("Bearer secret", 200), ("Bearer no", 401)):
            self.assertEqual(client.send("GET", API + "experiments/get?experiment_id=0", headers={"Host": "trainer.lan:5000", "Authorization": authorization})[0], status)

    def test_what_is_printed_can_be_evaluated(self):
        self.stop(self.server)
        token = "open sesame; echo 'PWNED' $HOME"
        printed = subprocess.run([PROGRAM, "serve", "--detach", "--port", "0", "--token", token, "--project", self.project], capture_output=True, text=True,
                                 env={**os.environ, "HTTP_PROXY": "http://proxy", "NO_PROXY": "a b,c", "MLFLOW_TRACKING_USERNAME": "ada", "MLFLOW_TRACKING_PASSWORD": "secret"}).stdout
        self.addCleanup(self.runglass, "serve", "--stop")
        shell = subprocess.run(["sh", "-c", 'eval "$1"; env', "sh", printed], capture_output=True, text=True, env={"MLFLOW_TRACKING_USERNAME": "ada", "MLFLOW_TRACKING_PASSWORD": "secret"})
        variables = dict(line.split("=", 1) for line in shell.stdout.splitlines())
        self.assertEqual((shell.stderr, variables["MLFLOW_TRACKING_TOKEN"], variables["NO_PROXY"], variables["no_proxy"]), ("", token) + ("a b,c,127.0.0.1,localhost",) * 2)
        self.assertFalse({"MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "PWNED"} & set(variables))


class Token(Served):
    arguments = ("--token", "open sesame")

    def test_token(self):
        self.assertEqual(self.client.send("GET", API + "experiments/get?experiment_id=0")[0], 401)
        basic = base64.b64encode(b"anybody:open sesame").decode()
        wrong = base64.b64encode(b"anybody:open").decode()
        for value, status in (("Bearer open sesame", 200), ("Bearer open", 401), ("Bearer ", 401), ("Basic " + basic, 200), ("Basic " + wrong, 401), ("Basic =", 401), ("Basic !!!!", 401)):
            self.assertEqual(self.client.send("GET", API + "experiments/get?experiment_id=0", headers={"Authorization": value})[0], status, value)
        self.assertEqual(self.client.send("GET", "/health")[0], 200)


class TokenOfAFile(Served):
    """Not on the command line, where everybody on the machine can read it."""

    def tried(self, token):
        return self.connect(Authorization=f"Bearer {token}").send("GET", API + "experiments/get?experiment_id=0")[0]

    def start(self):
        self.secret = os.path.join(self.project, "secret")
        with open(self.secret, "w") as file:
            file.write("open sesame\n")
        self.arguments = ("--token-file", self.secret)
        super().start()

    def test_token(self):
        self.assertEqual((self.tried("open sesame"), self.tried("open")), (200, 401))
        self.assertEqual(self.server.stdout.readline(), "export MLFLOW_TRACKING_TOKEN='open sesame'\n")
        self.stop(self.server)
        empty = os.path.join(self.project, "empty")
        with open(empty, "w"):
            pass
        for words, why in ((("--token-file", os.path.join(self.project, "none")), "none"), (("--token-file", self.secret, "--token", "x"), "exclude"),
                           (("--token-file", empty), "no token"), (("--token", ""), "--token is empty"), (("--token-file", "/dev/zero"), "no token"),
                           (("--address", "::1::"), "--token"), (("--token", "open\nsesame"), "control"), (("--address", "[127.0.0.1]", "--token", "x"), "no address"), (("--address", "nowhere", "--token", "x"), "no address")):
            refused = self.runglass("serve", "--port", "0", *words)
            self.assertEqual((refused.returncode, why in refused.stderr), (2, True), refused.stderr)

    def test_pipe(self):
        """As the shell makes one of `--token-file <(pass show runglass)`."""
        self.stop(self.server)
        pipe = os.path.join(self.project, "pipe")
        os.mkfifo(pipe)
        self.arguments = ("--token-file", pipe)
        writing = threading.Thread(target=lambda: pathlib.Path(pipe).write_text("of a pipe\n"))
        writing.start()
        Served.start(self)
        writing.join()
        self.assertEqual((self.tried("of a pipe"), self.tried("open sesame")), (200, 401))

    def test_environment(self):
        self.stop(self.server)
        self.arguments = ()
        os.environ["RUNGLASS_TOKEN"] = "of the environment"
        self.addCleanup(os.environ.pop, "RUNGLASS_TOKEN")
        Served.start(self)
        self.assertEqual((self.tried("of the environment"), self.tried("open sesame")), (200, 401))


class Many(Served):
    def resident(self):
        return residentOf(self.server)

    def test_many_clients_that_keep_their_connections(self):
        """Each is there for hundreds of requests, and none loses its connection to another."""
        clients = [self.connect() for _ in range(300)]
        run = self.client.run()
        before = self.resident()
        for number in range(3):
            for client in clients:
                self.assertEqual(client.metric(run, "m", number, number, number)[0], 200)  # http.client does not try again
        print(f"{len(clients)} connections: {(self.resident() - before) / len(clients):.0f} KiB each", flush=True)
        for client in clients:
            client.close()


class Output(Served):
    def test_what_clients_say_does_not_reach_the_terminal_as_it_is(self):
        for path in ("%1b[31mred", "%e2%80%ae%0aevil", "%c2%9b31m"):
            self.assertEqual(self.client.send("GET", API + path, headers={"User-Agent": "a\x1b[31mclient"})[0], 404)
        status = self.runglass("serve", "--status").stdout
        self.assertIn("red", status)
        self.assertIn("evil", status)
        self.assertEqual([c for c in status if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")], [])
        self.assertEqual(len(status.splitlines()), 3 + 3, status)  # the endpoint, an empty line and a heading before them


class Limits(Served):
    wrapper = ("prlimit", "--nofile=512:512")  # room for 128 connections

    def resident(self):
        return residentOf(self.server)

    def alive(self):
        self.assertEqual(self.connect().send("GET", "/health")[0], 200)

    def test_endless_headers(self):
        before = self.resident()
        connection = self.raw()
        connection.sendall(b"GET /health HTTP/1.1\r\n")
        with self.assertRaises(OSError):
            for i in range(100_000):
                connection.sendall(b"X-%d: %s\r\n" % (i, b"a" * 500))
        self.assertLess(self.resident() - before, 4096)
        self.alive()

    def test_large_bodies(self):
        status, _, answer = self.client.send("POST", API + "runs/log-batch", b" " * (33 << 20), {"Content-Type": "application/json"})
        self.assertEqual(status, 413)
        connection = self.raw()  # chunked: nobody knows how much comes
        connection.sendall(b"POST " + API.encode() + b"runs/log-batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
        with self.assertRaises(OSError):
            for _ in range(300):
                connection.sendall(piece)
        self.assertTrue(SANITIZED or wait_until(lambda: self.resident() < 80_000))
        self.alive()

    def test_many_large_bodies_at_once(self):
        run = self.client.run()
        connections = []
        head = f"POST {API}runs/log-batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {30 << 20}\r\n\r\n".encode()
        for _ in range(20):
            connection = self.raw()
            connection.setblocking(False)
            connections.append(connection)
        for connection in connections:
            try:
                connection.sendall(head)
            except OSError:
                pass
        end = time.monotonic() + 3
        while time.monotonic() < end:
            for connection in connections:
                try:
                    connection.send(b" " * 65536)
                except OSError:
                    pass
        if not SANITIZED:
            self.assertLess(self.resident(), 160_000)  # 20 x 30 MiB were offered
        self.assertEqual(self.client.metric(run, "m", 1), (200, {}))  # and a training script does not notice

    def test_nonsense(self):
        for bytes_ in (b"\0" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                       b"GET /%zz%%%00%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"):
            connection = self.raw()
            connection.sendall(bytes_)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
            self.assertFalse(answer.startswith(b"HTTP/1.1 5") and not answer.startswith(b"HTTP/1.1 505"), answer)
            connection.close()
        self.alive()

    def test_more_arguments_than_there_is_room_for(self):
        answer = self.client.get("runs/get", **{f"a{i}": "x" for i in range(1000)}, run_id="0" * 32)
        self.assertError(answer, 404, "RESOURCE_DOES_NOT_EXIST")
        for count, status in ((1502, 400), (5000, 400), (40_000, 414)):
            connection = self.raw()
            query = "&".join(f"a{i}=x" for i in range(count))
            connection.sendall(f"GET {API}runs/get?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            received = b""
            with contextlib.suppress(OSError):
                while piece := connection.recv(65536):
                    received += piece
            head, _, body = received.partition(b"\r\n\r\n")
            self.assertEqual(int(head.split()[1]), status, head)
            if status == 400:
                self.assertIn("arguments", json.loads(body)["message"])
        self.alive()

    def test_other_encodings_of_a_body(self):
        for coding in ("gzip, chunked", "gzip", "chunked, chunked", "identity"):
            connection = self.raw()
            connection.sendall(f"POST {API}runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: {coding}\r\n\r\n".encode())
            connection.sendall(b"2\r\n{}\r\n0\r\n\r\n")
            answer = connection.recv(65536)
            self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), (coding, answer))
            self.assertIn(coding.encode(), answer)
        self.alive()

    def test_slow_clients_do_not_keep_others_out(self):
        sleepers = [self.raw() for _ in range(110)]
        for sleeper in sleepers:
            sleeper.sendall(b"GET /health HTTP/1.1\r\n")
        for _ in range(20):
            self.alive()

    def test_silent_connections_do_not_keep_others_out(self):
        silent = [self.raw() for _ in range(500)]

        def answers():
            try:
                return self.connect().send("GET", "/health")[0] == 200
            except OSError:  # as long as those before it are being ended; clients try again
                return False

        wait_until(answers)
        for _ in range(20):
            self.alive()
        for connection in silent:
            connection.close()

    def answers_within(self, seconds):
        def answers():
            try:
                client = Client(self.port)
                answered = client.send("GET", "/health")[0] == 200
                client.close()
                return answered
            except OSError:  # clients try again
                return False

        self.assertTrue(wait_until(answers, seconds))

    def test_bodies_that_stop_do_not_keep_others_out(self):
        stopped = []
        for _ in range(200):
            connection = self.raw()
            stopped.append(connection)
            with contextlib.suppress(OSError):
                connection.sendall(f"POST {API}runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
        self.answers_within(10)

    def test_readers_that_stop_do_not_keep_others_out(self):
        """Of connections that take a large answer, those go that do not take any more, and no others."""
        run = self.client.run()
        content = os.urandom(1 << 20) * 48
        path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/big"
        self.assertEqual(self.client.send("PUT", path, content)[0], 200)
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        honest = self.raw()
        honest.sendall(request)
        done = []

        def take_slowly():
            taken = 0
            while piece := honest.recv(1 << 20):
                taken += len(piece)
                if taken >= len(content):
                    break
                time.sleep(0.1)
            done.append(taken)

        reading = threading.Thread(target=take_slowly)
        reading.start()
        stopped = []
        for _ in range(140):
            connection = self.raw()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            stopped.append(connection)
            with contextlib.suppress(OSError):
                connection.sendall(request)
        self.answers_within(15)
        reading.join()
        self.assertGreaterEqual(done[0], len(content))

    def test_idle_costs_nothing(self):
        others = [self.connect() for _ in range(16)]
        for other in others:
            other.send("GET", "/health")

        def usage():
            with open(f"/proc/{self.server.pid}/stat") as file:
                return sum(int(ticks) for ticks in file.read().rsplit(")", 1)[1].split()[11:13])

        before = usage()
        time.sleep(1)
        self.assertLessEqual(usage() - before, 1)


class Detached(Served):
    def start(self):
        pass

    def connect(self, **headers):
        return None

    def test_start_stop_and_status(self):
        self.assertEqual(self.runglass("serve", "--status").returncode, 1)
        self.assertEqual(self.runglass("serve", "--stop").returncode, 2)
        started = self.runglass("serve", "--detach", "--port", "0")
        self.assertEqual(started.returncode, 0, started.stderr)
        uri = started.stdout.strip().split("=", 1)[1]
        try:
            client = Client(int(uri.rsplit(":", 1)[1]))
            self.assertEqual(client.send("GET", "/health")[2], b"OK")
            client.run()
            client.close()
            status = self.runglass("serve", "--status")
            self.assertEqual((status.returncode, uri in status.stdout), (0, True))
        finally:
            self.assertEqual(self.runglass("serve", "--stop").returncode, 0)
        self.assertEqual(self.runglass("serve", "--status").returncode, 1)
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        refused = self.runglass("serve", "--detach", "--port", str(taken.getsockname()[1]))
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("cannot be used", refused.stderr)


if __name__ == "__main__":
    unittest.main()
