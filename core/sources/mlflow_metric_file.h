// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "folder_handle.h"
#include "mlflow_run.h"

namespace runglass::sources {

/// `timestamp value [step [dataset name… digest]]`, the line of a metric file since MLflow 0.4; the step is 0
/// where a line has none (up to 0.9). The name of a dataset may have blanks.
std::optional<model::Point> parseMetricLine(std::string_view line);

/// How many of time, value and step a line has.
std::size_t metricFieldsIn(std::string_view line);

/// What is known of the end of a metric file while it is read a piece at a time.
struct MetricFileEnd {
    std::size_t fields = 3;  ///< of the last whole line
    std::optional<std::size_t>
        unterminated;  ///< where a line starts in the text that was taken without its end
};

/// Calls `take(point)` or `bad(offset)` for each line of `text`, and returns how many bytes of it are done
/// with: an unterminated last line is left unless `takeLast` and it has as many fields as the one before.
template <typename Take, typename Bad>
std::size_t forEachMetricLine(std::string_view text, bool takeLast, MetricFileEnd& state, Take&& take,
                              Bad&& bad) {
    std::size_t at = 0;
    std::string_view line;
    while (at < text.size()) {
        auto end = text.find('\n', at);
        if (end == std::string_view::npos) {
            state.fields = line.empty() ? state.fields : metricFieldsIn(line);
            if (!takeLast || metricFieldsIn(text.substr(at)) < state.fields) {
                return at;
            }
            state.unterminated = at;
            end = text.size();
        }
        line = text.substr(at, end - at);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (const auto point = parseMetricLine(line)) {
            take(*point);
        } else if (!line.empty()) {
            bad(at);
        }
        at = std::min(end + 1, text.size());
    }
    state.fields = line.empty() ? state.fields : metricFieldsIn(line);
    return at;
}

/// Whether nobody has written to the file for a moment; half a line at its end is spoken of then.
bool isQuiet(const FileMark& mark);

/// Whether what follows the last end of line in `piece` is taken for a line: at the end of a file (`atEnd`)
/// that nobody has written to for long, it is one whose end was lost; else it may still be being written.
bool takesUnterminatedLine(const FileMark& mark, std::string_view piece, bool atEnd);

/// What is kept of one metric file between two readings.
class MlflowMetricFile {
public:
    explicit MlflowMetricFile(std::string key)
        : m_key(std::move(key)) {}

    /// Reads what has been added to the file `name` in `folder`, or all of it when it is another file now or
    /// was rewritten. `scratch` is used for its memory.
    void read(const FolderHandle& folder, const char* name, std::string& scratch);

    [[nodiscard]] const std::string& key() const { return m_key; }
    /// Differs from the file's real mark while its last line may still be finished.
    [[nodiscard]] const FileMark& mark() const { return m_mark; }
    [[nodiscard]] model::MetricSummary summary() const { return m_points.summary(); }
    [[nodiscard]] std::uint64_t badLines() const { return m_badLines; }
    [[nodiscard]] std::uint64_t firstBadOffset() const { return m_firstBad; }
    /// Where the last line starts, when it has no end: it was left out, or taken all the same.
    [[nodiscard]] std::optional<std::uint64_t> waitsAt() const { return m_waitsAt; }
    [[nodiscard]] std::optional<std::uint64_t> unterminatedAt() const { return m_unterminatedAt; }
    [[nodiscard]] bool isPointer() const { return m_isPointer; }
    [[nodiscard]] bool unreadable() const { return m_unreadable; }

private:
    void startAgain();
    [[nodiscard]] bool continues(const FolderHandle& folder, const char* name, const FileMark& now) const;

    std::string m_key;
    FileMark m_mark;
    std::uint64_t m_consumed = 0;
    std::size_t m_witness = 0;  ///< hash of the last bytes before m_consumed
    std::size_t m_witnessLength = 0;
    MlflowSummary m_points;
    std::uint64_t m_badLines = 0;
    std::uint64_t m_firstBad = 0;
    MetricFileEnd m_end;
    std::optional<std::uint64_t> m_waitsAt;
    std::optional<std::uint64_t> m_unterminatedAt;
    bool m_isPointer = false;
    bool m_unreadable = false;
};

}  // namespace runglass::sources
