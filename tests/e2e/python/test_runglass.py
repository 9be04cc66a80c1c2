# SPDX-License-Identifier: GPL-3.0-or-later
"""runglass.py against a real spool file and, where the program is given in RUNGLASS_TEST_BINARY, the real supervisor."""

import ast
import importlib.util
import json
import math
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest

SOURCE = os.path.join(os.environ["RUNGLASS_SOURCE_DIR"], "packaging", "python", "runglass.py")
PROGRAM = os.environ.get("RUNGLASS_TEST_BINARY", "")


def load():
    spec = importlib.util.spec_from_file_location("runglass", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_script(script, folder, **environment):
    """A script in a process of its own, with runglass.py importable."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("RUNGLASS_")}
    variables.update(PYTHONPATH=os.path.dirname(SOURCE), **environment)
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=folder, env=variables, capture_output=True, text=True, timeout=60
    )


class LaunchedRun(unittest.TestCase):
    """What the calls write to the spool of a launched run."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.spool = os.path.join(self.folder.name, "spool.jsonl")
        os.environ.update(RUNGLASS_SPOOL=self.spool, RUNGLASS_RUN_ID="0" * 32)
        self.addCleanup(os.environ.pop, "RUNGLASS_SPOOL")
        self.addCleanup(os.environ.pop, "RUNGLASS_RUN_ID")
        self.runglass = load()
        self.run_ = self.runglass.init()

    def lines(self):
        with open(self.spool, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_metrics(self):
        before = time.time() * 1000
        self.run_.log({"loss": 0.1, "val": {"acc": 1, "deep": {"x": True}}}, step=7)
        (line,) = self.lines()
        self.assertEqual(line["metrics"], {"loss": 0.1, "val/acc": 1.0, "val/deep/x": 1.0})
        self.assertEqual(line["step"], 7)
        self.assertLess(abs(line["time_ms"] - before), 5000)

    def test_steps_count_on_for_each_key(self):
        self.run_.log({"a": 1.0})
        self.run_.log({"a": 2.0, "b": 1.0})
        self.run_.log({"a": 3.0}, step=10)
        self.run_.log({"a": 4.0})
        seen = [(key, line["step"]) for line in self.lines() for key in line["metrics"]]
        self.assertEqual(sorted(seen), [("a", 0), ("a", 1), ("a", 10), ("a", 11), ("b", 0)])

    def test_every_double_comes_back(self):
        values = [0.1, 1e-320, -0.0, 1.7976931348623157e308, 123456789.123456789, 2.0**-1074]
        for value in values:
            self.run_.log({"v": value})
        self.assertEqual([line["metrics"]["v"].hex() for line in self.lines()], [value.hex() for value in values])

    def test_values_that_are_not_finite(self):
        self.run_.log({"n": float("nan"), "p": math.inf, "m": -math.inf}, step=0)
        self.assertEqual(self.lines()[0]["metrics"], {"n": "NaN", "p": "Infinity", "m": "-Infinity"})

    def test_scalars_of_numpy_and_what_looks_like_them(self):
        class Tensor:
            def item(self):
                return 0.5

        metrics = {"t": Tensor()}
        try:
            import numpy

            metrics.update(f32=numpy.float32(0.1), i64=numpy.int64(3), zero_d=numpy.array(2.5), nan=numpy.float64("nan"))
        except ImportError:
            pass
        self.run_.log(metrics, step=0)
        logged = self.lines()[0]["metrics"]
        self.assertEqual(logged["t"], 0.5)
        if len(metrics) > 1:
            self.assertEqual(logged["f32"], float(numpy.float32(0.1)))
            self.assertEqual((logged["i64"], logged["zero_d"], logged["nan"]), (3.0, 2.5, "NaN"))

    def test_what_cannot_be_logged_never_raises(self):
        class Odd:
            def __str__(self):
                raise RuntimeError("no text")

        error = sys.stderr = __import__("io").StringIO()
        try:
            for _ in range(3):
                self.run_.log({"x": "text", "ok": 1.0, "none": None, "c": 1j, "list": [1]}, step=0)
                self.run_.log(None)
                self.run_.log({"a": 1.0}, step="x")
                self.run_.log({"a": 1.0}, step=1 << 70)
                self.run_.log({"huge": 10**400})
                self.run_.log_params(3)
                self.run_.log_param("odd", Odd())
                self.run_.tag("odd", Odd())
                self.run_.log_artifact(None)
                self.run_.log_dataset("d", None)
        finally:
            sys.stderr = sys.__stderr__
        self.assertEqual([line["metrics"] for line in self.lines()], [{"ok": 1.0}] * 3)
        said = error.getvalue().splitlines()
        self.assertTrue(all(line.startswith("runglass: ") for line in said))
        self.assertEqual(len(said), len(set(said)))
        self.assertLess(len(said), 15)

    def test_params_tags_artifacts_datasets(self):
        import argparse
        import pathlib

        self.runglass.init(params=argparse.Namespace(lr=0.1, net={"depth": 2, "act": "relu"}, none=None))
        self.run_.log_param("path", pathlib.Path("/x"))
        self.run_.log_params({"nan": math.nan, "list": [1, 2], "flag": True})
        self.run_.tag("stage", "prod")
        self.run_.tag("stage", None)
        self.run_.log_artifact(pathlib.Path("model.pt"))
        self.run_.log_dataset("train", "s3://bucket/x", digest="abc")
        lines = self.lines()
        self.assertEqual(lines[0]["params"], {"lr": 0.1, "net/depth": 2, "net/act": "relu", "none": None})
        self.assertEqual(lines[1]["params"], {"path": "/x"})
        self.assertEqual(lines[2]["params"], {"nan": "nan", "list": "[1, 2]", "flag": True})
        self.assertEqual([line["tags"] for line in lines[3:5]], [{"stage": "prod"}, {"stage": None}])
        self.assertEqual(lines[5]["artifact"], {"path": os.path.abspath("model.pt"), "name": "model.pt"})
        self.assertEqual(lines[6]["dataset"], {"name": "train", "path": "s3://bucket/x", "digest": "abc"})

    def test_text_that_is_not_utf8(self):
        self.run_.tag("k\udcff", b"\xff".decode("utf-8", "surrogateescape"))
        self.run_.log({"l\udcff": 1.0})
        self.run_.log({"ключ \"quoted\"\n": 1.0})
        self.assertEqual(list(self.lines()[2]["metrics"]), ["ключ \"quoted\"\n"])

    def test_threads_share_a_run(self):
        def work(name):
            for i in range(2000):
                self.run_.log({name: float(i)}, step=i)

        threads = [threading.Thread(target=work, args=("k%d" % i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lines = self.lines()
        self.assertEqual(len(lines), 16000)
        for i in range(8):
            steps = [line["step"] for line in lines if "k%d" % i in line["metrics"]]
            self.assertEqual(steps, list(range(2000)))

    def test_forked_processes_share_a_run(self):
        children = []
        for i in range(4):
            pid = os.fork()
            if pid == 0:
                for step in range(1000):
                    self.run_.log({"c%d" % i: 1.0}, step=step)
                os._exit(0)
            children.append(pid)
        for pid in children:
            os.waitpid(pid, 0)
        self.assertEqual(len(self.lines()), 4000)

    def test_a_second_init_is_the_same_run(self):
        self.assertIs(self.runglass.init(), self.run_)
        self.run_.finish()
        self.assertEqual(self.lines(), [])  # the end of a launched run is the end of its command

    def test_a_full_disk_holds_back_and_catches_up(self):
        full = os.open("/dev/full", os.O_WRONLY)
        good = self.run_._spool._file
        sys.stderr = __import__("io").StringIO()
        try:
            self.run_._spool._file = full
            for i in range(100):
                self.run_.log({"a": float(i)}, step=i)
        finally:
            sys.stderr = sys.__stderr__
            self.run_._spool._file = good
            os.close(full)
        self.run_.log({"a": 100.0}, step=100)
        self.assertEqual([line["step"] for line in self.lines()], list(range(101)))

    def test_a_call_costs_at_most_10_microseconds(self):
        costs = []
        for i in range(20000):
            begin = time.perf_counter_ns()
            self.run_.log({"loss": 0.1 * i, "acc": 0.5}, step=i)
            costs.append(time.perf_counter_ns() - begin)
        self.assertLess(statistics.median(costs), 10_000)


class OwnRun(unittest.TestCase):
    """A script that was started by hand."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = self.folder.name

    def spool(self):
        runs = os.path.join(self.path, ".runglass", "runs")
        (name,) = os.listdir(runs)
        with open(os.path.join(runs, name, "spool.jsonl")) as file:
            return name, [json.loads(line) for line in file]

    def test_without_the_program_the_folder_is_left(self):
        result = run_script("import runglass\nrun = runglass.init(name='n')\nrun.log({'a': 1.0})", self.path, PATH="/nowhere")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        name, lines = self.spool()
        self.assertEqual(lines[0]["name"], "n")
        self.assertEqual(lines[0]["run"]["cwd"], os.path.realpath(self.path))
        self.assertEqual(lines[-1]["end"], {"exit_code": 0, "error": ""})
        self.assertTrue(os.path.exists(os.path.join(self.path, ".runglass", "active", name)))
        with open(os.path.join(self.path, ".runglass", ".gitignore")) as file:
            self.assertEqual(file.read(), "*\n")

    def test_how_the_script_ended(self):
        for script, code, error in [
            ("import sys; sys.exit(3)", 3, ""),
            ("raise ValueError('bad')", 1, "ValueError: bad"),
            ("pass", 0, ""),
        ]:
            with tempfile.TemporaryDirectory() as self.path:
                run_script("import runglass\nrunglass.init()\n" + script, self.path, PATH="/nowhere")
                self.assertEqual(self.spool()[1][-1]["end"], {"exit_code": code, "error": error})

    def test_as_a_context(self):
        run_script("import runglass\nwith runglass.init() as run: run.log({'a': 1.0})\n", self.path, PATH="/nowhere")
        self.assertEqual([sorted(line) for line in self.spool()[1]][-1], ["end"])

    def test_a_forked_child_does_not_end_the_run(self):
        run_script(
            "import runglass, os, sys\nrun = runglass.init()\nif os.fork() == 0: sys.exit(5)\nos.wait()\nrun.log({'a': 1.0})",
            self.path,
            PATH="/nowhere",
        )
        ends = [line["end"] for line in self.spool()[1] if "end" in line]
        self.assertEqual(ends, [{"exit_code": 0, "error": ""}])

    def test_a_folder_that_cannot_be_written(self):
        result = run_script(
            "import runglass\nrun = runglass.init(project='/proc', params={'a': 1})\nrun.log({'a': 1.0})\nrun.finish()\nprint('on')",
            self.path,
        )
        self.assertEqual(result.stdout, "on\n")
        self.assertIn("runglass: nothing will be logged", result.stderr)

    @unittest.skipUnless(PROGRAM, "needs the built program")
    def test_with_the_program_the_run_is_recorded(self):
        result = run_script(
            """
            import runglass, sys
            run = runglass.init(params={"lr": 0.1}, name="by hand", experiment="e")
            for i in range(100): run.log({"loss": 1.0 / (i + 1)}, step=i)
            print(run.id)
            sys.exit(7)
            """,
            self.path,
            RUNGLASS_BIN=PROGRAM,
        )
        self.assertEqual((result.returncode, result.stderr), (7, ""))
        self.wait_for_end(result.stdout.strip())
        row = self.query("select name, status, exit_code from run")
        self.assertEqual(row, [("by hand", 3, 7)])

    @unittest.skipUnless(PROGRAM, "needs the built program")
    def test_killed_scripts_lose_nothing(self):
        result = run_script(
            """
            import runglass, os, signal, time
            run = runglass.init()
            for i in range(3000): run.log({"v": float(i)}, step=i)
            print(run.id, flush=True)
            time.sleep(0.5)
            os.kill(os.getpid(), signal.SIGKILL)
            """,
            self.path,
            RUNGLASS_BIN=PROGRAM,
        )
        self.assertEqual(result.returncode, -signal.SIGKILL)
        self.wait_for_end(result.stdout.strip())
        self.assertEqual(self.query("select status, exit_code from run"), [(3, None)])

    def wait_for_end(self, run):
        marker = os.path.join(self.path, ".runglass", "active", run)
        for _ in range(1000):
            if not os.path.exists(marker):
                return
            time.sleep(0.02)
        self.fail("the run was not recorded")

    def query(self, sql):
        connection = sqlite3.connect(os.path.join(self.path, ".runglass", "runs.db"), timeout=10)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


class Source(unittest.TestCase):
    def test_it_is_python_3_7(self):
        with open(SOURCE, encoding="utf-8") as file:
            ast.parse(file.read(), feature_version=(3, 7))

    def test_it_imports_only_what_3_7_has(self):
        known = {"atexit", "json", "math", "os", "subprocess", "sys", "threading", "time", "uuid"}
        with open(SOURCE, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        self.assertEqual(imported, known)
        self.assertFalse([node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)])


if __name__ == "__main__":
    unittest.main()
