// SPDX-License-Identifier: GPL-3.0-or-later
// https://typer.tiangolo.com/tutorial/: the parameters of a command function are its flags.
#include <algorithm>
#include <unordered_set>

#include "flag_readers.h"

namespace runglass::launch {

namespace {

using Type = ScriptFlag::Type;

std::string flagName(std::string_view parameter) {
    std::string name = "--" + std::string(parameter);
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

/// Index of the bracket of `Option(` or `Argument(` within a range; nothing where there is none.
struct Declaration {
    std::size_t open = 0;
    bool positional = false;
};
std::optional<Declaration> declarationIn(const PythonSource& source, TokenRange range) {
    for (std::size_t i = range.begin; i + 1 < range.end; ++i) {
        const bool option = source.at(i)->isName("Option");
        if ((option || source.at(i)->isName("Argument")) && source.at(i + 1)->isOperator("(")) {
            return Declaration{i + 1, !option};
        }
    }
    return std::nullopt;
}

/// What `typer.Option(default, "--name", help=…)` says. In Annotated there is no default within.
void applyDeclaration(const PythonSource& source, const Declaration& declaration, bool holdsDefault,
                      ScriptFlag& flag) {
    flag.positional = declaration.positional;
    bool first = holdsDefault;
    for (const auto& argument : source.arguments(declaration.open)) {
        if (argument.name == "help") {
            flag.help = source.stringValue(argument.value).value_or("");
        } else if (argument.name == "default" || (argument.name.empty() && first)) {
            flag.defaultValue = source.literal(argument.value);
        } else if (const auto name =
                       argument.name.empty() ? source.stringValue(argument.value) : std::nullopt) {
            const std::string text = name->substr(0, name->find('/'));
            if (text.starts_with("--")) {
                flag.name = text;
            } else if (text.starts_with("-")) {
                flag.aliases.push_back(text);
            }
        }
        first = false;
    }
}

ScriptFlag readParameter(const PythonSource& source, const PythonField& field) {
    ScriptFlag flag;
    flag.name = flagName(field.name);
    flag.positional = field.value.empty();
    flag.defaultValue = source.literal(field.value);
    if (const auto annotated = declarationIn(source, field.annotation)) {
        applyDeclaration(source, *annotated, false, flag);
    } else if (const auto value = declarationIn(source, field.value)) {
        flag.defaultValue.clear();
        applyDeclaration(source, *value, true, flag);
    }
    flag.required = field.value.empty() || flag.defaultValue == "...";
    if (flag.defaultValue == "None" || flag.defaultValue == "...") {
        flag.defaultValue.clear();
    }
    applyAnnotation(readAnnotation(source, field.annotation), flag);
    flag.repeatable = flag.takesSeveral && !flag.positional;
    flag.takesSeveral = flag.takesSeveral && flag.positional;
    if (flag.positional) {
        flag.name = field.name;
    } else if (flag.type == Type::Switch) {
        flag.aliases.push_back("--no-" + flag.name.substr(2));
    }
    return flag;
}

/// Functions decorated with `@app.command()` or given to `typer.run(…)`.
bool isCommand(const PythonSource& source, std::size_t def, const std::unordered_set<std::string_view>& run) {
    if (run.count(source.at(def + 1)->source) > 0) {
        return true;
    }
    // The decorators are the lines before `def`.
    std::size_t newline = def - 1;
    while (newline > 0) {
        std::size_t start = newline - 1;
        while (start > 0 && source.at(start)->kind != PythonToken::Kind::Newline) {
            --start;
        }
        if (!source.at(start + 1)->isOperator("@")) {
            return false;
        }
        for (std::size_t i = start + 2; i < newline; ++i) {
            if (source.at(i)->isName("command") || source.at(i)->isName("callback")) {
                return true;
            }
        }
        newline = start;
    }
    return false;
}

}  // namespace

std::vector<ScriptFlag> readTyper(const PythonSource& source) {
    std::vector<ScriptFlag> flags;
    const auto& tokens = source.tokens();
    std::unordered_set<std::string_view> run;
    bool usesTyper = false;
    for (std::size_t i = 0; i + 4 < tokens.size(); ++i) {
        usesTyper = usesTyper || tokens[i].isName("typer");
        if (tokens[i].isName("typer") && tokens[i + 1].isOperator(".") && tokens[i + 2].isName("run") &&
            tokens[i + 3].isOperator("(")) {
            run.insert(tokens[i + 4].source);
        }
    }
    for (std::size_t i = 1; usesTyper && i + 2 < tokens.size(); ++i) {
        const bool function = tokens[i].isName("def") && tokens[i - 1].kind == PythonToken::Kind::Newline;
        if (!function || !tokens[i + 2].isOperator("(") || !isCommand(source, i, run)) {
            continue;
        }
        for (const auto& argument : source.arguments(i + 2)) {
            const auto begin = argument.name.empty() ? argument.value.begin : argument.value.begin - 2;
            const auto field = fieldIn(source, {begin, argument.value.end});
            if (field && source.lastName(field->annotation) != "Context") {
                flags.push_back(readParameter(source, *field));
            }
        }
    }
    return flags;
}

}  // namespace runglass::launch
