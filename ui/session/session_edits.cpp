// SPDX-License-Identifier: GPL-3.0-or-later
// The edits of ProjectSession: each knows the values before and after, so that it can be undone.
#include <map>

#include "runglass/sources/project_runs.h"
#include "runglass/store/end_by_hand.h"
#include "session_private.h"

namespace runglass::ui {
namespace {

using store::Database;
using store::MarkWriter;

/// One run's value of something that may be absent.
using Values = std::vector<std::pair<RunId, std::optional<std::string>>>;

EditQueue::Edit setTags(const std::string& key, Values values) {
    return [key, values = std::move(values)](MarkWriter& writer, Database& /*database*/) -> Result<void> {
        for (const auto& [id, value] : values) {
            RUNGLASS_TRY(value ? writer.setTag(id, key, *value) : writer.removeTag(id, key));
        }
        return {};
    };
}

Values tagsOf(const ProjectSession& session, const std::vector<RunId>& runs, const std::string& key) {
    Values values;
    for (const RunId& id : runs) {
        if (const auto record = session.run(id)) {
            const auto tag = record->tag(Symbol::find(key));
            values.emplace_back(id, tag ? std::optional<std::string>(*tag) : std::nullopt);
        }
    }
    return values;
}

using Setter = Result<void> (MarkWriter::*)(const RunId&, bool);
using Flags = std::vector<std::pair<RunId, bool>>;

EditQueue::Edit setFlags(Setter setter, Flags flags) {
    return [setter, flags = std::move(flags)](MarkWriter& writer, Database& /*database*/) -> Result<void> {
        for (const auto& [id, value] : flags) {
            RUNGLASS_TRY((writer.*setter)(id, value));
        }
        return {};
    };
}

using Colors = std::vector<std::pair<RunId, std::optional<std::uint32_t>>>;

EditQueue::Edit setColors(Colors colors) {
    return [colors = std::move(colors)](MarkWriter& writer, Database& /*database*/) -> Result<void> {
        for (const auto& [id, rgb] : colors) {
            RUNGLASS_TRY(writer.setColor(id, rgb));
        }
        return {};
    };
}

/// The runs whose flag differs from `value`, with that value and with its opposite.
std::pair<Flags, Flags> flagChanges(const ProjectSession& session, const std::vector<RunId>& runs,
                                    bool model::RunRecord::*flag, bool value) {
    std::pair<Flags, Flags> changes;
    for (const RunId& id : runs) {
        const auto record = session.run(id);
        if (record && (*record).*flag != value) {
            changes.first.emplace_back(id, value);
            changes.second.emplace_back(id, !value);
        }
    }
    return changes;
}

}  // namespace

void ProjectSession::Private::edit(const QString& text, EditQueue::Edit forward, EditQueue::Edit backward) {
    if (!writable) {
        takeProblem({ErrorCode::ReadOnly, whyNotWritable.toStdString(), {}});
        return;
    }
    undo.push(new EditCommand(text, edits, std::move(forward), std::move(backward)));
}

void ProjectSession::rename(const RunId& id, const QString& name) {
    const auto record = run(id);
    const std::string after = name.toStdString();
    if (!record || record->name == after) {
        return;
    }
    const auto setName = [id](std::string value) -> EditQueue::Edit {
        return [id, value = std::move(value)](MarkWriter& writer, Database&) {
            return writer.setName(id, value);
        };
    };
    d->edit(tr("rename"), setName(after), setName(record->name));
}

void ProjectSession::setTag(const std::vector<RunId>& runs, const QString& key, const QString& value) {
    const std::string name = key.toStdString();
    const Values before = tagsOf(*this, runs, name);
    Values after = before;
    for (auto& [id, tag] : after) {
        tag = value.toStdString();
    }
    if (after != before) {
        d->edit(tr("tag"), setTags(name, after), setTags(name, before));
    }
}

void ProjectSession::removeTag(const std::vector<RunId>& runs, const QString& key) {
    const std::string name = key.toStdString();
    Values before = tagsOf(*this, runs, name);
    std::erase_if(before, [](const auto& one) { return !one.second.has_value(); });
    if (before.empty()) {
        return;
    }
    Values after = before;
    for (auto& [id, tag] : after) {
        tag.reset();
    }
    d->edit(tr("remove tag"), setTags(name, after), setTags(name, before));
}

void ProjectSession::setNote(const RunId& id, const QString& markdown) {
    // The note is not part of the table, so the edit itself remembers what it replaced.
    const auto before = std::make_shared<std::string>();
    d->edit(
        tr("note"),
        [id, before, project = d->project, catalogue = d->catalogue, after = markdown.toStdString()](
            MarkWriter& writer, Database& /*database*/) -> Result<void> {
            RUNGLASS_ASSIGN(const model::RunDetail detail,
                            sources::ProjectRuns(project, catalogue).detail(id));
            *before = detail.note;
            return writer.setNote(id, after);
        },
        [id, before](MarkWriter& writer, Database& /*database*/) { return writer.setNote(id, *before); });
}

void ProjectSession::setStarred(const std::vector<RunId>& runs, bool starred) {
    const auto [after, before] = flagChanges(*this, runs, &model::RunRecord::starred, starred);
    if (!after.empty()) {
        d->edit(starred ? tr("star") : tr("remove star"), setFlags(&MarkWriter::setStarred, after),
                setFlags(&MarkWriter::setStarred, before));
    }
}

void ProjectSession::setArchived(const std::vector<RunId>& runs, bool archived) {
    const auto [after, before] = flagChanges(*this, runs, &model::RunRecord::archived, archived);
    if (!after.empty()) {
        d->edit(archived ? tr("archive") : tr("take out of the archive"),
                setFlags(&MarkWriter::setArchived, after), setFlags(&MarkWriter::setArchived, before));
    }
}

void ProjectSession::setColor(const std::vector<RunId>& runs, std::optional<std::uint32_t> rgb) {
    Colors before;
    Colors after;
    for (const RunId& id : runs) {
        const auto record = run(id);
        if (record && record->color != rgb) {
            before.emplace_back(id, record->color);
            after.emplace_back(id, rgb);
        }
    }
    if (!after.empty()) {
        d->edit(tr("color"), setColors(std::move(after)), setColors(std::move(before)));
    }
}

void ProjectSession::endByHand(const std::vector<RunId>& runs) {
    d->edit(
        tr("mark as ended"),
        [runs](MarkWriter& /*writer*/, Database& database) { return store::endByHand(database, runs); },
        [runs](MarkWriter& /*writer*/, Database& database) { return store::takeBackEnd(database, runs); });
}

}  // namespace runglass::ui
