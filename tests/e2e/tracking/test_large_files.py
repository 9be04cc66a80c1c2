# SPDX-License-Identifier: GPL-3.0-or-later
"""Artifacts whose size needs more than 32 bits. By itself, because it takes a minute."""

import os
import unittest

from endpoint import SANITIZED, Served

ROOT = "/api/2.0/mlflow-artifacts/artifacts"


class LargeFiles(Served):
    def test_larger_than_four_gibibytes(self):
        """No size is held in 32 bits, on the way in or out. The source has no blocks on the disk, its copy has."""
        size = (4 << 30) + 17
        if SANITIZED or os.statvfs(self.project).f_bavail * os.statvfs(self.project).f_frsize < 4 * size:
            self.skipTest("takes a minute and 4 GiB, which are not there: run it without a sanitizer, with 16 GiB free")
        run = self.client.run()
        base = f"{ROOT}/0/{run}/artifacts/"
        source = os.path.join(self.project, "source")
        with open(source, "wb") as file:
            file.truncate(size)
            file.seek(size - 4)
            file.write(b"tail")
        self.client.connection.timeout = 300
        with open(source, "rb") as file:
            self.assertEqual(self.client.send("PUT", base + "big", file, {"Content-Length": str(size)})[0], 200)
        os.unlink(source)
        _, listing = self.client.get("artifacts/list", run_id=run)
        self.assertEqual(listing["files"], [{"path": "big", "is_dir": False, "file_size": size}])
        self.client.connection.request("GET", base + "big")
        answer = self.client.connection.getresponse()
        self.assertEqual(int(answer.headers["Content-Length"]), size)
        taken, last = 0, b""
        while piece := answer.read(1 << 20):
            taken, last = taken + len(piece), piece
        self.assertEqual((taken, last[-5:]), (size, b"\0tail"))


if __name__ == "__main__":
    unittest.main()
