// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::cli {

class Invocation;

/// What a word on the command line stands for; the shells complete by it.
enum class Completes { Nothing, Run, MetricKey, File, Folder, Command };

/// `--name VALUE`, or a switch when `value` is empty.
struct Option {
    const char* name;       ///< with its dashes
    const char* value;      ///< placeholder in the help, e.g. `EXPR`; empty: a switch
    const char* help;       ///< one or two sentences
    char letter = 0;        ///< short form, 0 without
    bool repeated = false;  ///< may be given several times
    Completes completes = Completes::Nothing;
    std::vector<const char*> choices = {};  ///< the only values, when not empty
};

/// A word without dashes, by position. Those after the first that is optional are optional too.
struct Argument {
    const char* name;  ///< placeholder, e.g. `RUN`
    const char* help;
    Completes completes = Completes::Nothing;
    bool required = true;
    bool many = false;  ///< takes all that is left; the last argument only
};

struct Example {
    const char* line;
    const char* what;
};

/// One command. This table is the only place that knows names and options: the parser, `--help`, the man
/// page and the completions of both shells are made from it.
struct Command {
    const char* name;
    const char* summary;      ///< a few words, no full stop
    const char* description;  ///< plain paragraphs
    std::vector<Argument> arguments;
    std::vector<Option> options;
    std::vector<Example> examples;
    bool data = false;         ///< takes --format
    bool passThrough = false;  ///< the words from the first argument on belong to another program
    bool hidden = false;       ///< for programs, not people
    std::function<Result<int>(const Invocation&)> run;  ///< the exit code, or what went wrong
};

/// All commands in the order of the help.
const std::vector<Command>& commandTable();
const Command* findCommand(std::string_view name);
/// `--project` and `--help`, which every command takes, and `--format` of those whose output is data.
const std::vector<Option>& globalOptions();
std::vector<const Option*> optionsOf(const Command& command);

}  // namespace runglass::cli
