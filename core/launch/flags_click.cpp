// SPDX-License-Identifier: GPL-3.0-or-later
// https://click.palletsprojects.com/en/8.1.x/options/
#include <algorithm>

#include "flag_readers.h"

namespace runglass::launch {

namespace {

using Type = ScriptFlag::Type;

/// `--shout/--no-shout` declares a switch and its opposite.
void addDeclaration(const std::string& declaration, bool positional, ScriptFlag& flag) {
    const auto slash = declaration.find('/', 1);
    const std::string name = declaration.substr(0, slash);
    if (!positional && !name.starts_with('-')) {
        return;  // the name of the Python parameter
    }
    const bool better = flag.name.empty() || (name.starts_with("--") && !flag.name.starts_with("--"));
    if (better && !flag.name.empty()) {
        flag.aliases.push_back(flag.name);
    }
    if (better) {
        flag.name = name;
    } else {
        flag.aliases.push_back(name);
    }
    if (slash != std::string::npos) {
        flag.type = Type::Switch;
        const auto opposite = declaration.find_first_not_of(' ', slash + 1);
        if (opposite != std::string::npos) {
            flag.aliases.push_back(declaration.substr(opposite));
        }
    }
}

/// `click.Choice(["a", "b"])`, `click.Path(exists=True)`, `int`, `click.INT`.
void applyType(const PythonSource& source, TokenRange type, ScriptFlag& flag) {
    TokenRange callee = type;
    for (std::size_t i = type.begin; i < type.end; ++i) {
        if (!source.at(i)->isOperator("(")) {
            continue;
        }
        callee.end = i;
        const auto arguments = source.arguments(i);
        if (source.lastName(callee) == "Choice" && !arguments.empty()) {
            flag.choices = source.literalList(arguments.front().value);
            flag.type = flag.choices.empty() ? Type::Text : Type::Choice;
            return;
        }
        break;
    }
    if (const auto known = typeOfName(source.lastName(callee))) {
        flag.type = *known;
    }
}

/// Without `type`, click takes the type of the default.
void applyDefaultType(const PythonSource& source, TokenRange value, ScriptFlag& flag) {
    if (value.empty()) {
        return;
    }
    const auto& last = *source.at(value.end - 1);
    if (last.isName("True") || last.isName("False")) {
        flag.type = Type::Switch;
    } else if (last.kind == PythonToken::Kind::Number) {
        const bool whole = last.source.find_first_of(".eE") == std::string_view::npos;
        flag.type = whole ? Type::Integer : Type::Number;
    }
}

std::optional<ScriptFlag> readCall(const PythonSource& source, std::size_t open, bool positional) {
    const auto arguments = source.arguments(open);
    ScriptFlag flag;
    flag.positional = positional;
    for (const auto& argument : arguments) {
        if (const auto text = argument.name.empty() ? source.stringValue(argument.value) : std::nullopt) {
            addDeclaration(*text, positional, flag);
        }
    }
    if (flag.name.empty()) {
        return std::nullopt;
    }
    const auto type = PythonSource::keyword(arguments, "type");
    const auto defaultRange = PythonSource::keyword(arguments, "default");
    if (!type.empty()) {
        applyType(source, type, flag);
    } else if (flag.type != Type::Switch) {
        applyDefaultType(source, defaultRange, flag);
    }
    if (source.isTrue(PythonSource::keyword(arguments, "is_flag")) ||
        source.isTrue(PythonSource::keyword(arguments, "count"))) {
        flag.type = Type::Switch;
    }
    if (flag.type == Type::Text && soundsLikePath(flag.name)) {
        flag.type = Type::Path;
    }
    const auto nargs = source.literal(PythonSource::keyword(arguments, "nargs"));
    flag.takesSeveral = !nargs.empty() && nargs != "1";
    flag.repeatable = source.isTrue(PythonSource::keyword(arguments, "multiple"));
    flag.defaultValue = source.literal(defaultRange);
    if (flag.defaultValue == "None") {
        flag.defaultValue.clear();
    }
    const auto required = PythonSource::keyword(arguments, "required");
    flag.required = source.isTrue(required) || (positional && required.empty());
    flag.help = source.stringValue(PythonSource::keyword(arguments, "help")).value_or("");
    return flag;
}

}  // namespace

std::vector<ScriptFlag> readClick(const PythonSource& source) {
    std::vector<ScriptFlag> flags;
    const auto& tokens = source.tokens();
    const bool usesClick = std::any_of(tokens.begin(), tokens.end(), [](const PythonToken& token) {
        return token.isName("click") || token.isName("rich_click");
    });
    for (std::size_t i = 0; usesClick && i + 3 < tokens.size(); ++i) {
        if (!tokens[i].isOperator("@")) {
            continue;
        }
        const std::size_t name = tokens[i + 2].isOperator(".") ? i + 3 : i + 1;
        const bool option = tokens[name].isName("option");
        if (name + 1 < tokens.size() && (option || tokens[name].isName("argument")) &&
            tokens[name + 1].isOperator("(")) {
            if (auto flag = readCall(source, name + 1, !option)) {
                flags.push_back(std::move(*flag));
            }
        }
    }
    return flags;
}

}  // namespace runglass::launch
