#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the boundaries of DESIGN §3 that include paths cannot enforce, because the libraries' headers are global."""

import pathlib
import re
import sys

# header pattern -> the only folders that may include it
ONLY_IN = {
    r"sqlite3\.h": ("core/store", "core/sources"),
    r"git2(/.*)?\.h": ("core/git",),
    r"qcustomplot\.h": ("ui/curves",),
    r"Q[A-Z]\w*|Qt\w+/.*": ("ui", "app/desktop"),
    r"Qsci/.*": ("ui",),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def main():
    root = pathlib.Path(sys.argv[1])
    files = [path for folder in ("core", "ui", "app") for path in sorted((root / folder).rglob("*"))
             if path.suffix in (".h", ".cpp")]
    wrong = []
    for path in files:
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            for pattern, folders in ONLY_IN.items():
                if re.fullmatch(pattern, match[1]) and not name.startswith(tuple(f + "/" for f in folders)):
                    wrong.append(f"{name}:{number}: {match[1]} belongs to {', '.join(folders)} only")
    print("\n".join(wrong) or f"{len(files)} files keep to the boundaries")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
