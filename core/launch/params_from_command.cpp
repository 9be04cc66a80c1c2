// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>

#include "command_shape.h"
#include "runglass/base/text.h"
#include "runglass/launch/capture.h"

namespace runglass::launch {

namespace {

bool isKeyCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./@").find(c) != std::string_view::npos;
}

/// Whether `key` can stand before `=` in an override: `lr`, `optimizer.lr`, `db@src`, `model/backbone`.
bool isOverrideKey(std::string_view key) {
    return !key.empty() &&
           (std::isalpha(static_cast<unsigned char>(key.front())) != 0 || key.front() == '_') &&
           std::all_of(key.begin(), key.end(), isKeyCharacter);
}

bool isNumber(std::string_view word) {
    return parseDouble(word).has_value();
}

bool isOption(std::string_view word) {
    return word.size() > 1 && word.front() == '-' && !isNegativeNumber(word);
}

std::string_view withoutDashes(std::string_view option) {
    return option.substr(option.starts_with("--") ? 2 : 1);
}

class ParamReader {
public:
    ParamReader(const std::vector<std::string>& command, const ScriptFlags& declared)
        : m_words(command)
        , m_declared(declared) {}

    std::vector<model::Variable> read(std::size_t first) {
        m_at = first;
        while (m_at < m_words.size()) {
            const std::string_view word = m_words[m_at];
            ++m_at;
            if (word == "--" && !m_onlyPositionals) {
                m_onlyPositionals = true;
            } else if (!m_onlyPositionals && isOption(word)) {
                readOption(word);
            } else {
                readOverride(word);
            }
        }
        return std::move(m_params);
    }

private:
    void readOption(std::string_view word) {
        const auto sign = word.find('=');
        const ScriptFlag* flag = declaredFlag(word.substr(0, sign));
        if (sign != std::string_view::npos) {
            set(keyOf(word.substr(0, sign), flag), std::string(word.substr(sign + 1)),
                flag != nullptr && flag->repeatable);
            return;
        }
        if (flag != nullptr && flag->type == ScriptFlag::Type::Switch) {
            setSwitch(word, flag);
            return;
        }
        if (flag == nullptr && readAttachedNumber(word)) {
            return;
        }
        if (!nextIsValue(flag)) {
            setSwitch(word, flag);
            return;
        }
        std::string value = m_words[m_at];
        ++m_at;
        // More words belong to the option when the script says so, or, unread, when all of them are numbers.
        while (m_at < m_words.size() && belongsToList(flag, value)) {
            value += ' ';
            value += m_words[m_at];
            ++m_at;
        }
        set(keyOf(word, flag), std::move(value), flag != nullptr && flag->repeatable);
    }

    [[nodiscard]] bool nextIsValue(const ScriptFlag* flag) const {
        if (m_at >= m_words.size() || m_words[m_at] == "--" || isOption(m_words[m_at])) {
            return false;
        }
        // Without knowledge of the script, `--flag key=value` is a switch before an override.
        return flag != nullptr || !isOverride(m_words[m_at]);
    }

    [[nodiscard]] bool belongsToList(const ScriptFlag* flag, std::string_view firstValue) const {
        const std::string_view word = m_words[m_at];
        if (isOption(word) || word == "--") {
            return false;
        }
        if (flag != nullptr) {
            return flag->takesSeveral;
        }
        return isNumber(firstValue.substr(0, firstValue.find(' '))) && isNumber(word);
    }

    /// `-b32` → b = 32.
    bool readAttachedNumber(std::string_view word) {
        if (word.size() < 3 || word[1] == '-' || std::isalpha(static_cast<unsigned char>(word[1])) == 0 ||
            !isNumber(word.substr(2)) || std::isalpha(static_cast<unsigned char>(word[2])) != 0) {
            return false;
        }
        set(word.substr(1, 1), std::string(word.substr(2)));
        return true;
    }

    /// `--no-x` switches x off, unless the script declares a switch of just that name.
    void setSwitch(std::string_view word, const ScriptFlag* flag) {
        const bool negates = word.starts_with("--no-") || word.starts_with("--no_");
        if (negates && (flag == nullptr || flag->name != word)) {
            set(flag == nullptr ? word.substr(5) : withoutDashes(flag->name), "false");
        } else {
            set(keyOf(word, flag), "true");
        }
    }

    /// `-b` and `--batch-size` are one param when the script declares them as one flag.
    static std::string_view keyOf(std::string_view option, const ScriptFlag* flag) {
        return withoutDashes(flag != nullptr ? std::string_view(flag->name) : option);
    }

    /// Hydra: `key=value`, `+key=value` (add), `++key=value` (add or override), `~key` (remove).
    void readOverride(std::string_view word) {
        std::string_view body = word;
        const bool removes = body.starts_with('~');
        body.remove_prefix(removes ? 1
                                   : std::min({std::size_t{2}, body.size(), body.find_first_not_of('+')}));
        const auto sign = body.find('=');
        const auto key = body.substr(0, sign);
        if (!isOverrideKey(key)) {
            return;
        }
        if (removes) {
            set("~" + std::string(key),
                sign == std::string_view::npos ? "" : std::string(body.substr(sign + 1)));
        } else if (sign != std::string_view::npos) {
            set(key, std::string(body.substr(sign + 1)));
        }
    }

    static bool isOverride(std::string_view word) {
        if (word.empty()) {
            return false;
        }
        const auto start = word.find_first_not_of('+');
        const auto sign = word.find('=');
        return start != std::string_view::npos && start <= 2 && sign != std::string_view::npos &&
               sign > start && isOverrideKey(word.substr(start, sign - start));
    }

    [[nodiscard]] const ScriptFlag* declaredFlag(std::string_view option) const {
        const auto it =
            std::find_if(m_declared.flags.begin(), m_declared.flags.end(), [&](const ScriptFlag& flag) {
                return flag.name == option ||
                       std::find(flag.aliases.begin(), flag.aliases.end(), option) != flag.aliases.end();
            });
        return it == m_declared.flags.end() ? nullptr : &*it;
    }

    /// A flag given twice keeps its last value, as argparse does, unless the script collects them.
    void set(std::string_view key, std::string value, bool append = false) {
        if (key.empty()) {
            return;
        }
        const auto it = std::find_if(m_params.begin(), m_params.end(),
                                     [&](const model::Variable& param) { return param.first == key; });
        if (it == m_params.end()) {
            m_params.emplace_back(key, std::move(value));
        } else if (append) {
            it->second += ' ' + value;
        } else {
            it->second = std::move(value);
        }
    }

    const std::vector<std::string>& m_words;
    const ScriptFlags& m_declared;
    std::size_t m_at = 0;
    bool m_onlyPositionals = false;
    std::vector<model::Variable> m_params;
};

}  // namespace

std::vector<model::Variable> paramsFromCommand(const std::vector<std::string>& command) {
    return paramsFromCommand(command, ScriptFlags{});
}

std::vector<model::Variable> paramsFromCommand(const std::vector<std::string>& command,
                                               const ScriptFlags& declared) {
    return ParamReader(command, declared).read(shapeOf(command).firstArgument);
}

}  // namespace runglass::launch
