// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runglass::launch {

/// One option that a script declares.
struct ScriptFlag {
    enum class Type { Text, Integer, Number, Choice, Switch, Path };
    std::string name;  ///< `--lr`
    Type type = Type::Text;
    std::string defaultValue;  ///< as written, quotes removed; empty where there is none
    std::vector<std::string> choices;
    std::string help;
    bool required = false;
    std::vector<std::string> aliases;  ///< other names: `-b`, `--no-amp`
    bool takesSeveral = false;         ///< several words after the flag (argparse nargs)
    bool repeatable = false;           ///< may be given again to add (argparse append, click multiple)
    bool positional = false;           ///< `name` has no dashes; given by place
};

/// The options that a Python script declares with argparse, click, typer or absl, found by reading its text;
/// the script is never run. What cannot be read statically is left out. `reader` says which library was
/// recognised.
struct ScriptFlags {
    std::string reader;
    std::vector<ScriptFlag> flags;
};
ScriptFlags detectFlags(std::string_view scriptText);

/// The script of a command line (`python train.py …`, `python -m pkg.train`, `./train.py`), as a path
/// relative to the working directory; empty where there is none.
std::string scriptOfCommand(const std::vector<std::string>& command);

/// Splits a command line as a POSIX shell would split words: quotes and backslashes, no expansion of any
/// kind. Fails on an open quote.
struct SplitCommand {
    struct Range {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    std::vector<std::string> words;
    std::vector<Range> ranges;  ///< where each word stands in the line, quotes included
    bool complete = true;       ///< false: an open quote
};
SplitCommand splitCommand(std::string_view line);
/// The inverse: quotes only where needed.
std::string joinCommand(const std::vector<std::string>& command);

}  // namespace runglass::launch
