// SPDX-License-Identifier: GPL-3.0-or-later
#include "table_run.h"

#include <algorithm>

#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "stand_in.h"
#include "values.h"

namespace runglass::sources {

namespace {

constexpr std::uint64_t kMaxParamsBytes = std::uint64_t{4} << 20U;

}  // namespace

TableRunReader::TableRunReader(TableRun run)
    : m_run(std::move(run)) {
    if (!m_run.table.empty()) {
        m_table.emplace(m_run.table, m_run.kind, m_run.roles);
    }
}

/// Whether the file of params is another one than before.
bool TableRunReader::refreshParams() {
    const auto stamp = FileStamp::of(m_run.params);
    if (m_paramsSeen && stamp == m_paramsStamp) {
        return false;
    }
    m_paramsSeen = true;
    m_paramsStamp = stamp;
    m_params.clear();
    m_paramsText.clear();
    m_paramsProblem.reset();
    if (m_run.params.empty() || !stamp.exists) {
        return true;
    }
    auto text = readFile(m_run.params, kMaxParamsBytes);
    if (!text.ok()) {
        m_paramsProblem = text.error().message;
        return true;
    }
    m_paramsText = std::move(*text);
    m_paramsProblem = m_paramsText.empty() ? std::nullopt : standInFor(m_run.params, m_paramsText);
    if (m_paramsProblem) {
        return true;
    }
    auto params = config::flattenYaml(toValidUtf8(m_paramsText), m_run.paramStyle);
    if (params.ok()) {
        m_params = std::move(*params);
    } else {
        m_paramsProblem = params.error().message;
    }
    return true;
}

Result<std::vector<SharedPart>> TableRunReader::read(std::stop_token stop) {
    bool changed = refreshParams();
    if (m_table) {
        RUNGLASS_ASSIGN(const bool grown, m_table->refresh(stop));
        changed = changed || grown;
    }
    if (changed || m_parts.empty()) {
        m_parts.clear();
        for (const auto& key : m_table ? m_table->runs() : std::vector<std::string>(1)) {
            m_parts.push_back(makePart(key));
        }
    }
    return m_parts;
}

SharedPart TableRunReader::makePart(const std::string& key) const {
    auto part = std::make_shared<Part>();
    part->key = key;
    part->rank = m_run.rank;
    part->folder = m_run.folder;
    part->ownsFolder = m_run.ownsFolder;
    part->tellsStatus = false;
    auto& record = part->record;
    record.name = key.empty() ? m_run.name : toValidUtf8(key);
    record.status = model::RunStatus::Finished;
    if (m_table && m_table->exists()) {
        m_table->fill(key, record);
        part->damage = m_table->damage();
    }
    addValues(record.params, m_params);
    if (m_paramsProblem) {
        part->damage.push_back({m_run.params, 0, 1, *m_paramsProblem});
    }
    keepLastOfEach(record.params);
    record.sortKeys();
    return part;
}

std::vector<FileStamp> TableRunReader::stamps() const {
    std::vector<FileStamp> stamps;
    if (m_table) {
        stamps.push_back(m_table->stamp());
    }
    if (!m_run.params.empty()) {
        stamps.push_back(m_paramsStamp);
    }
    return stamps;
}

Result<model::RunDetail> TableRunReader::detail(std::string_view key) {
    RUNGLASS_ASSIGN(const auto parts, read({}));
    model::RunDetail detail;
    const auto part =
        std::find_if(parts.begin(), parts.end(), [&](const auto& one) { return one->key == key; });
    if (part == parts.end()) {
        return Error{ErrorCode::NotFound, tr("The table has no run {}.", key), {}};
    }
    detail.record = (*part)->record;
    if (!m_paramsText.empty()) {
        detail.configFiles.push_back(
            {m_run.params.filename().native(), sha256Of(m_paramsText), m_paramsText});
    }
    if (!m_run.files.folder.empty()) {
        listRunFiles(m_run.files, detail.artifacts);
    }
    return detail;
}

Result<ArtifactFile> TableRunReader::openArtifact(std::string_view key, std::string_view path) {
    return m_run.files.folder.empty() ? Reader::openArtifact(key, path) : openRunFile(m_run.files, path);
}

Result<model::Series> TableRunReader::series(std::string_view key, std::string_view metric, std::size_t from,
                                             std::stop_token stop) {
    if (!m_table) {
        return Error{ErrorCode::NotFound, tr("There is no metric named {}.", metric), {}};
    }
    return m_table->series(key, metric, from, stop);
}

std::string firstLineOf(const std::filesystem::path& path) {
    constexpr std::size_t kMost = std::size_t{64} << 10U;
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    GrowingFile file(path);
    if (!file.refresh().ok()) {
        return {};
    }
    const auto head = file.readAt(0, kMost);
    if (!head.ok()) {
        return {};
    }
    const auto text = toUtf8(*head, textFormOf(*head));
    std::string_view line(text);
    line = line.substr(0, line.find('\n'));
    line.remove_prefix(line.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    return std::string(trimmed(line));
}

TableKind tableKindOf(const std::filesystem::path& path) {
    const auto extension = path.extension();
    const bool lines = extension == ".jsonl" || extension == ".ndjson" || extension == ".json" ||
                       firstLineOf(path).starts_with('{');
    return lines ? TableKind::JsonLines : TableKind::Csv;
}

std::vector<std::string> headerOf(const std::filesystem::path& path) {
    return headerIn(firstLineOf(path));
}

std::vector<std::string> headerIn(std::string_view line) {
    CsvSplitter splitter;
    if (line.empty() || splitter.split(line, separatorOf(line), true) != CsvSplitter::Outcome::Row) {
        return {};
    }
    return {splitter.cells().begin(), splitter.cells().end()};
}

}  // namespace runglass::sources
