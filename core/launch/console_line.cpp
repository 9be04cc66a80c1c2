// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_line.h"

#include <algorithm>
#include <array>

#include "console_dict.h"
#include "console_tokens.h"
#include "runglass/base/text.h"

namespace runglass::launch {

namespace {

using Kind = ConsoleToken::Kind;

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// Words of a logging prefix, which end whatever stands before them.
bool isLogLevel(std::string_view word) {
    constexpr std::array<std::string_view, 7> kLevels = {"INFO",  "WARNING",  "WARN", "DEBUG",
                                                         "ERROR", "CRITICAL", "TRACE"};
    return std::find(kLevels.begin(), kLevels.end(), word) != kLevels.end();
}

/// Walks over the tokens of a line, gathering words until a number gives them a value.
class LineReader {
public:
    explicit LineReader(std::string_view line)
        : m_tokens(tokensOf(line)) {}

    LineFinding read() {
        readLeadingStep();
        for (; m_at < m_tokens.size(); ++m_at) {
            readToken(m_tokens[m_at]);
        }
        m_onlyPairs = m_onlyPairs && m_words.empty();
        m_finding.isBar = looksLikeBar();
        keepCandidates();
        return std::move(m_finding);
    }

private:
    struct Candidate {
        std::string key;
        double value = 0;
        bool separated = false;  ///< `:` or `=` stands between
        bool percent = false;
        std::size_t token = 0;
    };

    static constexpr std::size_t kMaxKeyWords = 3;

    [[nodiscard]] const ConsoleToken* token(std::size_t index) const {
        return index < m_tokens.size() ? &m_tokens[index] : nullptr;
    }

    /// XGBoost and LightGBM start with `[10]`, CatBoost with `10:`.
    void readLeadingStep() {
        const auto* first = token(0);
        const auto* second = token(1);
        const auto* third = token(2);
        if (first && second && third && first->isMark('[') && second->kind == Kind::Number &&
            second->isWhole && third->isMark(']')) {
            m_finding.step = static_cast<std::int64_t>(second->value);
            m_at = 3;
        } else if (first && second && first->kind == Kind::Number && first->isWhole && second->isMark(':')) {
            m_finding.step = static_cast<std::int64_t>(first->value);
            m_at = 2;
        }
    }

    void readToken(const ConsoleToken& current) {
        switch (current.kind) {
            case Kind::Word:
                readWord(current);
                break;
            case Kind::Number:
                readNumber(current);
                break;
            case Kind::Ratio:
                readRatio(current);
                break;
            case Kind::Other:
                m_onlyPairs = false;
                clearWords();
                break;
            case Kind::Mark:
                readMark(current);
                break;
        }
    }

    void readWord(const ConsoleToken& current) {
        if (m_separated || (current.afterGap && !m_words.empty())) {
            m_onlyPairs = m_onlyPairs && m_words.empty();
            clearWords();
        }
        if (isLogLevel(current.text)) {
            clearWords();
            return;
        }
        m_words.push_back(current.text);
    }

    void readMark(const ConsoleToken& current) {
        const char mark = current.text.front();
        if ((mark == ':' || mark == '=') && !m_words.empty() && !m_separated) {
            m_separated = true;
            return;
        }
        // `Epoch [3/10]`, `Epoch: [0]`, `step #5`
        const bool opens = mark == '[' || mark == '(' || mark == '#';
        if (opens && !m_words.empty() && isStepWord(m_words.back())) {
            return;
        }
        if (!m_words.empty()) {
            m_onlyPairs = false;
        }
        clearWords();
    }

    void readNumber(const ConsoleToken& current) {
        if (m_words.empty()) {
            // `(2.4)` behind a value is a running mean; anything else is prose.
            const bool inParentheses = m_at > 0 && m_tokens[m_at - 1].isMark('(');
            m_onlyPairs = m_onlyPairs && inParentheses;
            noteTrailingStep(current, inParentheses);
            return;
        }
        if (isStepWord(m_words.back()) && current.isWhole && !current.isPercent) {
            setPlace(lower(m_words.back()), static_cast<std::int64_t>(current.value));
        } else {
            if (!isIgnoredKey(m_words.back())) {
                m_candidates.push_back({keyOfWords(), current.value, m_separated, current.isPercent, m_at});
            }
        }
        clearWords();
    }

    /// Guild AI's `loss: 0.12 (10)`: a whole number in parentheses at the end of a line of one pair is the
    /// step.
    void noteTrailingStep(const ConsoleToken& current, bool inParentheses) {
        if (inParentheses && current.isWhole && m_candidates.size() == 1 && m_at == m_tokens.size() - 2 &&
            m_tokens.back().isMark(')') && m_candidates.front().token == m_at - 2 && m_onlyPairs) {
            m_finding.step = static_cast<std::int64_t>(current.value);
        }
    }

    void readRatio(const ConsoleToken& current) {
        if (!m_words.empty() && isStepWord(m_words.back())) {
            const auto word = lower(m_words.back());
            if (word == "batch") {
                setPosition(current);
            } else {
                setPlace(word, current.done);
            }
        } else if (!m_words.empty() && m_separated && isShare(m_words.back())) {
            m_candidates.push_back({keyOfWords(),
                                    static_cast<double>(current.done) / static_cast<double>(current.total),
                                    true, false, m_at});
        } else {
            setPosition(current);
        }
        clearWords();
    }

    /// `Accuracy: 9800/10000` is a share; `files: 3/10` is not a measurement.
    static bool isShare(std::string_view word) { return lower(word).starts_with("acc"); }

    void setPosition(const ConsoleToken& current) {
        if (!m_finding.position) {
            m_finding.position = {current.done, current.total};
        }
    }

    void setPlace(const std::string& word, std::int64_t value) {
        if (word == "epoch") {
            m_finding.epoch = value;
        } else if (!m_finding.step || word.find("step") != std::string::npos) {
            m_finding.step = value;
        }
    }

    void clearWords() {
        m_words.clear();
        m_separated = false;
    }

    /// `Average loss` → Average_loss, `valid_0's l2` → valid_0/l2. Of a whole sentence only the last word is
    /// the key.
    [[nodiscard]] std::string keyOfWords() const {
        const std::size_t first = m_words.size() <= kMaxKeyWords ? 0 : m_words.size() - 1;
        std::string key;
        for (std::size_t i = first; i < m_words.size(); ++i) {
            std::string_view word = m_words[i];
            const bool owner = word.ends_with("'s");
            word.remove_suffix(owner ? 2 : 0);
            key += word;
            if (i + 1 < m_words.size()) {
                key += owner ? '/' : '_';
            }
        }
        return key;
    }

    [[nodiscard]] bool looksLikeBar() const {
        if (!m_finding.position) {
            return false;
        }
        for (std::size_t i = 0; i + 1 < m_tokens.size(); ++i) {
            const bool tqdm =
                m_tokens[i].kind == Kind::Number && m_tokens[i].isPercent && m_tokens[i + 1].isMark('|');
            const bool keras =
                m_tokens[i].isMark('[') &&
                std::string_view("=>.").find(m_tokens[i + 1].text.front()) != std::string_view::npos;
            // Keras 3: `94/94 ━━━━━━━━━━ 1s 5ms/step - loss: 0.1`
            const bool keras3 =
                m_tokens[i].kind == Kind::Ratio && m_tokens[i + 1].text.starts_with("\xE2\x94\x81");
            if (tqdm || keras || keras3) {
                return true;
            }
        }
        return false;
    }

    /// In a line that tells its step, every pair counts; elsewhere only lines of nothing but pairs, and usual
    /// names of metrics. Without `:` or `=` both are asked for.
    void keepCandidates() {
        const bool hasPlace = m_finding.step || m_finding.epoch || m_finding.position;
        for (auto& candidate : m_candidates) {
            const bool metric = hasMetricWord(candidate.key);
            const bool believable =
                candidate.separated ? hasPlace || m_onlyPairs || metric : hasPlace && metric;
            if (believable && (metric || !candidate.percent) && !isIgnoredKey(candidate.key)) {
                m_finding.scalars.emplace_back(std::move(candidate.key), candidate.value);
            }
        }
    }

    std::vector<ConsoleToken> m_tokens;
    std::size_t m_at = 0;
    std::vector<std::string_view> m_words;  ///< since the last value or mark
    bool m_separated = false;
    bool m_onlyPairs = true;
    std::vector<Candidate> m_candidates;
    LineFinding m_finding;
};

/// The place of a dict: the finest that it names, but an epoch only when it is a whole number (`'epoch':
/// 0.32` is not).
bool readPlace(std::string_view key, std::string_view text, LineFinding& finding) {
    const auto name = lower(key);
    const auto value = parseInt(text);
    if (!isStepWord(name) || !value) {
        return false;
    }
    if (name == "epoch") {
        finding.epoch = *value;
    } else if (!finding.step || name.find("step") != std::string::npos) {
        finding.step = *value;
    }
    return true;
}

}  // namespace

LineFinding readTextLine(std::string_view line) {
    return LineReader(line).read();
}

std::optional<LineFinding> readDictLine(std::string_view line) {
    const auto open = line.find('{');
    const auto numbers = open == std::string_view::npos ? std::nullopt : parseDictLine(line.substr(open));
    if (!numbers) {
        return std::nullopt;
    }
    LineFinding finding;
    if (open > 0) {
        finding = readTextLine(line.substr(0, open));
    }
    for (const auto& [key, text] : *numbers) {
        const auto value = parseDouble(text);
        if (value && !readPlace(key, text, finding) && !isIgnoredKey(key)) {
            finding.scalars.emplace_back(key, *value);
        }
    }
    return finding;
}

}  // namespace runglass::launch
