// SPDX-License-Identifier: GPL-3.0-or-later
// https://abseil.io/docs/python/guides/flags: DEFINE_<type>(name, default, help), DEFINE_enum(name, default,
// values, help)
#include "flag_readers.h"

namespace runglass::launch {

namespace {

using Type = ScriptFlag::Type;

Type typeOfKind(std::string_view kind, std::string_view name) {
    if (kind == "integer") {
        return Type::Integer;
    }
    if (kind == "float") {
        return Type::Number;
    }
    if (kind == "bool" || kind == "boolean") {
        return Type::Switch;
    }
    if (kind == "enum") {
        return Type::Choice;
    }
    return soundsLikePath(name) ? Type::Path : Type::Text;
}

/// The argument at a place, or of a name where it was given by name.
TokenRange argumentAt(const std::vector<PythonArgument>& arguments, std::size_t place,
                      std::string_view name) {
    const auto named = PythonSource::keyword(arguments, name);
    if (!named.empty() || place >= arguments.size() || !arguments[place].name.empty()) {
        return named;
    }
    return arguments[place].value;
}

std::optional<ScriptFlag> readCall(const PythonSource& source, std::size_t open, std::string_view kind) {
    const auto arguments = source.arguments(open);
    const auto name = source.stringValue(argumentAt(arguments, 0, "name"));
    if (!name || name->empty()) {
        return std::nullopt;
    }
    ScriptFlag flag;
    flag.repeatable = kind.starts_with("multi_");
    kind.remove_prefix(flag.repeatable ? 6 : 0);
    flag.name = "--" + *name;
    flag.type = typeOfKind(kind, *name);
    flag.defaultValue = source.literal(argumentAt(arguments, 1, "default"));
    if (flag.defaultValue == "None") {
        flag.defaultValue.clear();
    }
    const bool isEnum = kind == "enum";
    if (isEnum) {
        flag.choices = source.literalList(argumentAt(arguments, 2, "enum_values"));
        flag.type = flag.choices.empty() ? Type::Text : Type::Choice;
    }
    if (flag.type == Type::Switch) {
        flag.aliases = {"--no" + *name};
    }
    flag.help = source.stringValue(argumentAt(arguments, isEnum ? 3 : 2, "help")).value_or("");
    flag.required = source.isTrue(PythonSource::keyword(arguments, "required"));
    return flag;
}

}  // namespace

std::vector<ScriptFlag> readAbsl(const PythonSource& source) {
    constexpr std::string_view kPrefix = "DEFINE_";
    std::vector<ScriptFlag> flags;
    for (std::size_t i = 0; i + 1 < source.tokens().size(); ++i) {
        const auto& token = *source.at(i);
        if (token.kind == PythonToken::Kind::Name && token.source.starts_with(kPrefix)) {
            if (auto flag = readCall(source, i + 1, token.source.substr(kPrefix.size()))) {
                flags.push_back(std::move(*flag));
            }
        }
    }
    return flags;
}

}  // namespace runglass::launch
