// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/console_files.h"

#include <algorithm>

#include "console_segments.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::launch {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30U;  // of one file: far beyond a segment

Result<void> makeFolder(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    return failure
               ? Result<void>(errorFromErrno(failure.value(), tr("The console cannot be written."), folder))
               : Result<void>();
}

/// False where the file is that already.
Result<bool> put(const fs::path& file, std::string_view content) {
    const auto known = readFile(file, kMostBytes);
    if (known && *known == content) {
        return false;
    }
    RUNGLASS_TRY(writeFileAtomically(file, content));
    return true;
}

}  // namespace

std::vector<fs::path> consoleFiles(const fs::path& runFolder) {
    std::vector<fs::path> files;
    for (const auto segment : console::segments(runFolder)) {
        for (const char* extension : {"idx", "log"}) {
            files.push_back(console::segmentFile(runFolder, segment, extension));
        }
    }
    return files;
}

bool isConsoleFile(std::string_view name) {
    constexpr std::string_view kPrefix = "console.";
    const bool known = name.starts_with(kPrefix) && (name.ends_with(".log") || name.ends_with(".idx"));
    if (!known || name.size() < kPrefix.size() + 3) {
        return false;
    }
    const auto segment = name.substr(kPrefix.size(), name.size() - kPrefix.size() - 3);
    return segment.empty() ||
           (segment.size() > 1 && segment.find_first_not_of("0123456789") == segment.size() - 1);
}

Result<bool> copyConsole(const fs::path& from, const fs::path& to) {
    bool changed = false;
    for (const auto& file : consoleFiles(from)) {
        RUNGLASS_ASSIGN(const auto content, readFile(file, kMostBytes));
        RUNGLASS_TRY(makeFolder(to));
        RUNGLASS_ASSIGN(const bool news, put(to / file.filename(), content));
        changed = changed || news;
    }
    return changed;
}

Result<bool> writeConsole(const fs::path& runFolder, std::string_view text) {
    std::string index;
    for (std::uint64_t at = 0; at < text.size();) {
        constexpr std::uint64_t kMostPiece = std::uint64_t{1} << 20U;
        console::IndexRecord record;
        record.offset = at;
        record.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(kMostPiece, text.size() - at));
        record.stream = 1;
        index.append(reinterpret_cast<const char*>(&record), sizeof record);
        at += record.length;
    }
    RUNGLASS_TRY(makeFolder(runFolder));
    RUNGLASS_ASSIGN(const bool log, put(console::segmentFile(runFolder, 0, "log"), text));
    RUNGLASS_ASSIGN(const bool idx, put(console::segmentFile(runFolder, 0, "idx"), index));
    return log || idx;
}

}  // namespace runglass::launch
