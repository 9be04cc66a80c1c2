#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two types of the same name in one namespace, in folders that do not know each other, break the rule of one
definition: the linker keeps the members of one of them for both, and the program crashes far away."""

import collections
import pathlib
import re
import sys

NAMESPACE = re.compile(r"^namespace (runglass[\w:]*) \{", re.MULTILINE)
ANONYMOUS = re.compile(r"^namespace \{$.*?^\}  // namespace$", re.MULTILINE | re.DOTALL)
TYPE = re.compile(r"^(?:class|struct|enum class) (\w+)(?: final)?(?: : [^{;]+)? \{", re.MULTILINE)


def main():
    root = pathlib.Path(sys.argv[1])
    places = collections.defaultdict(set)
    for folder in ("core", "ui", "app"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            text = ANONYMOUS.sub("", path.read_text(encoding="utf-8"))
            namespace = NAMESPACE.search(text)
            for match in TYPE.finditer(text):
                places[(namespace[1] if namespace else "", match[1])].add(path.relative_to(root).as_posix())
    twice = [f"{space}::{name} is defined in {' and in '.join(sorted(files))}"
             for (space, name), files in sorted(places.items()) if len(files) > 1]
    print("\n".join(twice) or f"{len(places)} types have names of their own")
    return 1 if twice or not places else 0


if __name__ == "__main__":
    sys.exit(main())
