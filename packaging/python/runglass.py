# SPDX-License-Identifier: GPL-3.0-or-later
"""Log to a Runglass run: one file, standard library only, Python 3.7 or newer.

    import runglass

    run = runglass.init(params={"lr": 1e-3, "model": {"depth": 4}})
    for step in range(100):
        run.log({"loss": loss, "val/acc": acc}, step=step)
    run.log_artifact("model.pt")

Started with `runglass run -- python train.py`, it logs to that run. Started by hand, it makes a run of its own:
`runglass` (found by $RUNGLASS_BIN or in PATH) watches the process from outside, and where there is none, the run is
taken in when the project is opened. Copy this file beside a script, or install it, to import it there;
`runglass run` makes it importable by itself.

No call blocks or fails: what cannot be logged is said once on standard error, and the script goes on. Each call hands
one line to the kernel (the format: core/launch/include/runglass/launch/spool.h), so that what was logged outlives
the process, however it ends.
"""

import atexit
import json
import math
import os
import subprocess
import sys
import threading
import time
import uuid

__all__ = ["init", "Run"]
__version__ = "0.1.0"

_MAX_HELD = 16 << 20  # bytes that wait in memory while the disk is full
_MAX_DEPTH = 16
_MAX_LINE = 1 << 20
_STEPS = 1 << 63

_current = None
_lock = threading.Lock()


def init(params=None, name=None, experiment=None, tags=None, project=None):
    """The run of this process: the launched one, or a new one. A second call gives the same run until finish().

    `project` is the folder whose `.runglass` a new run goes to (default: the nearest folder above the current one with
    `.runglass` or `.git`, else the current one).
    """
    global _current
    with _lock:
        if _current is None or _current._finished:
            try:
                _current = _launched_run() or _own_run(name, experiment, project)
            except Exception as error:  # pylint: disable=broad-except
                _warn("nothing will be logged: %s" % error)
                _current = Run(None, "", False)
            else:
                if name or experiment:
                    _current._write(_without_none({"name": name, "experiment": experiment}))
        run = _current
    if params:
        run.log_params(params)
    for key, value in (tags or {}).items():
        run.tag(key, value)
    return run


class Run:
    """A run that is being logged to. Made by init(). Every method may be called from any thread and after a fork."""

    def __init__(self, spool, run_id, owned):
        self.id = run_id
        self._finished = False
        self._owner = os.getpid() if owned else None  # the process whose end is the end of the run
        self._spool = _Spool(spool)
        self._next_step = {}
        self._exit_code = None
        self._error = ""

    def log(self, metrics, step=None):
        """Logs numbers, e.g. {"loss": 0.1}. Nested dicts become keys joined with `/`. Without `step` each key counts
        on from its last one, beginning with 0."""
        try:
            # The common case first: a flat dict of plain numbers needs nothing but formatting.
            parts = []
            for key, value in metrics.items():
                kind = type(value)
                if kind is float and value - value == 0.0:
                    text = repr(value)
                elif kind is int and -_EXACT < value < _EXACT:
                    text = str(value)
                else:
                    return self._log_any(metrics, step)
                parts.append((key, text))
            if not parts:
                return None
            if type(step) is int and -_STEPS <= step < _STEPS:
                for key, _ in parts:
                    self._next_step[key] = step + 1
                self._write_metrics(parts, step)
            else:
                self._log_steps(parts, _whole(step))
        except Exception as error:  # pylint: disable=broad-except
            _warn("a call of log() was ignored: %s: %s" % (type(error).__name__, error))
        return None

    def log_param(self, key, value):
        """Sets one param. A param keeps the first value that it is given."""
        self.log_params({key: value})

    def log_params(self, params):
        """Sets params from a dict, which may be nested."""
        self._guarded(lambda: self._write({"params": dict(_flat(_as_dict(params), _plain))}))

    def tag(self, key, value):
        """Sets a tag; None removes it."""
        self._guarded(lambda: self._write({"tags": {str(key): None if value is None else _plain(value)}}))

    def log_artifact(self, path, name=None):
        """Keeps a copy of a file or folder with the run. It is copied a moment later, as it is then."""

        def write():
            full = os.path.abspath(os.fspath(path))
            self._write({"artifact": {"path": _text(full), "name": _text(name or os.path.basename(full))}})

        self._guarded(write)

    def log_dataset(self, name, path, digest=None):
        """Names a data set that the run uses, with the file, folder or URL it came from."""

        def write():
            where = os.fspath(path)
            if "://" not in str(where):
                where = os.path.abspath(where)
            self._write({"dataset": _without_none({"name": str(name), "path": _text(where), "digest": digest})})

        self._guarded(write)

    def note(self, markdown):
        """Sets the note of the run."""
        self._guarded(lambda: self._write({"note": str(markdown)}))

    def finish(self, exit_code=None):
        """Ends a run that this process started by itself; in a launched run the end of the command decides. Called at
        exit by itself."""
        if self._finished:
            return
        if self._owner == os.getpid():
            code = exit_code if exit_code is not None else self._exit_code
            self._guarded(lambda: self._write({"end": {"exit_code": code or 0, "error": self._error[:1000]}}))
            _forget_environment(self.id)
        self._finished = self._owner is None or self._owner == os.getpid()
        self._spool.flush()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None and not (kind is SystemExit and not error.code):
            self._note_failure(kind, error)
        self.finish()
        return False

    # --- below: not for callers ---

    def _note_failure(self, kind, error):
        code = getattr(error, "code", 1) if kind is SystemExit else 1
        self._exit_code = code if isinstance(code, int) else 1
        self._error = _text("%s: %s" % (kind.__name__, error))

    def _guarded(self, write):
        try:
            write()
        except Exception as error:  # pylint: disable=broad-except
            _warn("something was not logged: %s: %s" % (type(error).__name__, error))

    def _log_any(self, metrics, step):
        parts = []
        for key, value in _flat(_as_dict(metrics), lambda item: item):
            try:
                parts.append((key, _number_text(value)))
            except (TypeError, ValueError, OverflowError):
                _warn("`%s` is not a number and was not logged (%s)" % (key, type(value).__name__))
        if parts:
            self._log_steps(parts, _whole(step))

    def _log_steps(self, parts, step):
        """Without a step, keys that have come equally often share a line."""
        by_step = {}
        for key, text in parts:
            own = self._next_step.get(key, 0) if step is None else step
            self._next_step[key] = own + 1
            by_step.setdefault(own, []).append((key, text))
        for own, group in by_step.items():
            self._write_metrics(group, own)

    def _write_metrics(self, parts, step):
        members = ",".join([_key_text(key) + text for key, text in parts])
        self._spool.append('{"metrics":{%s},"step":%d,"time_ms":%d}\n' % (members, step, time.time() * 1000))

    def _write(self, record):
        self._spool.append(json.dumps(record, allow_nan=False, default=str) + "\n")


class _Spool:
    """Appends lines to a file. Each is one write() to a descriptor opened with O_APPEND, which the kernel keeps
    whole, so threads and forked processes share it without a lock."""

    def __init__(self, path):
        self._file = None if path is None else os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        self._held = []
        self._held_bytes = 0
        self._held_lock = threading.Lock()
        self._watches_end = False
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def append(self, line):
        if self._file is None:
            return
        data = line.encode("utf-8", "replace")
        if len(data) > _MAX_LINE:
            _warn("a line of %d bytes was not logged; %d is the most" % (len(data), _MAX_LINE))
            return
        if self._held:
            self._hold(data)
            self.flush()
            return
        try:
            written = os.write(self._file, data)
        except OSError as error:
            self._trouble(error, data)
            return
        if written != len(data):
            # The disk became full within the line. The end of line makes the part a line of its own, a bad one.
            self._trouble(None, b"\n" + data)

    def flush(self):
        with self._held_lock:
            while self._held:
                data = self._held[0]
                try:
                    written = os.write(self._file, data)
                except OSError:
                    return
                if written != len(data):
                    self._held[0] = data if data.startswith(b"\n") else b"\n" + data
                    return
                self._held_bytes -= len(data)
                self._held.pop(0)

    def _trouble(self, error, data):
        _warn("logging waits: %s" % (error or "the disk is full"))
        self._hold(data)
        if not self._watches_end:
            self._watches_end = True
            atexit.register(self._try_last)

    def _try_last(self):
        self.flush()
        if self._held:
            _warn("%d calls were not recorded: there was no room for them until the end" % len(self._held))

    def _hold(self, data):
        with self._held_lock:
            self._held.append(data)
            self._held_bytes += len(data)
            while self._held_bytes > _MAX_HELD:
                self._held_bytes -= len(self._held.pop(0))

    def _after_fork(self):
        self._held_lock = threading.Lock()  # another thread may have held it
        self._held = []  # the parent writes these
        self._held_bytes = 0


# --- values ---

_EXACT = 1 << 53  # beyond it an int is not exact as a double


def _number_text(value):
    if hasattr(value, "item") and not isinstance(value, (int, float)):  # numpy, torch, jax, tensorflow scalars
        value = value.item()
    if isinstance(value, complex):
        raise TypeError("complex")
    value = float(value)
    if math.isnan(value):
        return '"NaN"'
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    return repr(value)


_key_texts = {}


def _key_text(key):
    """The key as JSON with its colon, remembered: keys come again and again."""
    text = _key_texts.get(key)
    if text is None:
        text = json.dumps(str(key)) + ":"
        if len(_key_texts) < 10000:
            _key_texts[key] = text
    return text


def _whole(step):
    if step is None:
        return None
    step = int(step)
    if not -_STEPS <= step < _STEPS:
        raise ValueError("step %d is out of range" % step)
    return step


def _as_dict(value):
    if isinstance(value, dict):
        return value
    if hasattr(value, "__dict__"):  # argparse.Namespace, dataclasses
        return vars(value)
    return dict(value)


def _flat(mapping, convert, prefix="", depth=0):
    for key, value in mapping.items():
        key = prefix + str(key)
        if isinstance(value, dict) and value and depth < _MAX_DEPTH:
            for item in _flat(value, convert, key + "/", depth + 1):
                yield item
        else:
            yield key, convert(value)


def _plain(value):
    """A param or tag value as JSON can hold it."""
    if value is None or isinstance(value, (bool, str)):
        return _text(value) if isinstance(value, str) else value
    if isinstance(value, int) and -_EXACT < value < _EXACT:
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    return _text(value)


def _text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _without_none(record):
    return {key: value for key, value in record.items() if value is not None}


_warned = set()


def _warn(message):
    """Once for each kind of message: a training loop must not fill the console."""
    kind = message.split(":")[0]
    if kind in _warned:
        return
    _warned.add(kind)
    try:
        sys.stderr.write("runglass: %s\n" % message)
    except Exception:  # pylint: disable=broad-except
        pass


# --- finding or making the run ---


def _launched_run():
    spool = os.environ.get("RUNGLASS_SPOOL")
    if not spool:
        return None
    return Run(spool, os.environ.get("RUNGLASS_RUN_ID", ""), False)


def _own_run(name, experiment, project):
    root = os.path.abspath(os.fspath(project)) if project else _find_project(os.getcwd())
    run_id = uuid.uuid4().hex
    state = os.path.join(root, ".runglass")
    folder = os.path.join(state, "runs", run_id)
    for needed in (folder, os.path.join(state, "active")):
        os.makedirs(needed, exist_ok=True)
    ignore = os.path.join(state, ".gitignore")
    if not os.path.exists(ignore):
        with open(ignore, "w") as file:
            file.write("*\n")
    with open(os.path.join(folder, "processes"), "a") as file:
        file.write("command %s\n" % _identity(os.getpid()))
    with open(os.path.join(folder, "notice"), "wb") as file:
        file.write(b"\0" * 1024)
    spool = os.path.join(folder, "spool.jsonl")
    run = Run(spool, run_id, True)
    introduction = {
        "command": [_text(part) for part in _command_line()],
        "cwd": _text(os.getcwd()),
        "start_time_ms": int(time.time() * 1000),
        "python": _text(sys.executable or ""),
        "python_version": ".".join(str(part) for part in sys.version_info[:3]),
    }
    run._write(_without_none({"run": introduction, "name": name, "experiment": experiment}))
    with open(os.path.join(state, "active", run_id), "w"):
        pass
    # Processes that this one starts log to the same run.
    os.environ.update(RUNGLASS_SPOOL=spool, RUNGLASS_RUN_ID=run_id, RUNGLASS_PROJECT=root)
    _watch_end(run)
    _start_supervisor(folder)
    return run


def _find_project(start):
    folder = os.path.abspath(start)
    while True:
        if os.path.exists(os.path.join(folder, ".runglass")) or os.path.exists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return os.path.abspath(start)
        folder = parent


def _identity(pid):
    with open("/proc/%d/stat" % pid, "rb") as file:
        start = file.read().rpartition(b")")[2].split()[19].decode()
    with open("/proc/sys/kernel/random/boot_id") as file:
        return "%d %s %s" % (pid, start, file.read().strip())


def _command_line():
    try:
        with open("/proc/self/cmdline", "rb") as file:
            return file.read().split(b"\0")[:-1]
    except OSError:
        return [sys.executable] + sys.argv


def _start_supervisor(folder):
    """Detached by a double start, so that it is nobody's zombie. Without the program, opening the project takes the run
    in later."""
    program = os.environ.get("RUNGLASS_BIN") or _in_path("runglass")
    if not program:
        return
    starter = '"$@" </dev/null >/dev/null 2>&1 &'
    environment = {key: value for key, value in os.environ.items() if not key.startswith("RUNGLASS_")}
    subprocess.Popen(
        ["/bin/sh", "-c", starter, "sh", program, "supervise", "--attach", str(os.getpid()), folder],
        env=environment,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ).wait()


def _in_path(program):
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        candidate = os.path.join(folder, program)
        if folder and os.access(candidate, os.X_OK):
            return candidate
    return None


def _forget_environment(run_id):
    if os.environ.get("RUNGLASS_RUN_ID") == run_id:
        for key in ("RUNGLASS_SPOOL", "RUNGLASS_RUN_ID", "RUNGLASS_PROJECT"):
            os.environ.pop(key, None)


def _watch_end(run):
    """Tells the run how the script ended: by itself, with sys.exit(code), or with an exception that nobody caught.
    (Nothing in Python tells an atexit function the exit code, hence the wrapper around sys.exit.)"""
    previous_hook, previous_exit = sys.excepthook, sys.exit

    def hook(kind, error, trace):
        run._note_failure(kind, error)
        previous_hook(kind, error, trace)

    def leave(code=None):
        if threading.current_thread() is threading.main_thread():
            run._exit_code = code if isinstance(code, int) else 0 if code is None else 1
        previous_exit(code)

    sys.excepthook, sys.exit = hook, leave
    atexit.register(run.finish)
