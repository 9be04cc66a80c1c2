// SPDX-License-Identifier: GPL-3.0-or-later
// https://docs.python.org/3/library/argparse.html#the-add-argument-method
#include <algorithm>

#include "flag_readers.h"

namespace runglass::launch {

namespace {

using Type = ScriptFlag::Type;

/// The first long name is the flag's; the others are aliases.
void setNames(std::vector<std::string> names, ScriptFlag& flag) {
    const auto longName = std::find_if(names.begin(), names.end(),
                                       [](const std::string& name) { return name.starts_with("--"); });
    const auto chosen = longName == names.end() ? names.begin() : longName;
    flag.name = *chosen;
    names.erase(chosen);
    flag.aliases = std::move(names);
    flag.positional = !flag.name.starts_with('-');
}

/// False: nothing that a person sets (help, version).
bool applyAction(const PythonSource& source, TokenRange action, ScriptFlag& flag) {
    const std::string name = source.stringValue(action).value_or(std::string(source.lastName(action)));
    if (name == "help" || name == "version") {
        return false;
    }
    if (name == "store_true" || name == "store_false" || name == "store_const" || name == "count") {
        flag.type = Type::Switch;
    } else if (name == "BooleanOptionalAction") {
        flag.type = Type::Switch;
        flag.aliases.push_back("--no-" + flag.name.substr(flag.name.find_first_not_of('-')));
    } else if (name == "append" || name == "extend" || name == "append_const") {
        flag.repeatable = true;
    }
    return true;
}

void applyType(const PythonSource& source, const std::vector<PythonArgument>& arguments, ScriptFlag& flag) {
    auto type = PythonSource::keyword(arguments, "type");
    // `argparse.FileType("r")`: the name before the bracket tells.
    if (!type.empty() && source.lastName(type).empty()) {
        for (std::size_t i = type.begin; i < type.end; ++i) {
            if (source.at(i)->isOperator("(")) {
                type.end = i;
                break;
            }
        }
    }
    if (const auto known = typeOfName(source.lastName(type))) {
        flag.type = *known;
    }
    flag.choices = source.literalList(PythonSource::keyword(arguments, "choices"));
    if (!flag.choices.empty()) {
        flag.type = Type::Choice;
    } else if (flag.type == Type::Text && soundsLikePath(flag.name)) {
        flag.type = Type::Path;
    }
}

/// `%(default)s` is the one substitution that help texts use.
std::string filledHelp(std::string help, const std::string& defaultValue) {
    constexpr std::string_view kPlaceholder = "%(default)s";
    for (auto at = help.find(kPlaceholder); at != std::string::npos;
         at = help.find(kPlaceholder, at + defaultValue.size())) {
        help.replace(at, kPlaceholder.size(), defaultValue);
    }
    return help;
}

std::optional<ScriptFlag> readCall(const PythonSource& source, std::size_t open) {
    const auto arguments = source.arguments(open);
    std::vector<std::string> names;
    for (const auto& argument : arguments) {
        const auto name = argument.name.empty() ? source.stringValue(argument.value) : std::nullopt;
        if (name && !name->empty()) {
            names.push_back(*name);
        }
    }
    const auto helpRange = PythonSource::keyword(arguments, "help");
    if (names.empty() || source.lastName(helpRange) == "SUPPRESS") {
        return std::nullopt;
    }
    ScriptFlag flag;
    setNames(std::move(names), flag);
    applyType(source, arguments, flag);
    if (!applyAction(source, PythonSource::keyword(arguments, "action"), flag)) {
        return std::nullopt;
    }
    const auto nargs = source.literal(PythonSource::keyword(arguments, "nargs"));
    flag.takesSeveral = !nargs.empty() && nargs != "?" && nargs != "None" && nargs != "1" && nargs != "0";
    flag.defaultValue = source.literal(PythonSource::keyword(arguments, "default"));
    if (flag.defaultValue == "None" || flag.defaultValue.ends_with("SUPPRESS")) {
        flag.defaultValue.clear();
    }
    flag.required = source.isTrue(PythonSource::keyword(arguments, "required")) ||
                    (flag.positional && nargs != "?" && nargs != "*");
    flag.help = filledHelp(source.stringValue(helpRange).value_or(""), flag.defaultValue);
    return flag;
}

}  // namespace

std::vector<ScriptFlag> readArgparse(const PythonSource& source) {
    std::vector<ScriptFlag> flags;
    for (std::size_t i = 1; i + 1 < source.tokens().size(); ++i) {
        if (source.at(i)->isName("add_argument") && source.at(i - 1)->isOperator(".")) {
            if (auto flag = readCall(source, i + 1)) {
                flags.push_back(std::move(*flag));
            }
        }
    }
    return flags;
}

}  // namespace runglass::launch
