// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_metric_file.h"

#include <algorithm>
#include <functional>

#include "runglass/base/clock.h"
#include "runglass/base/text.h"
#include "stand_in.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kPiece = 4U << 20U;
constexpr std::size_t kWitnessBytes = 64;
/// An unterminated line in a file that has rested this long is a whole line without its end.
constexpr std::int64_t kRestNs = 2'000'000'000;

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

bool takesUnterminatedLine(const FileMark& mark, std::string_view piece, bool atEnd) {
    return atEnd ? nowMs() * 1'000'000 - mark.modifiedNs > kRestNs
                 : piece.find('\n') == std::string_view::npos;  // too long to be a line of MLflow's
}

void MlflowMetricFile::startAgain() {
    *this = MlflowMetricFile(std::move(m_key));
}

bool MlflowMetricFile::continues(const FolderHandle& folder, const char* name, const FileMark& now) const {
    if (!now.sameFile(m_mark) || now.size < m_consumed) {
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
            scratch, takeLast, [this](const model::Point& point) { m_points.add(point); },
            [this](std::size_t offset) {
                if (m_badLines++ == 0) {
                    m_firstBad = m_consumed + offset;
                }
            });
        const auto text = std::string_view(scratch).substr(0, done);
        m_consumed += done;
        if (!text.empty()) {
            m_witnessLength = std::min<std::size_t>(text.size(), kWitnessBytes);
            m_witness = witnessOf(text.substr(text.size() - m_witnessLength));
        }
        m_mark = *mark;
        if (atEnd || done == 0) {
            m_mark.size = std::min(mark->size, m_consumed);
            return;
        }
    }
}

}  // namespace runglass::sources
