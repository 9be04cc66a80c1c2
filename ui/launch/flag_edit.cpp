// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/launch/flag_edit.h"

#include <algorithm>

#include "runglass/base/text.h"
#include "runglass/launch/capture.h"

namespace runglass::ui {

using launch::ScriptFlag;
using launch::ScriptFlags;
using launch::SplitCommand;

namespace {

bool names(const ScriptFlag& flag, std::string_view option) {
    return flag.name == option ||
           std::find(flag.aliases.begin(), flag.aliases.end(), option) != flag.aliases.end();
}

bool isOption(const std::string& word) {
    return word.size() > 1 && word.front() == '-' && !parseDouble(word);
}

bool isNegation(std::string_view option) {
    return option.starts_with("--no-") || option.starts_with("--no_");
}

/// The words that an option takes up, itself included: [first, end).
struct Place {
    std::size_t first = 0;
    std::size_t end = 0;
    bool attached = false;  ///< `--lr=0.1`
};

std::size_t firstArgument(const SplitCommand& split) {
    const auto script = launch::scriptOfCommand(split.words);
    const auto it = std::find_if(split.words.begin(), split.words.end(), [&](const std::string& word) {
        std::string path = word;
        std::replace(path.begin(), path.end(), '.', '/');
        return !script.empty() && (word == script || path + ".py" == script);
    });
    return it == split.words.end() ? 1 : static_cast<std::size_t>(it - split.words.begin()) + 1;
}

/// Where the flag stands, the last time that it is given.
std::optional<Place> placeOf(const SplitCommand& split, const ScriptFlag& flag) {
    std::optional<Place> found;
    for (std::size_t i = firstArgument(split); i < split.words.size(); ++i) {
        const auto& word = split.words[i];
        if (word == "--") {
            break;
        }
        const auto sign = word.find('=');
        if (!isOption(word) || !names(flag, std::string_view(word).substr(0, sign))) {
            continue;
        }
        Place place{i, i + 1, sign != std::string::npos};
        if (!place.attached && flag.type != ScriptFlag::Type::Switch) {
            while (place.end < split.words.size() && !isOption(split.words[place.end]) &&
                   split.words[place.end] != "--" && (flag.takesSeveral || place.end == i + 1)) {
                ++place.end;
            }
        }
        found = place;
    }
    return found;
}

std::string quoted(const std::string& word) {
    return launch::joinCommand({word});
}

/// A value of several words is typed with blanks between them.
std::string quotedValue(const ScriptFlag& flag, const std::string& value) {
    return flag.takesSeveral ? launch::joinCommand(launch::splitCommand(value).words) : quoted(value);
}

std::string optionText(const ScriptFlag& flag, const std::string& value) {
    if (flag.type != ScriptFlag::Type::Switch) {
        return flag.name + " " + quotedValue(flag, value);
    }
    if (value != "false") {
        return flag.name;
    }
    const auto negation = std::find_if(flag.aliases.begin(), flag.aliases.end(),
                                       [](const std::string& alias) { return isNegation(alias); });
    return negation == flag.aliases.end() ? std::string() : *negation;
}

}  // namespace

std::optional<std::string> flagValue(const std::string& line, const ScriptFlag& flag,
                                     const ScriptFlags& declared) {
    const auto split = launch::splitCommand(line);
    if (flag.positional || !placeOf(split, flag)) {
        return std::nullopt;
    }
    const auto dashes = flag.name.find_first_not_of('-');
    const std::string key = dashes == std::string::npos ? flag.name : flag.name.substr(dashes);
    for (const auto& [name, value] : launch::paramsFromCommand(split.words, declared)) {
        if (name == key) {
            return value;
        }
    }
    return std::nullopt;
}

std::string withFlagValue(const std::string& line, const ScriptFlag& flag,
                          const std::optional<std::string>& value) {
    const auto split = launch::splitCommand(line);
    const auto place = placeOf(split, flag);
    const std::string option = value ? optionText(flag, *value) : std::string();
    if (!place) {
        if (option.empty()) {
            return line;
        }
        // Before `--`, behind everything else.
        const auto end = std::find(split.words.begin(), split.words.end(), "--");
        if (end != split.words.end()) {
            const auto at = split.ranges[static_cast<std::size_t>(end - split.words.begin())].begin;
            return line.substr(0, at) + option + " " + line.substr(at);
        }
        const auto last = line.find_last_not_of(" \t\n");
        return line.substr(0, last == std::string::npos ? 0 : last + 1) + " " + option;
    }
    std::size_t begin = split.ranges[place->first].begin;
    const std::size_t end = split.ranges[place->end - 1].end;
    std::string text = option;
    if (!option.empty() && flag.type != ScriptFlag::Type::Switch) {
        const auto& word = split.words[place->first];
        text = place->attached ? quoted(word.substr(0, word.find('=') + 1) + *value)
                               : quoted(word) + " " + quotedValue(flag, *value);
    }
    if (text.empty()) {
        // The blank before goes with the option.
        while (begin > 0 && line[begin - 1] == ' ') {
            --begin;
        }
    }
    return line.substr(0, begin) + text + line.substr(end);
}

}  // namespace runglass::ui
