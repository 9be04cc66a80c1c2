// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/exchange/export_run.h"
#include "runglass/launch/console_files.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "tar.h"

namespace runglass::exchange {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatabaseName = "runs.db";
constexpr std::string_view kArtifacts = "artifacts/";
constexpr std::string_view kRuns = "runs/";
constexpr std::size_t kDigits = 64;  // of SHA-256

/// A new folder beside the export, gone with the object: on the same disk, where there is room.
class Workshop {
public:
    static Result<Workshop> make(const fs::path& beside) {
        std::string pattern = beside.native() + ".XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) {
            return errorFromErrno(errno, tr("The export cannot be written."), beside);
        }
        return Workshop(pattern);
    }
    Workshop(Workshop&& other) noexcept
        : m_path(std::exchange(other.m_path, {})) {}
    Workshop& operator=(Workshop&&) = delete;
    ~Workshop() {
        std::error_code ignored;
        if (!m_path.empty()) {
            fs::remove_all(m_path, ignored);
        }
    }
    [[nodiscard]] const fs::path& path() const { return m_path; }

private:
    explicit Workshop(fs::path path)
        : m_path(std::move(path)) {}
    fs::path m_path;
};

bool isDigest(std::string_view text) {
    return text.size() == kDigits &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<CopyTally> copyAll(sources::ProjectRuns& from, std::span<const RunId> runs, const fs::path& project,
                          const std::stop_token& stop) {
    CopyTally tally;
    RUNGLASS_ASSIGN(auto database, store::Database::open(project, store::OpenMode::ReadWrite));
    RUNGLASS_TRY(copyRuns(from, runs, database, tally, {.artifacts = true, .fromHere = false}, stop));
    return tally;
}

/// What writeTar() is to put together.
std::vector<TarEntry> entriesOf(const store::Layout& layout, std::span<const RunId> runs) {
    std::vector<TarEntry> entries{{std::string(kDatabaseName), layout.database()}};
    std::error_code failure;
    for (const auto& entry : fs::recursive_directory_iterator(layout.artifacts(), failure)) {
        if (entry.is_regular_file()) {
            const auto digest =
                entry.path().parent_path().filename().native() + entry.path().filename().native();
            if (isDigest(digest)) {
                entries.push_back({std::string(kArtifacts) + digest, entry.path()});
            }
        }
    }
    for (const RunId& id : runs) {
        for (const auto& console : launch::consoleFiles(layout.runFolder(id))) {
            entries.push_back({std::string(kRuns) + id.hex() + '/' + console.filename().native(), console});
        }
    }
    std::ranges::sort(entries.begin() + 1, entries.end(), {}, &TarEntry::name);
    return entries;
}

}  // namespace

Result<CopyTally> packRuns(sources::ProjectRuns& from, std::span<const RunId> runs, const fs::path& file,
                           std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto workshop, Workshop::make(file));
    // The database is closed when this returns: SQLite has put its log into the file by then.
    RUNGLASS_ASSIGN(auto tally, copyAll(from, runs, workshop.path(), stop));
    if (tally.failures.size() < runs.size()) {
        RUNGLASS_TRY(writeTar(file, entriesOf(store::Layout(workshop.path()), runs)));
    }
    return tally;
}

bool isPacked(const fs::path& file) {
    // Not by the whole first header: one that is cut or damaged is to be said to be that.
    std::string begin(kDatabaseName.size() + 1, ' ');
    std::ifstream in(file, std::ios::binary);
    in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    return in && begin.starts_with(kDatabaseName) && begin.back() == '\0';
}

namespace {

/// `runs/ID/console.log` and its like; nothing for other names.
std::optional<fs::path> placeOfConsole(std::string_view name, const store::Layout& layout) {
    const auto slash = name.rfind('/');
    if (!name.starts_with(kRuns) || slash < kRuns.size() || !launch::isConsoleFile(name.substr(slash + 1))) {
        return std::nullopt;
    }
    const auto id = RunId::fromHex(name.substr(kRuns.size(), slash - kRuns.size()));
    return id ? std::optional(layout.runFolder(*id) / name.substr(slash + 1)) : std::nullopt;
}

}  // namespace

Result<bool> unpackRuns(const fs::path& file, const fs::path& folder) {
    const store::Layout layout(folder);
    RUNGLASS_TRY(layout.ensure());
    const auto placeOf = [&](const std::string& name) -> Result<fs::path> {
        if (name == kDatabaseName) {
            return layout.database();
        }
        const auto digest = name.starts_with(kArtifacts) ? name.substr(kArtifacts.size()) : std::string();
        if (isDigest(digest)) {
            return layout.artifact(digest);
        }
        if (auto console = placeOfConsole(name, layout)) {
            return *std::move(console);
        }
        return Error{ErrorCode::Invalid,
                     tr("{} holds {}, which no export of Runglass does. Nothing was imported.",
                        toValidUtf8(file.native()), toValidUtf8(name)),
                     {}};
    };
    RUNGLASS_ASSIGN(const auto content, readTar(file, placeOf));
    for (const auto& [name, digest] : content.digests) {
        if (name.starts_with(kArtifacts) && name.substr(kArtifacts.size()) != digest) {
            return Error{ErrorCode::Damaged,
                         tr("{} is damaged: {} in it is not what was exported. Nothing was imported; get the "
                            "file again.",
                            toValidUtf8(file.native()), toValidUtf8(name)),
                         {}};
        }
    }
    return content.checked;
}

}  // namespace runglass::exchange
