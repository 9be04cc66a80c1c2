#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start of the desktop against an empty QMainWindow with one QCustomPlot, in the same run.

    tests/bench/startup.py build/release ~/runglass-demo [--rounds 15]

Uses the display of the session, or the offscreen platform without one. Exits with 1 when a limit is passed:
first paint of the frame 1.5 times, painted with the runs 3 times.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

LIMITS = {"frame": 1.5, "runs": 3.0}


def measure(command, settings):
    environment = dict(os.environ, XDG_CONFIG_HOME=settings)
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    environment["RUNGLASS_STARTUP_TRACE"] = str(time.monotonic_ns())
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    if result.returncode != 0:
        sys.exit(f"{command[0]} failed: {result.stderr}")
    return {name: float(value) for name, value in (line.split() for line in result.stdout.splitlines())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("project")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    reference = [arguments.build / "tests/bench/startup_reference"]
    desktop = [arguments.build / "app/desktop/runglass-desktop", arguments.project, "--view", "runs"]
    times = {"reference": [], "frame": [], "runs": []}
    with tempfile.TemporaryDirectory() as settings:
        measure(reference, settings)
        measure(desktop, settings)  # both warm
        for _ in range(arguments.rounds):  # alternately, so that a busy machine is busy for both
            times["reference"].append(measure(reference, settings)["frame"])
            started = measure(desktop, settings)
            times["frame"].append(started["frame"])
            times["runs"].append(started["runs"])
    base = statistics.median(times["reference"])
    failed = False
    print(f"empty window with one QCustomPlot  {base:6.1f} ms  (best {min(times['reference']):.1f})")
    for name, limit in LIMITS.items():
        median = statistics.median(times[name])
        failed = failed or median > limit * base
        print(f"{name:34} {median:6.1f} ms  (best {min(times[name]):.1f})  {median / base:.2f}x of at most {limit}x")
    sys.exit(1 if failed else 0)


main()
