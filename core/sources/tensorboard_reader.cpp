// SPDX-License-Identifier: GPL-3.0-or-later
#include "tensorboard_reader.h"

#include <algorithm>
#include <unordered_map>

#include "decoded_series.h"
#include "merge.h"
#include "runglass/base/translate.h"
#include "stand_in.h"
#include "values.h"

namespace runglass::sources::tensorboard {

namespace {

bool isDigits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// As str(time.time()) writes it: ten digits of seconds, since 2001 and until 2286, and a fraction.
bool looksLikeTime(std::string_view name) {
    constexpr std::size_t kSecondsDigits = 10;
    const auto dot = name.find('.');
    return dot == kSecondsDigits && isDigits(name.substr(0, dot)) && isDigits(name.substr(dot + 1));
}

bool hasEventFile(const Folder& folder) {
    return std::any_of(folder.entries.begin(), folder.entries.end(), [](const Entry& entry) {
        return entry.kind == EntryKind::File && isEventFileName(entry.name);
    });
}

Error noSuchMetric(std::string_view metric) {
    return {ErrorCode::NotFound, tr("There is no metric named {}.", metric), {}};
}

}  // namespace

bool isEventFileName(std::string_view name) {
    return name.find("tfevents") != std::string_view::npos && !isAppleDouble(name);
}

std::optional<std::string> hparamsFolderIn(const Folder& folder) {
    std::optional<std::string> found;
    for (const auto& entry : folder.entries) {
        if (entry.kind != EntryKind::Folder || !looksLikeTime(entry.name)) {
            continue;
        }
        const auto inner = listFolder(folder.path / entry.name);
        if (!inner.ok() || !hasEventFile(*inner)) {
            continue;
        }
        if (found) {
            return std::nullopt;
        }
        found = entry.name;
    }
    return found;
}

Result<std::vector<std::filesystem::path>> TensorBoardReader::listFiles() {
    std::vector<std::filesystem::path> paths;
    m_folderStamps = {FileStamp::of(m_folder)};
    const auto addFrom = [&](const Folder& folder) {
        for (const auto& entry : folder.entries) {
            if (entry.kind == EntryKind::File && isEventFileName(entry.name)) {
                paths.push_back(folder.path / entry.name);
            }
        }
    };
    RUNGLASS_ASSIGN(const auto folder, listFolder(m_folder));
    addFrom(folder);
    if (const auto name = hparamsFolderIn(folder)) {
        const auto inner = m_folder / *name;
        m_folderStamps.push_back(FileStamp::of(inner));
        if (const auto hparams = listFolder(inner); hparams.ok()) {
            addFrom(*hparams);
        }
    }
    return paths;
}

bool TensorBoardReader::isOf(std::string_view key, const std::filesystem::path& file) const {
    const auto has = [&](const auto& group) {
        return std::find(group.second.begin(), group.second.end(), file) != group.second.end();
    };
    const auto group = m_groups.find(std::string(key));
    return group != m_groups.end() ? has(*group) : std::none_of(m_groups.begin(), m_groups.end(), has);
}

Result<std::vector<std::filesystem::path>> TensorBoardReader::listFiles(std::string_view key) {
    RUNGLASS_ASSIGN(auto paths, listFiles());
    std::erase_if(paths, [&](const auto& path) { return !isOf(key, path); });
    return paths;
}

bool TensorBoardReader::separate(const FileGroups& groups) {
    if (groups != m_groups) {
        m_groups = groups;
        m_parts.clear();
        m_media.clear();
        m_bookmarks.clear();
    }
    return true;
}

/// Whether the files are others than before. Those that are still there keep their state.
Result<bool> TensorBoardReader::updateFiles() {
    RUNGLASS_ASSIGN(const auto paths, listFiles());
    const bool same = std::equal(paths.begin(), paths.end(), m_files.begin(), m_files.end(),
                                 [](const auto& path, const auto& file) { return path == file.file.path(); });
    if (same) {
        return false;
    }
    std::vector<EventFile> files;
    files.reserve(paths.size());
    for (const auto& path : paths) {
        const auto known = std::find_if(m_files.begin(), m_files.end(),
                                        [&](const auto& file) { return file.file.path() == path; });
        files.push_back(known != m_files.end() ? std::move(*known) : EventFile(path));
    }
    m_files = std::move(files);
    return true;
}

/// Whether there was anything new.
Result<bool> TensorBoardReader::readNew(EventFile& file, const std::stop_token& stop) {
    constexpr std::size_t kHeadBytes = 128;
    const auto refreshed = file.file.refresh();
    if (!refreshed.ok()) {
        const bool news = file.standIn != refreshed.error().message;
        file.standIn = refreshed.error().message;
        return news;
    }
    const auto change = *refreshed;
    if (change == GrowingFile::Change::None && file.seen) {
        return false;
    }
    file.seen = true;
    if (change == GrowingFile::Change::Rewritten || change == GrowingFile::Change::Gone) {
        file.collector = std::make_unique<SummaryCollector>(file.file.path());
        file.damage.clear();
    }
    file.badLength.reset();
    if (file.file.consumed() == 0) {
        const auto head = file.file.readAt(0, kHeadBytes);
        file.standIn = head.ok() ? standInFor(file.file.path(), *head) : head.error().message;
        if (file.standIn) {
            return true;
        }
    }
    RUNGLASS_TRY(readOn(file, stop));
    return true;
}

Result<void> TensorBoardReader::readOn(EventFile& file, const std::stop_token& stop) {
    const auto scan = scanTfRecords(file.file, file.file.consumed(), *file.collector, stop);
    if (!scan.ok()) {  // some records have been taken
        file.collector = std::make_unique<SummaryCollector>(file.file.path());
        file.damage.clear();
        file.file.startAgain();
        file.seen = false;
        return scan.error();
    }
    file.badLength = scan->badLength;
    file.damage.append(scan->damage);
    return file.file.consume(scan->end - file.file.consumed());
}

/// Reads those files again of which a restart has taken points back since: summaries do not forget.
Result<void> TensorBoardReader::takeBack(const EventFiles& files, const std::stop_token& stop) {
    auto takenBack = Restarts::kNone;
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
        auto& one = **file;
        const bool isFirst = *file == files.front();
        // Whether its first START is a restart may have to be found out first, and then what it takes back.
        constexpr int kMostPasses = 2;
        for (int pass = 0;
             pass < kMostPasses && !one.standIn && one.collector->isOutdated(isFirst, takenBack); ++pass) {
            auto restarts = one.collector->isFirst() == isFirst ? one.collector->restarts() : Restarts();
            one.collector = std::make_unique<SummaryCollector>(
                one.file.path(), SummaryCollector::Known{isFirst, takenBack, std::move(restarts)});
            one.damage.clear();
            one.file.startAgain();
            ++m_retractions;
            RUNGLASS_TRY(readOn(one, stop));
        }
        takenBack = std::min(takenBack, one.collector->restarts().limit());
    }
    return {};
}

Result<std::vector<SharedPart>> TensorBoardReader::read(std::stop_token stop) {
    RUNGLASS_ASSIGN(bool changed, updateFiles());
    for (auto& file : m_files) {
        RUNGLASS_ASSIGN(const bool grown, readNew(file, stop));
        changed = changed || grown;
    }
    if (changed || m_parts.empty()) {
        RUNGLASS_TRY(makeParts(stop));
    }
    return m_parts;
}

std::vector<std::pair<std::string_view, TensorBoardReader::EventFiles>> TensorBoardReader::byPart() {
    std::vector<std::pair<std::string_view, EventFiles>> all;
    const auto add = [&](std::string_view key) {
        auto& files = all.emplace_back(key, EventFiles()).second;
        for (auto& file : m_files) {
            if (isOf(key, file.file.path())) {
                files.push_back(&file);
            }
        }
        if (files.empty() && !m_groups.empty()) {
            all.pop_back();
        }
    };
    add({});
    for (const auto& [key, files] : m_groups) {
        add(key);
    }
    return all;
}

Result<void> TensorBoardReader::makeParts(const std::stop_token& stop) {
    m_parts.clear();
    for (const auto& [key, files] : byPart()) {
        RUNGLASS_TRY(takeBack(files, stop));
        m_parts.push_back(makePart(key, files));
    }
    return {};
}

void TensorBoardReader::fillMetrics(const EventFiles& files, model::RunRecord& record) {
    std::unordered_map<std::string_view, std::size_t> places;
    for (const auto* file : files) {
        for (const auto& tag : file->collector->tags()) {
            if (tag.summary.count == 0) {
                continue;
            }
            const auto [place, isNew] = places.try_emplace(tag.name, record.metrics.size());
            if (isNew) {
                record.metrics.push_back({Symbol(tag.name), tag.summary});
            } else {
                auto& summary = record.metrics[place->second].summary;
                summary = followedBy(summary, tag.summary);
            }
        }
    }
}

void TensorBoardReader::fillSession(const SessionInfo& session, Part& part) {
    constexpr std::uint64_t kFailure = 2;
    constexpr std::uint64_t kRunning = 3;
    auto& record = part.record;
    for (const auto& [key, value] : session.params) {
        record.params.push_back({Symbol(key), Symbol(value)});
    }
    if (!session.group.empty()) {
        record.tags.push_back({Symbol("hparams.group"), Symbol(session.group)});
    }
    if (session.startSeconds && millisecondsOf(*session.startSeconds) > 0) {
        record.startTimeMs = millisecondsOf(*session.startSeconds);
    }
    // Lightning writes "success" before the first step: only the other two are news.
    if (session.ended && session.status == kFailure) {
        record.status = model::RunStatus::Failed;
        part.tellsStatus = true;
    } else if (session.ended && session.status == kRunning) {
        record.status = model::RunStatus::Running;
        part.tellsStatus = true;
    }
    if (session.endSeconds) {
        record.endTimeMs = std::max(record.endTimeMs.value_or(0), millisecondsOf(*session.endSeconds));
    }
}

void TensorBoardReader::fillDamage(const EventFiles& files, Part& part) {
    for (const auto* each : files) {
        const auto& file = *each;
        const auto add = [&](const DamageList& list) {
            part.damage.insert(part.damage.end(), list.entries().begin(), list.entries().end());
        };
        add(file.damage);
        add(file.collector->damage());
        if (file.badLength) {
            part.damage.push_back({file.file.path(), *file.badLength, 1,
                                   tr("The length of a record does not match its checksum: nothing can be "
                                      "read from here on.")});
        }
        if (!file.badLength && !file.standIn && file.file.consumed() < file.file.size()) {
            part.damage.push_back({file.file.path(), file.file.consumed(), 1,
                                   tr("The last record is only half there."), false, true});
        }
        if (file.standIn) {
            part.damage.push_back({file.file.path(), 0, 1, *file.standIn});
        } else if (file.collector->tags().empty() && !file.badLength) {
            part.damage.push_back({file.file.path(), 0, 0, tr("The file holds no data yet.")});
        }
    }
}

SharedPart TensorBoardReader::makePart(std::string_view key, const EventFiles& files) const {
    auto part = std::make_shared<Part>();
    part->key = key;
    part->rank = Rank::Log;
    part->folder = m_folder;
    part->tellsStatus = false;
    auto& record = part->record;
    record.status = model::RunStatus::Finished;
    for (const auto* file : files) {
        const auto first = file->collector->firstTimeMs();
        const auto last = file->collector->lastTimeMs();
        if (first != 0 && (!record.startTimeMs || first < *record.startTimeMs)) {
            record.startTimeMs = first;
        }
        if (last != 0) {
            record.endTimeMs = std::max(record.endTimeMs.value_or(last), last);
        }
    }
    for (const auto* file : files) {
        fillSession(file->collector->session(), *part);
    }
    if (record.status == model::RunStatus::Running) {
        record.endTimeMs.reset();
    }
    const auto isStandIn = [](const EventFile* file) { return file->standIn.has_value(); };
    if (!files.empty() && std::all_of(files.begin(), files.end(), isStandIn)) {
        record.status = model::RunStatus::Lost;  // that the files are new says nothing of a run
        part->tellsStatus = true;
    }
    fillMetrics(files, record);
    fillDamage(files, *part);
    keepLastOfEach(record.params);
    keepLastOfEach(record.tags);
    record.sortKeys();
    return part;
}

std::vector<FileStamp> TensorBoardReader::stamps() const {
    auto stamps = m_folderStamps;
    for (const auto& file : m_files) {
        stamps.push_back(file.file.stamp());
    }
    return stamps;
}

Result<model::RunDetail> TensorBoardReader::detail(std::string_view key) {
    RUNGLASS_ASSIGN(const auto parts, read({}));
    model::RunDetail detail;
    const auto part =
        std::find_if(parts.begin(), parts.end(), [&](const auto& one) { return one->key == key; });
    if (part == parts.end()) {
        return Error{ErrorCode::NotFound, tr("The event files of this run are gone."), {}};
    }
    detail.record = (*part)->record;
    MediaCollector listed;
    RUNGLASS_TRY(listMedia(key, listed));
    detail.artifacts.reserve(m_media.size());
    for (const auto& medium : m_media) {
        detail.artifacts.push_back(medium.artifact);
    }
    if (listed.leftOut() > 0) {
        detail.problems.push_back(
            tr("{} more images, sounds, histograms and texts are not listed.", listed.leftOut()));
    }
    if (listed.takenBack() > 0) {
        detail.remarks.push_back(tr(
            "Taken back, as in TensorBoard, because the run was started again from their step or before: {} "
            "of the images, sounds, histograms and texts.",
            listed.takenBack()));
    }
    return detail;
}

/// Fills m_media; `collector` tells how many there are beside those.
Result<void> TensorBoardReader::listMedia(std::string_view key, MediaCollector& collector) {
    RUNGLASS_ASSIGN(m_mediaFiles, listFiles(key));
    m_mediaKey = key;
    for (const auto& path : m_mediaFiles) {
        GrowingFile file(path);
        RUNGLASS_TRY(file.refresh());
        collector.startFile();
        RUNGLASS_TRY(scanTfRecords(file, 0, collector, {}));
    }
    m_media = collector.takeMedia();
    return {};
}

Result<std::string> TensorBoardReader::artifact(std::string_view key, std::string_view path,
                                                std::uint64_t limit) {
    if (m_media.empty() || m_mediaKey != key) {
        MediaCollector collector;
        RUNGLASS_TRY(listMedia(key, collector));
    }
    const auto medium = std::find_if(m_media.begin(), m_media.end(),
                                     [&](const auto& known) { return known.artifact.path == path; });
    if (medium == m_media.end()) {
        return Reader::artifact(key, path, limit);
    }
    if (static_cast<std::uint64_t>(medium->artifact.size) > limit) {
        return Error{ErrorCode::TooLarge, tr("{} has more than {} bytes.", path, limit), {}};
    }
    GrowingFile file(m_mediaFiles[medium->file]);
    RUNGLASS_TRY(file.refresh());
    MediumExtractor extractor(*medium);
    RUNGLASS_TRY(readTfRecord(file, medium->offset, extractor));
    if (!extractor.content()) {
        return Error{
            ErrorCode::NotFound, tr("{} is no longer where it was: the file has changed.", path), {}};
    }
    return std::move(*extractor.content());
}

/// Whether all that is new lies at the end of the last file.
bool TensorBoardReader::leadsOn(Bookmark& bookmark, std::size_t from,
                                const std::vector<std::filesystem::path>& paths) {
    const bool sameFiles =
        std::equal(paths.begin(), paths.end(), bookmark.files.begin(), bookmark.files.end(),
                   [](const auto& path, const auto& file) { return path == file.path(); });
    if (bookmark.points != from || bookmark.files.empty() || !sameFiles) {
        return false;
    }
    return std::all_of(bookmark.files.begin(), bookmark.files.end(), [&](GrowingFile& file) {
        const auto change = file.refresh();
        return change.ok() && (*change == GrowingFile::Change::None ||
                               (*change == GrowingFile::Change::Grown && &file == &bookmark.files.back()));
    });
}

Result<model::Series> TensorBoardReader::series(std::string_view key, std::string_view metric,
                                                std::size_t from, std::stop_token stop) {
    constexpr std::size_t kMostBookmarks = 64;
    RUNGLASS_ASSIGN(const auto paths, listFiles(key));
    auto place = std::string(key) + '\0' + std::string(metric);
    auto known = m_bookmarks.extract(place);
    const auto readOn = [&](GrowingFile& file, SeriesCollector& collector) -> Result<void> {
        RUNGLASS_ASSIGN(const auto scan, scanTfRecords(file, file.consumed(), collector, stop));
        return file.consume(scan.end - file.consumed());
    };
    const auto keep = [&](Bookmark bookmark, std::size_t points, const SeriesCollector& collector) {
        bookmark.points = points;
        bookmark.state = collector.state();
        if (m_bookmarks.size() == kMostBookmarks) {
            m_bookmarks.clear();
        }
        m_bookmarks.insert_or_assign(std::move(place), std::move(bookmark));
    };
    if (known && leadsOn(known.mapped(), from, paths)) {
        auto& bookmark = known.mapped();
        SeriesCollector collector(metric, bookmark.state);
        RUNGLASS_TRY(readOn(bookmark.files.back(), collector));
        if (!collector.reachesBack()) {
            auto series = collector.takeSeries();
            keep(std::move(bookmark), from + series.size(), collector);
            return series;
        }
    }
    Bookmark bookmark;
    SeriesCollector collector(metric);
    for (const auto& path : paths) {
        auto& file = bookmark.files.emplace_back(path);
        RUNGLASS_TRY(file.refresh());
        collector.startFile();
        RUNGLASS_TRY(readOn(file, collector));
    }
    const auto series = collector.takeSeries();
    if (series.empty()) {
        return noSuchMetric(metric);
    }
    keep(std::move(bookmark), series.size(), collector);
    return restOf(series, from);
}

}  // namespace runglass::sources::tensorboard
