// SPDX-License-Identifier: GPL-3.0-or-later
// The look-ups of the catalogue: one run at a time, in the reader of its origin.
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
    const Member& member = run->members[place->member];
    return member.origin->series(member.part->key, place->own.text(), from, std::move(stop));
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
    for (const Member& member : run->members) {
        auto text = member.origin->console(member.part->key);
        if (!text || !text->empty()) {
            return text;
        }
    }
    return std::string();
}

}  // namespace runglass::sources
