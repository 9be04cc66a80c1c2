// SPDX-License-Identifier: GPL-3.0-or-later
// The look-ups of the catalogue: one run at a time, in the reader of its origin.
#include <algorithm>

#include "catalogue_impl.h"
#include "merge.h"
#include "merge_detail.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

Error noSuchRun(const RunId& id) {
    return {ErrorCode::NotFound, tr("There is no run {}.", id.shortHex()), {}};
}

Error noSuchArtifact(const RunId& id, std::string_view path) {
    return {ErrorCode::NotFound,
            tr("Run {} has no file {} any more, or it is not kept on this machine.", id.shortHex(),
               toValidUtf8(path)),
            {}};
}

/// The points of one folder after those of the other.
Result<model::Series> resumedSeries(const JoinedRun& run, Symbol metric, std::size_t from,
                                    const std::stop_token& stop) {
    model::Series whole;
    for (const auto i : run.resumed) {
        const Member& member = run.members[i];
        const auto* summary = member.part->record.metric(metric);
        if (summary == nullptr || from >= summary->count) {
            from -= summary == nullptr ? 0 : static_cast<std::size_t>(summary->count);
            continue;
        }
        RUNGLASS_ASSIGN(const auto points,
                        member.origin->series(member.part->key, metric.text(), from, stop));
        for (std::size_t at = 0; at < points.size(); ++at) {
            whole.push(points.at(at));
        }
        from = 0;
    }
    return whole;
}

}  // namespace

bool Catalogue::has(const RunId& id) const {
    return m_impl->find(id) != nullptr;
}

model::SharedRun Catalogue::attached(const RunId& id) const {
    const auto run = m_impl->find(id);
    return run && run->attached ? run->record : nullptr;
}

std::vector<FileStamp> Catalogue::filesOf(const RunId& launched) const {
    return m_impl->filesOf(launched);
}

Result<model::RunDetail> Catalogue::detail(const RunId& id) const {
    const auto run = m_impl->find(id);
    return run ? mergeDetails(*run, m_impl->project()) : noSuchRun(id);
}

std::vector<model::Origin> Catalogue::origins(const RunId& id) const {
    const auto run = m_impl->find(id);
    return run ? originsOf(*run, m_impl->project()) : std::vector<model::Origin>();
}

Result<model::Series> Catalogue::series(const RunId& id, std::string_view key, std::size_t from,
                                        std::stop_token stop) const {
    const auto run = m_impl->find(id);
    if (!run) {
        return noSuchRun(id);
    }
    const auto place = placeOf(*run, Symbol::find(key));
    if (!place) {
        return Error{ErrorCode::NotFound, tr("Run {} has no metric {}.", id.shortHex(), key), {}};
    }
    if (std::ranges::find(run->resumed, place->member) != run->resumed.end()) {
        return resumedSeries(*run, place->own, from, stop);
    }
    const Member& member = run->members[place->member];
    return member.origin->series(member.part->key, place->own.text(), from, std::move(stop));
}

std::uint64_t Catalogue::epoch(const RunId& id) const {
    const auto run = m_impl->find(id);
    std::uint64_t sum = 0;
    for (const Member& member : run ? run->members : std::vector<Member>()) {
        sum += member.origin->epoch();
    }
    return sum;
}

Result<ArtifactFile> Catalogue::openArtifact(const RunId& id, std::string_view path) const {
    const auto run = m_impl->find(id);
    if (!run) {
        return noSuchRun(id);
    }
    for (const Member& member : run->members) {
        if (auto file = member.origin->openArtifact(member.part->key, path)) {
            return file;
        }
    }
    return noSuchArtifact(id, path);
}

Result<std::string> Catalogue::artifact(const RunId& id, std::string_view path, std::uint64_t limit,
                                        const std::stop_token& stop) const {
    const auto run = m_impl->find(id);
    if (!run) {
        return noSuchRun(id);
    }
    for (const Member& member : run->members) {
        if (const auto file = member.origin->openArtifact(member.part->key, path)) {
            return readArtifact(*file, limit, stop);
        }
        auto content = member.origin->artifact(member.part->key, path, limit);
        if (content || content.error().code != ErrorCode::NotFound) {
            return content;
        }
    }
    return noSuchArtifact(id, path);
}

Result<std::string> Catalogue::console(const RunId& id) const {
    const auto run = m_impl->find(id);
    if (!run) {
        return noSuchRun(id);
    }
    std::string whole;
    for (const auto i : run->resumed) {
        const Member& member = run->members[i];
        RUNGLASS_ASSIGN(const auto text, member.origin->console(member.part->key));
        whole += text;
    }
    for (const Member& member : whole.empty() ? run->members : std::vector<Member>()) {
        auto text = member.origin->console(member.part->key);
        if (!text || !text->empty()) {
            return text;
        }
    }
    return whole;
}

}  // namespace runglass::sources
