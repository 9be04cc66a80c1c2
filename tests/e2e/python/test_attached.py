# SPDX-License-Identifier: GPL-3.0-or-later
"""What a launched script writes with other tools belongs to its run: one run, with the series of its files."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

PROGRAM = os.environ["RUNGLASS_TEST_BINARY"]

# An event file as PyTorch's SummaryWriter names and writes it, and a CSV and a JSON document beside it.
WRITER = '''
import json, os, socket, struct, sys, time

TABLE = []
for i in range(256):
    c = i
    for _ in range(8):
        c = (c >> 1) ^ (0x82F63B78 if c & 1 else 0)
    TABLE.append(c)

def masked(data):
    c = 0xFFFFFFFF
    for byte in data:
        c = TABLE[(c ^ byte) & 255] ^ (c >> 8)
    c ^= 0xFFFFFFFF
    return ((c >> 15 | c << 17) + 0xA282EAD8) & 0xFFFFFFFF

def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])

def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data

class Events:
    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        name = f"events.out.tfevents.{int(time.time())}.{socket.gethostname()}.{os.getpid()}.0"
        self.file = open(os.path.join(folder, name), "wb", buffering=0)
        self.record(struct.pack("<Bd", 9, time.time()) + field(3, b"brain.Event:2"))

    def record(self, data):
        head = struct.pack("<Q", len(data))
        self.file.write(head + struct.pack("<I", masked(head)) + data + struct.pack("<I", masked(data)))

    def scalar(self, tag, step, value):
        summary = field(1, field(1, tag.encode()) + b"\\x15" + struct.pack("<f", value))
        self.record(struct.pack("<Bd", 9, time.time()) + b"\\x10" + varint(step) + field(5, summary))
'''


class Attached(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.mkdir(os.path.join(self.folder, ".runglass"))
        self.write("tools.py", WRITER)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))

    def runglass(self, *arguments):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def launch(self, name, *arguments):
        return subprocess.Popen(
            [PROGRAM, "run", "--name", name, "--", sys.executable, *arguments],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def runs(self):
        return json.loads(self.runglass("runs", "--format", "json"))

    def points(self, run, key):
        rows = json.loads(self.runglass("metrics", run, "--key", key, "--format", "json"))
        return [(row["step"], row["value"]) for row in rows]

    def settled(self, count):
        """The supervisors have written down what belongs to their runs."""
        folder = os.path.join(self.folder, ".runglass", "written")
        for _ in range(300):
            texts = []
            for name in os.listdir(folder):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    texts.append(file.read())
            if len(texts) == count and all(text.endswith("settled\n") for text in texts):
                return
            time.sleep(0.1)
        self.fail(f"not settled: {texts}")

    def test_files_of_every_kind_are_the_runs(self):
        self.write("train.py", """
            import json
            from tools import Events
            events = Events("logs/today")
            with open("history.csv", "w") as table:
                table.write("epoch,acc\\n")
                for step in range(3):
                    events.scalar("loss", step, 2.0 ** -step)
                    table.write(f"{step},{step / 4}\\n")
            state = {"global_step": 2, "log_history": [{"step": 1, "eval_f1": 0.5}, {"step": 2, "eval_f1": 0.75}]}
            import os
            os.makedirs("out/checkpoint-2")
            json.dump(state, open("out/checkpoint-2/trainer_state.json", "w"))
        """)
        self.assertEqual(self.launch("mine", "train.py", "--lr", "0.5").wait(60), 0)
        for stage in ("at once", "settled", "later"):
            (run,) = self.runs()
            self.assertEqual((run["name"], run["source"], run["status"]), ("mine", "runglass", "finished"), stage)
            self.assertEqual(run["params"]["lr"], "0.5")
            self.assertEqual(run["metrics"]["loss"]["count"], 3)
            self.assertEqual(run["metrics"]["acc"]["last"], 0.5)
            self.assertEqual(run["metrics"]["eval_f1"]["max"], 0.75)
            self.assertEqual(self.points("mine", "loss"), [(0, 1.0), (1, 0.5), (2, 0.25)])
            self.assertEqual(self.points("mine", "eval_f1"), [(1, 0.5), (2, 0.75)])
            if stage == "at once":
                self.settled(1)
        shown = json.loads(self.runglass("show", "mine", "--format", "json"))
        self.assertIn("logs/today", json.dumps(shown["origins"]))
        self.assertIn("history.csv", json.dumps(shown["origins"]))

    def test_live(self):
        self.write("train.py", """
            import os, time
            from tools import Events
            events = Events("logs")
            events.scalar("loss", 0, 1.0)
            while not os.path.exists("go"):
                time.sleep(0.05)
            events.scalar("loss", 1, 0.5)
        """)
        run = self.launch("live", "train.py")
        for _ in range(200):
            runs = self.runs()
            if len(runs) == 1 and "loss" in runs[0]["metrics"]:
                break
            time.sleep(0.1)
        self.assertEqual([(one["name"], one["status"]) for one in runs], [("live", "running")])
        self.assertEqual(self.points("live", "loss"), [(0, 1.0)])
        self.write("go", "")
        self.assertEqual(run.wait(60), 0)
        self.assertEqual(self.points("live", "loss"), [(0, 1.0), (1, 0.5)])

    def test_two_at_the_same_time_in_the_same_folder(self):
        self.write("train.py", """
            import os, sys, time
            from tools import Events
            value = float(sys.argv[1])
            events = Events("logs")
            events.scalar("loss", 0, value)
            open(f"here-{sys.argv[1]}", "w").close()
            while not (os.path.exists("here-1") and os.path.exists("here-2")):
                time.sleep(0.05)
            open(f"guess-{sys.argv[1]}.csv", "w").write(f"epoch,acc\\n1,{value}\\n")
            while not (os.path.exists("guess-1.csv") and os.path.exists("guess-2.csv")):
                time.sleep(0.05)
            events.scalar("loss", 1, 10 * value)
        """)
        both = [self.launch("one", "train.py", "1"), self.launch("two", "train.py", "2")]
        self.assertEqual([run.wait(60) for run in both], [0, 0])
        for stage in ("at once", "settled"):
            runs = {run["name"]: run for run in self.runs() if run["source"] == "runglass"}
            self.assertEqual(sorted(runs), ["one", "two"])
            self.assertEqual(self.points("one", "loss"), [(0, 1.0), (1, 10.0)], stage)
            self.assertEqual(self.points("two", "loss"), [(0, 2.0), (1, 20.0)], stage)
            others = [run["source"] for run in self.runs() if run["source"] != "runglass"]
            self.assertNotIn("tensorboard", others)
            for name, value in (("one", 1), ("two", 2)):
                # Nothing tells whose the tables are, unless one is seen open: then it is that run's.
                table = runs[name]["metrics"].get("acc", {"last": value})
                self.assertEqual(table["last"], value, stage)
            if stage == "at once":
                self.settled(2)

    def test_one_after_the_other_in_the_same_folder(self):
        self.write("train.py", """
            import sys
            from tools import Events
            Events("logs").scalar("loss", 0, float(sys.argv[1]))
            with open("history.csv", "w") as table:
                table.write("epoch,acc\\n")
                for _ in range(int(sys.argv[1])):
                    table.write("1,0.5\\n")
                    table.flush()
                    import time
                    time.sleep(1)
        """)
        self.write("by_hand.py", """
            from tools import Events
            Events("logs").scalar("loss", 0, 7.0)
        """)
        subprocess.run([sys.executable, "by_hand.py"], cwd=self.folder, check=True)
        time.sleep(0.1)
        self.assertEqual(self.launch("first", "train.py", "1").wait(60), 0)
        self.settled(1)
        self.assertEqual(self.launch("second", "train.py", "2").wait(60), 0)
        self.settled(2)
        runs = self.runs()
        self.assertEqual(sorted(run["source"] for run in runs), ["runglass", "runglass", "tensorboard"])
        self.assertEqual(self.points("first", "loss"), [(0, 1.0)])
        self.assertEqual(self.points("second", "loss"), [(0, 2.0)])
        by_hand = next(run for run in runs if run["source"] == "tensorboard")
        self.assertEqual(by_hand["metrics"]["loss"]["last"], 7.0)
        # The table was written anew by the second run: it is that run's now.
        self.assertEqual(next(run for run in runs if run["name"] == "second")["metrics"]["acc"]["count"], 2)
        self.assertNotIn("acc", next(run for run in runs if run["name"] == "first")["metrics"])

    def test_every_series_has_a_name_of_its_own(self):
        self.write("train.py", """
            import os
            from tools import Events
            os.makedirs("out/.hydra")
            open("out/.hydra/config.yaml", "w").write("lr: 0.5\\n")
            open("out/.hydra/overrides.yaml", "w").write("- lr=0.5\\n")
            open("out/.hydra/hydra.yaml", "w").write("hydra: {job: {name: train}}\\n")
            Events("out/tb/train").scalar("loss", 0, 1.0)
            Events("out/tb/val").scalar("loss", 0, 2.0)
            print("epoch=7 loss=4")
        """)
        self.assertEqual(self.launch("names", "train.py", "--lr=5e-1").wait(60), 0)
        (run,) = self.runs()
        self.assertEqual(run["params"], {"lr": "5e-1"})  # said twice, the same
        keys = [key for key in run["metrics"] if not key.startswith("system/")]
        self.assertEqual(sorted(keys), ["loss", "train/loss", "val/loss"])
        self.assertEqual([self.points("names", key)[0][1] for key in sorted(keys)], [4.0, 1.0, 2.0])

    def test_folds_are_children(self):
        self.write("train.py", """
            import os
            for fold in range(3):
                os.makedirs(f"lightning_logs/version_{fold}")
                with open(f"lightning_logs/version_{fold}/metrics.csv", "w") as table:
                    table.write(f"epoch,step,val_acc\\n0,1,0.{fold}\\n")
                with open(f"lightning_logs/version_{fold}/hparams.yaml", "w") as params:
                    params.write(f"fold: {fold}\\n")
        """)
        self.assertEqual(self.launch("folds", "train.py").wait(60), 0)
        runs = self.runs()
        (parent,) = [run for run in runs if run["name"] == "folds"]
        children = [run for run in runs if run["parent_id"] == parent["id"]]
        self.assertEqual(sorted(run["params"]["fold"] for run in children), ["0", "1", "2"])
        self.assertEqual(len(runs), 4)

    def test_what_was_there_before_is_no_ones(self):
        self.write("history.csv", "epoch,acc\n1,0.25\n")
        time.sleep(0.1)
        self.write("train.py", """
            import time
            with open("history.csv", "a") as table:
                table.write("2,0.5\\n")
                table.flush()
                time.sleep(1)
        """)
        self.assertEqual(self.launch("adds", "train.py").wait(60), 0)
        self.assertEqual(sorted(run["source"] for run in self.runs()), ["keras", "runglass"])


if __name__ == "__main__":
    unittest.main()
