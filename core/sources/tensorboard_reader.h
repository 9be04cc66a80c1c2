// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runglass/sources/folder.h"
#include "runglass/sources/reader.h"
#include "tensorboard_collect.h"
#include "tensorboard_media.h"
#include "tfrecord.h"

namespace runglass::sources::tensorboard {

/// Whether TensorBoard would read a file of this name.
bool isEventFileName(std::string_view name);

/// PyTorch's and tensorboardX's add_hparams() writes params and final metrics to a folder of its own, named
/// str(time.time()), inside that of the run. The name of that folder, if there is exactly one: several are
/// the trials of a search, each a run.
std::optional<std::string> hparamsFolderIn(const Folder& folder);

/// The event files of one folder, in the order of their names, are one run. As TensorBoard does, a restarted
/// run's files are read one after another; unlike TensorBoard, no point is left out of a long series, and
/// steps that were done twice are there twice, unless the writer has said that the run was started again
/// (Restarts).
class TensorBoardReader : public Reader {
public:
    explicit TensorBoardReader(std::filesystem::path folder)
        : m_folder(std::move(folder)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    bool separate(const FileGroups& groups) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override;
    [[nodiscard]] std::uint64_t retractions() const override { return m_retractions; }
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;
    Result<std::string> artifact(std::string_view key, std::string_view path, std::uint64_t limit) override;

private:
    /// One file and what has been read of it.
    struct EventFile {
        explicit EventFile(std::filesystem::path path)
            : file(path)
            , collector(std::make_unique<SummaryCollector>(std::move(path))) {}
        GrowingFile file;
        std::unique_ptr<SummaryCollector> collector;
        DamageList damage;
        std::optional<std::uint64_t> badLength;
        std::optional<std::string> standIn;  ///< why it is no event file at all
        bool seen = false;
    };

    /// Where series() stopped: a curve that grows asks for the points after those that it has.
    struct Bookmark {
        std::vector<GrowingFile> files;
        std::size_t points = 0;
        SeriesCollector::State state;
    };

    using EventFiles = std::vector<EventFile*>;

    [[nodiscard]] Result<std::vector<std::filesystem::path>> listFiles();
    /// Those that make up the part of this key.
    [[nodiscard]] Result<std::vector<std::filesystem::path>> listFiles(std::string_view key);
    [[nodiscard]] bool isOf(std::string_view key, const std::filesystem::path& file) const;
    static bool leadsOn(Bookmark& bookmark, std::size_t from,
                        const std::vector<std::filesystem::path>& paths);
    Result<bool> updateFiles();
    static Result<bool> readNew(EventFile& file, const std::stop_token& stop);
    static Result<void> readOn(EventFile& file, const std::stop_token& stop);
    Result<void> takeBack(const EventFiles& files, const std::stop_token& stop);
    [[nodiscard]] std::vector<std::pair<std::string_view, EventFiles>> byPart();
    Result<void> makeParts(const std::stop_token& stop);
    [[nodiscard]] SharedPart makePart(std::string_view key, const EventFiles& files) const;
    static void fillMetrics(const EventFiles& files, model::RunRecord& record);
    static void fillSession(const SessionInfo& session, Part& part);
    static void fillDamage(const EventFiles& files, Part& part);
    Result<void> listMedia(std::string_view key, MediaCollector& collector);

    std::filesystem::path m_folder;
    std::vector<FileStamp> m_folderStamps;
    std::vector<EventFile> m_files;  ///< in reading order
    FileGroups m_groups;             ///< files that are runs of their own
    std::vector<SharedPart> m_parts;
    std::vector<Medium> m_media;  ///< what detail() has listed, of m_mediaKey
    std::string m_mediaKey;
    std::vector<std::filesystem::path> m_mediaFiles;  ///< Medium::file is an index into this
    std::uint64_t m_retractions = 0;
    std::map<std::string, Bookmark, std::less<>> m_bookmarks;  ///< by key and metric
};

}  // namespace runglass::sources::tensorboard
