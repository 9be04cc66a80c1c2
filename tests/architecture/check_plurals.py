#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text with a count ("%n run(s)") must have its English plural, or people read the "(s)"."""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def main():
    root = pathlib.Path(sys.argv[1])
    tree = ElementTree.parse(root / "resources/translations/runglass_en.ts")
    known = {message.findtext("source") for message in tree.iter("message")}
    used = {}
    for folder in ("ui", "app/desktop"):
        for path in sorted((root / folder).rglob("*.cpp")):
            for text in re.findall(r'"((?:[^"\\]|\\.)*%n(?:[^"\\]|\\.)*\(s\)(?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8")):
                used[text] = path.relative_to(root)
    missing = sorted(f"{path}: {text}" for text, path in used.items() if text not in known)
    print("\n".join(missing) or f"{len(used)} counted texts have their plural")
    return 1 if missing or not used else 0


if __name__ == "__main__":
    sys.exit(main())
