// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "python_source.h"
#include "runglass/launch/script_flags.h"

namespace runglass::launch {

// One reader for each library, each returning what the script declares with it in the order of the text.
std::vector<ScriptFlag> readArgparse(const PythonSource& source);
std::vector<ScriptFlag> readClick(const PythonSource& source);
std::vector<ScriptFlag> readTyper(const PythonSource& source);
std::vector<ScriptFlag> readAbsl(const PythonSource& source);
/// Dataclasses handed to transformers' HfArgumentParser.
std::vector<ScriptFlag> readDataclasses(const PythonSource& source);

/// Type of a value by the name of a Python type (`int`, `float`, `Path` …); nothing for other names.
std::optional<ScriptFlag::Type> typeOfName(std::string_view name);
/// Whether a flag of this name holds a path by common usage (`--config`, `--data-dir`).
bool soundsLikePath(std::string_view name);
/// `Optional[int]`, `int | None`, `"int"`, `List[int]` … → the type and whether several words are taken.
struct Annotation {
    std::optional<ScriptFlag::Type> type;
    bool isBool = false;
    bool isList = false;
    std::vector<std::string> choices;  ///< of Literal[…]
};
Annotation readAnnotation(const PythonSource& source, TokenRange range);
/// Takes type, choices and several-ness from an annotation.
void applyAnnotation(const Annotation& annotation, ScriptFlag& flag);

/// A `name: annotation = value` of a class body or of a parameter list.
struct PythonField {
    std::string_view name;
    TokenRange annotation;
    TokenRange value;
};
std::optional<PythonField> fieldIn(const PythonSource& source, TokenRange range);

}  // namespace runglass::launch
