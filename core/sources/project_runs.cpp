// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/project_runs.h"

#include "runglass/base/translate.h"
#include "runglass/store/marks.h"
#include "runglass/store/run_reader.h"

namespace runglass::sources {
namespace {

Error noSuchRun(const RunId& id) {
    return {ErrorCode::NotFound, tr("There is no run {}.", id.shortHex()), {}};
}

}  // namespace

ProjectRuns::ProjectRuns(std::filesystem::path project, std::shared_ptr<const Catalogue> catalogue, Look look)
    : m_project(std::move(project))
    , m_catalogue(std::move(catalogue))
    , m_look(look) {}

Result<store::Database*> ProjectRuns::database() {
    if (!m_opened) {
        auto opened = store::Database::open(m_project, store::OpenMode::ReadOnly);
        if (opened) {
            m_database.emplace(std::move(opened).value());
        } else if (opened.error().code != ErrorCode::NotFound) {
            return std::move(opened).error();
        }
        m_opened = true;
    }
    return m_database ? &*m_database : nullptr;
}

Result<bool> ProjectRuns::isOwn(const RunId& id) {
    RUNGLASS_ASSIGN(auto* const own, database());
    return own != nullptr && m_look == Look::Everywhere ? store::RunReader(*own).contains(id)
                                                        : Result<bool>(false);
}

Result<model::RunDetail> ProjectRuns::detail(const RunId& id) {
    RUNGLASS_ASSIGN(const bool own, isOwn(id));
    if (own) {
        RUNGLASS_ASSIGN(auto detail, store::RunReader(*m_database).detail(id));
        if (m_catalogue) {
            detail.origins = m_catalogue->origins(id);
        }
        return detail;
    }
    if (!m_catalogue || !m_catalogue->has(id)) {
        return noSuchRun(id);
    }
    RUNGLASS_ASSIGN(auto detail, m_catalogue->detail(id));
    if (m_database) {
        RUNGLASS_ASSIGN(const auto mark, store::readMark(*m_database, id));
        detail.record = mark.over(std::move(detail.record));
        detail.note = mark.note.value_or(detail.note);
    }
    return detail;
}

Result<model::Series> ProjectRuns::series(const RunId& id, std::string_view key, std::size_t from,
                                          std::stop_token stop) {
    RUNGLASS_ASSIGN(const bool own, isOwn(id));
    if (own) {
        return store::RunReader(*m_database).series(id, key, from, std::move(stop));
    }
    return m_catalogue ? m_catalogue->series(id, key, from, std::move(stop))
                       : Result<model::Series>(noSuchRun(id));
}

Result<std::optional<std::string>> ProjectRuns::foreignConsole(const RunId& id) {
    RUNGLASS_ASSIGN(const bool own, isOwn(id));
    if (own || !m_catalogue || !m_catalogue->has(id)) {
        return std::optional<std::string>();
    }
    RUNGLASS_ASSIGN(auto text, m_catalogue->console(id));
    return std::optional(std::move(text));
}

bool ProjectRuns::damaged() const {
    return m_database && m_database->report().damaged;
}

}  // namespace runglass::sources
