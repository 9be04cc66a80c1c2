// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_metric_file.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "runglass/base/clock.h"
#include "runglass/base/text.h"
#include "stand_in.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kPiece = 4U << 20U;
constexpr std::size_t kWitnessBytes = 64;
/// See table_file.cpp.
constexpr std::int64_t kQuietNs = 2'000'000'000;
constexpr std::int64_t kSettledNs = 3'600'000'000'000;

bool isQuietFor(const FileMark& mark, std::int64_t time) {
    return nowMs() * 1'000'000 - mark.modifiedNs > time;
}

std::string_view nextField(std::string_view& line) {
    const auto blank = line.find(' ');
    const auto field = line.substr(0, blank);
    line = blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1);
    return field;
}

/// MLflow writes integers; clients of the time before wrote what time.time() gave.
std::optional<std::int64_t> integerOf(std::string_view field) {
    if (const auto whole = parseInt(field)) {
        return whole;
    }
    const auto real = parseDouble(field);
    constexpr double kLimit = 9.2e18;
    if (!real || !(*real > -kLimit && *real < kLimit)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(*real);
}

std::uint64_t witnessOf(std::string_view bytes) {
    return std::hash<std::string_view>()(bytes);
}

}  // namespace

std::optional<model::Point> parseMetricLine(std::string_view line) {
    const auto time = integerOf(nextField(line));
    const auto value = parseDouble(nextField(line));
    const auto stepField = nextField(line);
    const auto step = stepField.empty() ? std::optional<std::int64_t>(0) : integerOf(stepField);
    if (!time || !value || !step) {
        return std::nullopt;
    }
    return model::Point{*step, *time, *value};
}

std::size_t metricFieldsIn(std::string_view line) {
    constexpr std::size_t kMost = 3;
    std::size_t count = 0;
    while (count < kMost && !line.empty()) {
        count += nextField(line).empty() ? 0 : 1;
    }
    return count;
}

bool isQuiet(const FileMark& mark) {
    return isQuietFor(mark, kQuietNs);
}

bool takesUnterminatedLine(const FileMark& mark, std::string_view piece, bool atEnd) {
    return atEnd ? isQuietFor(mark, kSettledNs)
                 : piece.find('\n') == std::string_view::npos;  // too long to be a line of MLflow's
}

void MlflowMetricFile::startAgain() {
    *this = MlflowMetricFile(std::move(m_key));
}

bool MlflowMetricFile::continues(const FolderHandle& folder, const char* name, const FileMark& now) const {
    const bool goesOn = m_unterminatedAt && now.size != m_consumed;
    const bool inPlace = now.size == m_mark.size && now != m_mark;  // see GrowingFile::refresh
    if (!now.sameFile(m_mark) || now.size < m_consumed || goesOn || inPlace) {
        return false;
    }
    std::string bytes;
    return folder.read(name, bytes, m_witnessLength, m_consumed - m_witnessLength) &&
           witnessOf(bytes) == m_witness;
}

void MlflowMetricFile::read(const FolderHandle& folder, const char* name, std::string& scratch) {
    if (m_mark.exists() && (m_isPointer || !continues(folder, name, folder.markOf(name)))) {
        startAgain();
    }
    for (;;) {
        const auto mark = folder.read(name, scratch, kPiece, m_consumed);
        m_unreadable = !mark;
        if (!mark) {
            m_mark = {};
            return;
        }
        if (m_consumed == 0 && isLfsPointer(scratch)) {
            m_isPointer = true;
            m_mark = *mark;
            return;
        }
        const bool atEnd = m_consumed + scratch.size() >= mark->size;
        const bool takeLast = takesUnterminatedLine(*mark, scratch, atEnd);
        const auto done = forEachMetricLine(
            scratch, takeLast, m_end, [this](const model::Point& point) { m_points.add(point); },
            [this](std::size_t offset) {
                if (m_badLines++ == 0) {
                    m_firstBad = m_consumed + offset;
                }
            });
        const auto text = std::string_view(scratch).substr(0, done);
        if (m_end.unterminated) {
            m_unterminatedAt = m_consumed + *std::exchange(m_end.unterminated, std::nullopt);
        }
        m_consumed += done;
        if (!text.empty()) {
            m_witnessLength = std::min<std::size_t>(text.size(), kWitnessBytes);
            m_witness = witnessOf(text.substr(text.size() - m_witnessLength));
        }
        m_mark = *mark;
        if (atEnd || done == 0) {
            const bool waits = m_consumed < mark->size;
            m_waitsAt = waits && isQuiet(*mark) ? std::optional(m_consumed) : std::nullopt;
            m_mark.size = takeLast ? mark->size : std::min(mark->size, m_consumed);
            return;
        }
    }
}

}  // namespace runglass::sources
