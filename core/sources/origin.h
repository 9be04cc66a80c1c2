// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "runglass/sources/format.h"

namespace runglass::sources {

/// What one reading of an origin brought.
struct Reading {
    std::vector<SharedPart> parts;
    std::vector<FileStamp> stamps;
    std::optional<Error> error;  ///< nothing could be said; `parts` are those of before
};

/// One file or folder that a format reads, with its reader. The reader is made when it is first needed: what
/// the cached index knows needs none. Thread-safe: one caller at a time is let in to the reader.
class Origin {
public:
    Origin(const Format* format, std::filesystem::path path)
        : m_format(format)
        , m_path(std::move(path)) {}

    [[nodiscard]] const Format& format() const { return *m_format; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    [[nodiscard]] Reading read(std::stop_token stop);
    [[nodiscard]] Result<model::RunDetail> detail(std::string_view key);
    [[nodiscard]] Result<model::Series> series(std::string_view key, std::string_view metric,
                                               std::size_t from, std::stop_token stop);
    [[nodiscard]] Result<std::string> console(std::string_view key);
    /// Another number than before when points that were read may be others now: renew(). No two origins of a
    /// process ever have the same one.
    [[nodiscard]] std::uint64_t epoch() const { return m_epoch; }
    void renew() { m_epoch = nextEpoch(); }
    /// As Reader::separate; kept for a reader that is made later.
    [[nodiscard]] bool separate(FileGroups groups);
    [[nodiscard]] Result<ArtifactFile> openArtifact(std::string_view key, std::string_view path);
    [[nodiscard]] Result<std::string> artifact(std::string_view key, std::string_view path,
                                               std::uint64_t limit);

private:
    template <typename Call>
    auto guarded(Call call) -> decltype(call(std::declval<Reader&>()));

    static std::uint64_t nextEpoch() {
        static std::atomic<std::uint64_t> next = 1;
        return next++;
    }

    const Format* m_format;
    std::filesystem::path m_path;
    std::mutex m_mutex;
    std::unique_ptr<Reader> m_reader;  // guarded by m_mutex
    FileGroups m_groups;               // guarded by m_mutex
    std::atomic<std::uint64_t> m_epoch = nextEpoch();
};

using SharedOrigin = std::shared_ptr<Origin>;

/// A part with the origin that tells it.
struct Member {
    SharedOrigin origin;
    SharedPart part;
    std::optional<RunId> owner = {};  ///< the launched run that wrote the files of the part
    bool over = false;                ///< that run has ended: nothing writes them any more
    /// When the first of those files was made, in Unix nanoseconds; the greatest there is where nothing
    /// tells.
    std::int64_t bornNs = std::numeric_limits<std::int64_t>::max();
};

}  // namespace runglass::sources
