// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include "flag_readers.h"

namespace runglass::launch {

using Type = ScriptFlag::Type;

std::optional<Type> typeOfName(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Type>, 15> kTypes = {{
        {"int", Type::Integer},
        {"INT", Type::Integer},
        {"IntRange", Type::Integer},
        {"positive_int", Type::Integer},
        {"float", Type::Number},
        {"FLOAT", Type::Number},
        {"FloatRange", Type::Number},
        {"str", Type::Text},
        {"STRING", Type::Text},
        {"Path", Type::Path},
        {"PurePath", Type::Path},
        {"FilePath", Type::Path},
        {"DirectoryPath", Type::Path},
        {"FileType", Type::Path},
        {"File", Type::Path},
    }};
    const auto* it =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& row) { return row.first == name; });
    return it == kTypes.end() ? std::nullopt : std::optional(it->second);
}

bool soundsLikePath(std::string_view name) {
    constexpr std::array<std::string_view, 8> kEndings = {"path",   "dir",        "file", "folder",
                                                          "config", "checkpoint", "ckpt", "directory"};
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [&](std::string_view ending) { return name.ends_with(ending); });
}

Annotation readAnnotation(const PythonSource& source, TokenRange range) {
    Annotation annotation;
    for (std::size_t i = range.begin; i < range.end; ++i) {
        const auto& token = *source.at(i);
        if (token.kind != PythonToken::Kind::Name) {
            continue;
        }
        if (token.source == "Literal" && source.at(i + 1) != nullptr && source.closing(i + 1)) {
            annotation.choices = source.literalList({i + 1, *source.closing(i + 1) + 1});
            break;
        }
        annotation.isBool = annotation.isBool || token.source == "bool";
        annotation.isList = annotation.isList || token.source == "List" || token.source == "list" ||
                            token.source == "Sequence" || token.source == "Tuple" || token.source == "tuple";
        if (!annotation.type) {
            annotation.type = typeOfName(token.source);
        }
    }
    return annotation;
}

void applyAnnotation(const Annotation& annotation, ScriptFlag& flag) {
    flag.takesSeveral = annotation.isList;
    if (annotation.isBool) {
        flag.type = Type::Switch;
    } else if (!annotation.choices.empty()) {
        flag.type = Type::Choice;
        flag.choices = annotation.choices;
    } else if (annotation.type) {
        flag.type = *annotation.type;
    }
    if (flag.type == Type::Text && soundsLikePath(flag.name)) {
        flag.type = Type::Path;
    }
}

std::optional<PythonField> fieldIn(const PythonSource& source, TokenRange range) {
    if (range.empty() || source.at(range.begin)->kind != PythonToken::Kind::Name) {
        return std::nullopt;
    }
    PythonField field{source.at(range.begin)->source, {}, {}};
    std::size_t sign = range.begin + 1;
    if (sign < range.end && source.at(sign)->isOperator(":")) {
        const std::size_t begin = sign + 1;
        for (sign = begin; sign < range.end && !source.at(sign)->isOperator("="); ++sign) {
            if (const auto close = source.closing(sign)) {
                sign = std::min(*close, range.end - 1);
            }
        }
        field.annotation = {begin, sign};
    }
    if (sign < range.end && source.at(sign)->isOperator("=")) {
        field.value = {sign + 1, range.end};
    }
    return field;
}

}  // namespace runglass::launch
