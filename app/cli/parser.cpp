// SPDX-License-Identifier: GPL-3.0-or-later
#include "parser.h"

#include <algorithm>
#include <numeric>

#include "runglass/base/translate.h"

namespace runglass::cli {

namespace {

Error usageError(std::string message) {
    return {ErrorCode::Invalid, std::move(message), {}};
}

/// Levenshtein distance with one row.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

std::string didYouMean(std::string_view word, std::span<const std::string_view> candidates,
                       std::string_view helpCommand) {
    const auto near = nearest(word, candidates);
    return near.empty() ? tr("See {}.", helpCommand) : tr("Did you mean {}?", near);
}

std::string helpCommandOf(const Command* command) {
    return command == nullptr ? "runglass --help" : std::string("runglass ") + command->name + " --help";
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    std::string_view best;
    std::size_t bestDistance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto candidate : candidates) {
        const auto distance = editDistance(word, candidate);
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

Result<Invocation> Parser::parse() {
    bool optionsEnded = false;
    while (m_next < m_words.size()) {
        const std::string& word = m_words[m_next++];
        const bool foreign =
            m_result.m_command != nullptr && m_result.m_command->passThrough && !m_result.m_arguments.empty();
        if (foreign || optionsEnded || word.size() < 2 || word[0] != '-') {
            if (m_result.m_command == nullptr) {
                RUNGLASS_TRY(takeCommand(word));
            } else {
                m_result.m_arguments.push_back(word);
            }
        } else if (word == "--") {
            optionsEnded = true;
        } else if (word[1] == '-') {
            RUNGLASS_TRY(takeLong(word));
        } else {
            RUNGLASS_TRY(takeShort(word));
        }
    }
    if (!m_result.wantsHelp() && !m_result.wantsVersion()) {
        RUNGLASS_TRY(checkArguments());
    }
    return std::move(m_result);
}

Result<void> Parser::takeCommand(const std::string& word) {
    m_result.m_command = findCommand(word);
    if (m_result.m_command != nullptr) {
        return {};
    }
    std::vector<std::string_view> names;
    for (const auto& command : commandTable()) {
        if (!command.hidden) {
            names.emplace_back(command.name);
        }
    }
    return usageError(
        tr("There is no command {}. {}", word, didYouMean(word, names, helpCommandOf(nullptr))));
}

Result<void> Parser::takeLong(const std::string& word) {
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const Option* option = findLong(name);
    if (option == nullptr) {
        return unknownOption(name);
    }
    return takeOption(*option,
                      equals == std::string::npos ? std::nullopt : std::optional(word.substr(equals + 1)));
}

Result<void> Parser::takeShort(const std::string& word) {
    const Option* option = findLetter(word[1]);
    if (option == nullptr) {
        return unknownOption(word);
    }
    return takeOption(*option, word.size() == 2 ? std::nullopt : std::optional(word.substr(2)));
}

Result<void> Parser::takeOption(const Option& option, std::optional<std::string> value) {
    const std::string_view placeholder = option.value;
    if (placeholder.empty()) {
        if (value) {
            return usageError(tr("{} takes no value.", option.name));
        }
        value.emplace();
    } else if (!value) {
        if (m_next == m_words.size()) {
            return usageError(tr("{} needs a value: {} {}", option.name, option.name, placeholder));
        }
        value = m_words[m_next++];
    }
    const auto allowed = [&](const char* choice) { return *value == choice; };
    if (!option.choices.empty() && std::ranges::none_of(option.choices, allowed)) {
        return usageError(tr("{} takes {}, not {}.", option.name, placeholder, *value));
    }
    if (!option.repeated && m_result.has(option.name)) {
        std::erase_if(m_result.m_options, [&](const auto& given) { return given.first == option.name; });
    }
    m_result.m_options.emplace_back(option.name, std::move(*value));
    return {};
}

Result<void> Parser::checkArguments() const {
    const Command* command = m_result.m_command;
    if (command == nullptr) {
        return usageError(tr("A command is missing. See runglass --help."));
    }
    if (!command->data && m_result.has("--format")) {
        return usageError(tr("{} has no option {}. {}", std::string("runglass ") + command->name, "--format",
                             tr("See {}.", helpCommandOf(command))));
    }
    const auto given = m_result.m_arguments.size();
    const auto& expected = command->arguments;
    for (std::size_t i = given; i < expected.size(); ++i) {
        if (expected[i].required) {
            return usageError(tr("{} is missing: runglass {} {}. See {}.", expected[i].name, command->name,
                                 expected[i].name, helpCommandOf(command)));
        }
    }
    if (given > expected.size() && (expected.empty() || !expected.back().many)) {
        return usageError(tr("{} is one word too many for runglass {}. See {}.",
                             m_result.m_arguments[expected.size()], command->name, helpCommandOf(command)));
    }
    return {};
}

const Option* Parser::findLong(std::string_view name) const {
    if (m_result.m_command == nullptr) {
        const auto it = std::ranges::find(globalOptions(), name, &Option::name);
        return it == globalOptions().end() ? nullptr : &*it;
    }
    for (const Option* option : optionsOf(*m_result.m_command)) {
        if (name == option->name) {
            return option;
        }
    }
    return nullptr;
}

const Option* Parser::findLetter(char letter) const {
    if (m_result.m_command != nullptr) {
        for (const Option* option : optionsOf(*m_result.m_command)) {
            if (option->letter == letter) {
                return option;
            }
        }
    }
    return letter == 'h' ? findLong("--help") : nullptr;
}

Error Parser::unknownOption(std::string_view name) const {
    std::vector<std::string_view> names;
    if (m_result.m_command != nullptr) {
        for (const Option* option : optionsOf(*m_result.m_command)) {
            names.emplace_back(option->name);
        }
    } else {
        for (const auto& option : globalOptions()) {
            names.emplace_back(option.name);
        }
    }
    const auto where = m_result.m_command == nullptr ? std::string("runglass")
                                                     : std::string("runglass ") + m_result.m_command->name;
    return usageError(tr("{} has no option {}. {}", where, name,
                         didYouMean(name, names, helpCommandOf(m_result.m_command))));
}

}  // namespace runglass::cli
