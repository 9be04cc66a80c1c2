// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/console_scalars.h"

#include <algorithm>
#include <unordered_set>

#include "console_line.h"
#include "console_pattern.h"
#include "console_table.h"
#include "runglass/base/text.h"

namespace runglass::launch {

namespace {

constexpr std::size_t kMaxLineBytes = 4'096;

/// Most lines of most programs hold no scalar; this costs a few nanoseconds a byte less than finding that
/// out.
bool mayHoldScalar(std::string_view line) {
    return line.find_first_of("0123456789") != std::string_view::npos ||
           line.find("nan") != std::string_view::npos || line.find("NaN") != std::string_view::npos ||
           line.find("inf") != std::string_view::npos || line.find("Inf") != std::string_view::npos;
}

bool isControl(unsigned char c) {
    return (c < 0x20 && c != '\t') || c == 0x7F;
}

/// Not text: what a program printed that was sent a file, say. A Latin-1 letter or a coloured word is no sign
/// of that, both together with control characters that no terminal knows are.
bool isBinary(std::string_view line) {
    const auto strange = [](unsigned char c) {
        return isControl(c) && c != '\a' && c != '\b' && c != '\r' && c != '\x1B';
    };
    return line.find('\0') != std::string_view::npos ||
           (std::any_of(line.begin(), line.end(), strange) && !isValidUtf8(line));
}

}  // namespace

class ConsoleScalars::Impl {
public:
    std::vector<ConsolePattern> patterns;

    std::vector<ConsoleScalar> parse(std::string_view line) {
        for (const auto& pattern : patterns) {
            auto finding = pattern.match(line);
            if (!finding.scalars.empty() || finding.step) {
                return place(std::move(finding));
            }
        }
        if (auto row = m_table.read(line)) {
            return place(std::move(*row));
        }
        if (!mayHoldScalar(line)) {
            return {};
        }
        if (auto dict = readDictLine(line)) {
            return place(std::move(*dict));
        }
        return place(readTextLine(line));
    }

private:
    /// Gives the scalars of a line their step.
    std::vector<ConsoleScalar> place(LineFinding finding) {
        if (finding.epoch) {
            m_epoch = finding.epoch;
        }
        if (finding.isBar && m_epoch && finding.position->done < finding.position->total) {
            return {};  // within an epoch a bar is redrawn; its end is what counts
        }
        if (const auto step = stepOf(finding)) {
            m_step = step;
        }
        std::vector<ConsoleScalar> scalars;
        for (auto& [key, value] : finding.scalars) {
            if (!isValidUtf8(key) || std::any_of(key.begin(), key.end(), isControl)) {
                continue;  // could not be asked for by its name
            }
            scalars.push_back({std::move(key), value, m_step.value_or(0)});
        }
        if (!m_step && !scalars.empty()) {
            countOn(scalars);
        }
        return scalars;
    }

    std::optional<std::int64_t> stepOf(const LineFinding& finding) {
        if (finding.step) {
            return finding.step;
        }
        if (finding.position && finding.isBar) {
            return m_epoch ? m_epoch : finding.position->done;
        }
        if (finding.position && finding.epoch) {
            // `Train Epoch: 3 [640/60000]`: what was seen since the first epoch, which some number 0 and
            // some 1.
            m_firstEpoch = m_firstEpoch.value_or(*finding.epoch);
            std::int64_t epochs = 0;
            std::int64_t before = 0;
            std::int64_t step = 0;
            if (__builtin_sub_overflow(*finding.epoch, *m_firstEpoch, &epochs) ||
                __builtin_mul_overflow(epochs, finding.position->total, &before) ||
                __builtin_add_overflow(before, finding.position->done, &step)) {
                return finding.epoch;
            }
            return step;
        }
        if (finding.epoch) {
            return finding.epoch;
        }
        return finding.position && !finding.scalars.empty() ? std::optional(finding.position->done)
                                                            : std::nullopt;
    }

    /// As long as no line has told a step: 0, then one more whenever a key comes again.
    void countOn(std::vector<ConsoleScalar>& scalars) {
        const bool again = std::any_of(scalars.begin(), scalars.end(), [&](const ConsoleScalar& scalar) {
            return m_seen.count(scalar.key) > 0;
        });
        if (again) {
            m_seen.clear();
            ++m_count;
        }
        for (auto& scalar : scalars) {
            scalar.step = m_count;
            m_seen.insert(scalar.key);
        }
    }

    ConsoleTable m_table;
    std::optional<std::int64_t> m_step;
    std::optional<std::int64_t> m_epoch;
    std::optional<std::int64_t> m_firstEpoch;
    std::int64_t m_count = 0;
    std::unordered_set<std::string> m_seen;  ///< keys since m_count changed
};

ConsoleScalars::ConsoleScalars()
    : m_impl(std::make_unique<Impl>()) {}
ConsoleScalars::~ConsoleScalars() = default;
ConsoleScalars::ConsoleScalars(ConsoleScalars&&) noexcept = default;
ConsoleScalars& ConsoleScalars::operator=(ConsoleScalars&&) noexcept = default;

Result<void> ConsoleScalars::addPattern(std::string_view expression) {
    RUNGLASS_ASSIGN(auto pattern, ConsolePattern::compile(expression));
    m_impl->patterns.push_back(std::move(pattern));
    return {};
}

std::vector<ConsoleScalar> ConsoleScalars::parseLine(std::string_view line) {
    if (line.size() > kMaxLineBytes) {
        return {};
    }
    if (std::none_of(line.begin(), line.end(), isControl)) {
        return m_impl->parse(line);
    }
    return isBinary(line) ? std::vector<ConsoleScalar>() : m_impl->parse(visibleText(line));
}

}  // namespace runglass::launch
