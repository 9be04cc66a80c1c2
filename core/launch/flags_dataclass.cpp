// SPDX-License-Identifier: GPL-3.0-or-later
// https://huggingface.co/docs/transformers/internal/trainer_utils#transformers.HfArgumentParser: each field
// is a flag.
#include <algorithm>

#include "flag_readers.h"

namespace runglass::launch {

namespace {

/// `field(default=…, metadata={"help": "…", "choices": […]})`
void applyField(const PythonSource& source, TokenRange value, ScriptFlag& flag) {
    const auto arguments = source.arguments(value.begin + 1);
    flag.defaultValue = source.literal(PythonSource::keyword(arguments, "default"));
    flag.required = PythonSource::keyword(arguments, "default").empty() &&
                    PythonSource::keyword(arguments, "default_factory").empty();
    const auto metadata = PythonSource::keyword(arguments, "metadata");
    if (metadata.empty()) {
        return;
    }
    for (const auto& entry : source.arguments(metadata.begin)) {
        const auto& range = entry.value;
        if (range.size() < 3 || !source.at(range.begin + 1)->isOperator(":")) {
            continue;
        }
        const auto& key = source.at(range.begin)->value;
        const TokenRange content{range.begin + 2, range.end};
        if (key == "help") {
            flag.help = source.stringValue(content).value_or("");
        } else if (key == "choices") {
            flag.choices = source.literalList(content);
        }
    }
}

ScriptFlag readField(const PythonSource& source, const PythonField& field) {
    ScriptFlag flag;
    flag.name = "--" + std::string(field.name);
    const bool call = field.value.size() > 2 && source.at(field.value.begin)->isName("field") &&
                      source.at(field.value.begin + 1)->isOperator("(");
    if (call) {
        applyField(source, field.value, flag);
    } else {
        flag.defaultValue = source.literal(field.value);
        flag.required = field.value.empty();
    }
    if (flag.defaultValue == "None") {
        flag.defaultValue.clear();
    }
    auto annotation = readAnnotation(source, field.annotation);
    if (!flag.choices.empty()) {
        annotation.choices = flag.choices;
    }
    applyAnnotation(annotation, flag);
    return flag;
}

/// Reads the fields of the class whose `class` stands at `start`.
void readClass(const PythonSource& source, std::size_t start, std::vector<ScriptFlag>& flags) {
    std::size_t newline = source.endOfLine(start);
    const auto* first = source.at(newline);
    const int indent = first == nullptr ? 0 : first->indent;
    while (source.at(newline) != nullptr && source.at(newline)->indent >= indent && indent > 0) {
        const auto end = source.endOfLine(newline + 1);
        if (source.at(newline)->indent == indent && newline + 2 < end &&
            source.at(newline + 2)->isOperator(":")) {
            if (const auto field = fieldIn(source, {newline + 1, end}); field && !field->annotation.empty()) {
                flags.push_back(readField(source, *field));
            }
        }
        newline = end;
    }
}

}  // namespace

std::vector<ScriptFlag> readDataclasses(const PythonSource& source) {
    std::vector<ScriptFlag> flags;
    const auto& tokens = source.tokens();
    const bool usesParser = std::any_of(tokens.begin(), tokens.end(), [](const PythonToken& token) {
        return token.isName("HfArgumentParser");
    });
    for (std::size_t i = 0; usesParser && i + 4 < tokens.size(); ++i) {
        if (!tokens[i].isOperator("@")) {
            continue;
        }
        const auto name = tokens[i + 1].isName("dataclasses") ? i + 3 : i + 1;
        const auto next = source.endOfLine(i) + 1;
        if (tokens[name].isName("dataclass") && source.at(next) != nullptr &&
            source.at(next)->isName("class")) {
            readClass(source, next, flags);
        }
    }
    return flags;
}

}  // namespace runglass::launch
