#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails when a source is not as clang-format writes it. Versions format differently; the project's is 14, Debian 12's.
set -euo pipefail
cd "$1"
clang-format --version | grep -q ' version 14\.' || { echo "skipped: clang-format 14 is not here"; exit 77; }
find core ui app tests -name '*.cpp' -o -name '*.h' -o -name '*.cc' | sort | xargs clang-format --dry-run --Werror
echo "all sources are formatted"
