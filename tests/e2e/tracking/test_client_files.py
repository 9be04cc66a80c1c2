# SPDX-License-Identifier: GPL-3.0-or-later
"""Experiments whose artifacts a client puts itself into a folder of this machine, as Lightning's MLFlowLogger(artifact_location=…) does: seen and read where
they are, and nothing else of the machine."""

import json
import os
import pathlib
import tempfile
import unittest
import urllib.parse

from endpoint import Served, wait_until


class ClientFiles(Served):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name).resolve() / "my läden"
        self.place.mkdir()

    def begin(self, location, name="e"):
        status, made = self.client.post("experiments/create", {"name": name, "artifact_location": location})
        self.assertEqual(status, 200, made)
        return self.client.run(made["experiment_id"])

    def write(self, run):
        """As the client does: to the folder that the run is told."""
        uri = self.client.data(run)["info"]["artifact_uri"]
        folder = pathlib.Path(urllib.parse.unquote(uri.removeprefix("file://")))
        self.assertEqual(folder, self.place / run / "artifacts")
        contents = {"a.txt": b"hello", "checkpoints/last.ckpt": os.urandom(100_000), "checkpoints/über.bin": b""}
        for name, content in contents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder, contents

    def listed(self, run, path=""):
        status, answer = self.client.get("artifacts/list", run_id=run, path=path)
        self.assertEqual(status, 200, answer)
        return [(one["path"], one.get("file_size")) for one in answer.get("files", [])]

    def read(self, run, name):
        status, _, content = self.client.send("GET", f"/get-artifact?run_uuid={run}&path={urllib.parse.quote(name)}")
        return status, content

    def check(self, location):
        run = self.begin(location)
        self.assertEqual(self.listed(run), [])
        _, contents = self.write(run)
        self.assertEqual(self.listed(run), [("a.txt", 5), ("checkpoints", None)])
        self.assertEqual(self.listed(run, "checkpoints"), [("checkpoints/last.ckpt", 100_000), ("checkpoints/über.bin", 0)])
        for name, content in contents.items():
            self.assertEqual(self.read(run, name), (200, content))
        # The same by the program, which needs no endpoint.
        listed = json.loads(self.runglass("artifacts", run, "--format", "json").stdout)
        self.assertEqual([(one["path"], one["size"]) for one in listed], [(name, len(content)) for name, content in sorted(contents.items())])
        self.assertEqual(self.runglass("artifacts", run, "a.txt").stdout, "hello")
        out = self.place / "out"
        self.assertEqual(self.runglass("artifacts", run, "checkpoints/last.ckpt", "-o", str(out)).returncode, 0)
        self.assertEqual(out.read_bytes(), contents["checkpoints/last.ckpt"])
        # Another file that the client gives to the endpoint stands beside them.
        self.assertEqual(self.client.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_id={run}&path=z.txt", b"z")[0], 200)
        self.assertEqual(self.listed(run), [("a.txt", 5), ("checkpoints", None), ("z.txt", 1)])

    def test_uri(self):
        self.check(self.place.as_uri())

    def test_uri_with_a_host(self):
        """RFC 8089; clients take the path."""
        run = self.begin(self.place.as_uri().replace("file://", "file://localhost"))
        folder = self.place / run / "artifacts"
        folder.mkdir(parents=True)
        (folder / "a.txt").write_bytes(b"hello")
        self.assertEqual(self.listed(run), [("a.txt", 5)])
        self.assertEqual(self.read(run, "a.txt"), (200, b"hello"))

    def test_path(self):
        self.check(str(self.place))

    def test_while_the_database_is_held(self):
        self.client.run()  # makes the database
        holder = self.hold("IMMEDIATE")
        run = self.begin(self.place.as_uri())
        _, contents = self.write(run)
        self.assertEqual(self.read(run, "a.txt"), (200, contents["a.txt"]))
        self.release(holder)
        self.assertTrue(wait_until(lambda: self.runglass("show", run).returncode == 0))
        self.assertEqual(self.listed(run), [("a.txt", 5), ("checkpoints", None)])

    def test_nothing_else_is_read(self):
        secret = self.place.parent / "secret"
        secret.mkdir()
        (secret / "key").write_text("secret")
        # Links among the files.
        run = self.begin(str(self.place))
        folder, _ = self.write(run)
        (folder / "link").symlink_to(secret / "key")
        (folder / "folder").symlink_to(secret)
        self.assertEqual(self.listed(run), [("a.txt", 5), ("checkpoints", None)])
        for name in ("link", "folder/key", "none"):
            self.assertEqual(self.read(run, name)[0], 404, name)
        for name in ("../../../secret/key", "/etc/passwd", "%2e%2e/%2e%2e/secret/key"):
            self.assertEqual(self.read(run, name)[0], 400, name)
        # A folder that is there without the run.
        for number, location in enumerate((str(secret), "/etc", "file:///etc", f"{self.place}/../secret")):
            run = self.begin(location, f"other {number}")
            self.assertEqual(self.listed(run), [], location)
            self.assertEqual(self.read(run, "key")[0], 404, location)
        # What is the run's folder by its name only.
        for number, target in enumerate(("", "artifacts")):
            run = self.begin(str(self.place), f"linked {number}")
            link = self.place / run / target
            link.parent.mkdir(exist_ok=True)
            (self.place / run / target).symlink_to(secret)
            (secret / "artifacts").mkdir(exist_ok=True)
            (secret / "artifacts" / "key").write_text("secret")
            self.assertError(self.client.get("artifacts/list", run_id=run), 403, "PERMISSION_DENIED")
            self.assertEqual(self.read(run, "key")[0], 403)
            shown = self.runglass("show", run).stdout
            self.assertIn("are not read", shown)
            self.assertEqual(self.runglass("artifacts", run, "key").returncode, 2)

    @unittest.skipIf(os.geteuid() != 0, "only root can give a folder to another user")
    def test_of_another_user(self):
        run = self.begin(str(self.place))
        folder, _ = self.write(run)
        os.chown(folder, 65534, 65534)
        self.assertError(self.client.get("artifacts/list", run_id=run), 403, "PERMISSION_DENIED")
        self.assertEqual(self.read(run, "a.txt")[0], 403)


if __name__ == "__main__":
    unittest.main()
