// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/change_writer.h"

#include <algorithm>

#include "runglass/base/translate.h"
#include "runglass/store/kept_run.h"

namespace runglass::store {

namespace {

Symbol tagOf(const model::RunRecord& record, std::string_view key) {
    return Symbol(record.tag(Symbol::find(key)).value_or(""));
}

/// A new run in the words of RunWriter::createRun. What a run that is there already would be told is in it.
model::RunDetail detailOf(const RunChange& change, Symbol experiment) {
    model::RunDetail detail;
    applyTo(detail.record, change, experiment);
    detail.note = change.note.value_or("");
    detail.command = change.command;
    return detail;
}

}  // namespace

Result<std::vector<std::string>> ChangeWriter::write(const RunChange& change) {
    std::vector<std::string> refused;
    const auto written = m_writer.transaction([&]() -> Result<void> {
        if (change.isNew) {
            RUNGLASS_TRY(create(change));
        } else {
            RUNGLASS_TRY(describe(change));
            if (!change.params.empty()) {
                RUNGLASS_ASSIGN(refused, m_writer.setParams(change.run, change.params, change.replaceable));
            }
        }
        if (change.user) {
            RUNGLASS_TRY(m_tracked.setUser(change.run, *change.user));
        }
        RUNGLASS_TRY(writePoints(change));
        RUNGLASS_TRY(writeInputs(change));
        for (const auto& path : change.removedFiles) {
            RUNGLASS_TRY(m_files.remove(change.run, path));
        }
        for (const auto& artifact : change.artifacts) {
            RUNGLASS_TRY(m_files.put(change.run, artifact));
        }
        if (change.deleted) {
            RUNGLASS_TRY(m_tracked.setDeleted(change.run, *change.deleted));
        }
        RUNGLASS_TRY(change.isNew ? Result<void>() : setStatus(change));
        return change.supervised ? writeSupervised(change, refused) : Result<void>();
    });
    RUNGLASS_TRY(written);
    return Result<std::vector<std::string>>(std::move(refused));
}

Result<void> ChangeWriter::restore(std::string_view record) {
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(record.data()), record.size());
    if (const auto changes = decodeCatalogChanges(bytes)) {
        return m_catalog.restore(*changes);
    }
    if (const auto run = decodeRun(bytes)) {
        const auto made = makeKeptRun(m_writer, *m_database, *run);
        return made.ok() || made.error().code != ErrorCode::Invalid ? made : Result<void>();
    }
    auto change = decodeChange(bytes);
    if (!change) {
        return {};
    }
    const auto known = m_tracked.get(change->run);
    if (!known.ok() && known.error().code != ErrorCode::NotFound) {
        return known.error();
    }
    if (!known.ok() && !change->isNew) {
        return {};
    }
    change->isNew = !known.ok();
    RUNGLASS_ASSIGN(const bool isTaken, isTakenIn(*change));
    if (isTaken) {
        return {};
    }
    RUNGLASS_TRY(leaveOutLost(*change));
    m_series->begin();
    const auto refused = write(*change);
    if (!refused.ok()) {
        m_series->undo();
        const auto code = refused.error().code;
        const bool isRefused = code == ErrorCode::Invalid || code == ErrorCode::TooLarge;
        if (isRefused && change->supervised) {
            return m_writer.addProblem(change->run, refused.error().message);
        }
        const bool isGone = code == ErrorCode::NotFound || code == ErrorCode::Invalid;
        if (code == ErrorCode::Invalid && !change->isNew && !change->artifacts.empty()) {
            // Somebody else has made a folder of its name meanwhile.
            return m_writer.addProblem(change->run, refused.error().message);
        }
        return isGone ? Result<void>() : refused.error();
    }
    if (change->experiment && !change->deleted) {
        RUNGLASS_TRY(followExperiment(change->run, *change->experiment));
    }
    if (change->deleted && !*change->deleted) {
        RUNGLASS_TRY(followLaterDeletion(*change));
    }
    if (change->supervised) {
        return {};  // which has said it
    }
    for (const auto& key : *refused) {
        RUNGLASS_TRY(m_writer.addProblem(
            change->run, tr("The script set the parameter {} while another program was writing to the run "
                            "database. That program set it, too, to another value, and that value stays.",
                            key)));
    }
    return {};
}

/// What was said of the catalog is there before what was said of runs: an experiment that has been deleted
/// takes those along that were put into it before.
Result<void> ChangeWriter::followExperiment(const RunId& run, std::int64_t experiment) {
    RUNGLASS_ASSIGN(const auto known, m_experiments.byId(experiment));
    return known.deleted ? m_experiments.deleteRunWith(run) : Result<void>();
}

/// A run was taken out of the trash; what was done to its experiment behind that has been written before it.
Result<void> ChangeWriter::followLaterDeletion(const RunChange& restored) {
    RUNGLASS_ASSIGN(const auto record, m_tracked.record(restored.run));
    RUNGLASS_ASSIGN(const auto experiment, m_experiments.byName(record->experiment.text()));
    const auto deletedMs =
        experiment && experiment->deleted ? m_catalog.deletionOf(experiment->id) : std::nullopt;
    const bool isLater = deletedMs && *deletedMs > restored.timeMs;
    return isLater ? m_experiments.deleteRunWith(restored.run) : Result<void>();
}

/// A content that somebody has removed meanwhile, by a program that knows nothing of what lies aside.
Result<void> ChangeWriter::leaveOutLost(RunChange& change) {
    std::vector<model::Artifact> there;
    for (auto& artifact : change.artifacts) {
        if (m_files.isThere(artifact)) {
            there.push_back(std::move(artifact));
        } else if (!change.isNew) {
            RUNGLASS_TRY(m_writer.addProblem(
                change.run, tr("The content of artifact {} is missing. Log it again.", artifact.path)));
        }
    }
    change.artifacts = std::move(there);
    return {};
}

Result<void> ChangeWriter::create(const RunChange& change) {
    RUNGLASS_ASSIGN(const auto experiment,
                    m_experiments.byId(change.experiment.value_or(kDefaultExperiment)));
    RUNGLASS_TRY(m_writer.createRun(detailOf(change, Symbol(experiment.name))));
    m_series->addNew(change.run);
    return {};
}

Result<void> ChangeWriter::describe(const RunChange& change) {
    if (change.experiment) {
        RUNGLASS_ASSIGN(const auto experiment, m_experiments.byId(*change.experiment));
        RUNGLASS_TRY(m_writer.setExperiment(change.run, experiment.name));
    }
    if (change.name) {
        RUNGLASS_TRY(m_writer.setName(change.run, *change.name));
    }
    if (change.note) {
        RUNGLASS_TRY(m_writer.setNote(change.run, *change.note));
    }
    if (change.parent) {
        RUNGLASS_TRY(m_tracked.setParent(change.run, *change.parent));
    }
    return writeTags(change);
}

Result<void> ChangeWriter::setStatus(const RunChange& change) {
    if (!change.status || !model::isTerminal(*change.status)) {
        return change.status ? m_writer.setStatus(change.run, *change.status, change.startMs)
                             : Result<void>();
    }
    RunEnd end;
    end.status = *change.status;
    end.timeMs = change.endMs.value_or(change.timeMs);
    return m_writer.endRun(change.run, end);
}

Result<void> ChangeWriter::writeTags(const RunChange& change) {
    for (const auto& [key, value] : change.tags) {
        RUNGLASS_TRY(m_writer.setTag(change.run, key, value));
    }
    for (const auto& [key, entry] : change.listedInTags) {
        RUNGLASS_ASSIGN(const auto record, m_tracked.record(change.run));
        RUNGLASS_TRY(m_writer.setTag(change.run, key, appendedToList(tagOf(*record, key).text(), entry)));
    }
    for (const auto& key : change.removedTags) {
        RUNGLASS_TRY(m_writer.removeTag(change.run, key));
    }
    return {};
}

Result<void> ChangeWriter::writePoints(const RunChange& change) {
    if (!change.points.empty()) {
        RUNGLASS_TRY(change.supervised ? m_writer.appendPoints(change.run, change.points)
                                       : m_series->append(change.run, change.points));
    }
    for (const auto& of : change.ofModels) {
        const auto& [key, point] = change.points[of.point];
        RUNGLASS_TRY(m_models.addMetric(of.model, {std::string(key), point, change.run.hex(),
                                                   std::string(of.dataset), std::string(of.digest)}));
    }
    return {};
}

Result<void> ChangeWriter::writeInputs(const RunChange& change) {
    if (!change.inputs.empty()) {
        RUNGLASS_ASSIGN(const auto run, m_tracked.record(change.run));
        RUNGLASS_ASSIGN(const std::int64_t experiment,
                        m_experiments.idOf(run->experiment.text(), change.timeMs));
        for (const auto& input : change.inputs) {
            RUNGLASS_TRY(m_tracked.addInput(change.run, experiment, input));
        }
    }
    for (const auto& model : change.modelInputs) {
        RUNGLASS_TRY(m_tracked.addModel(change.run, false, model));
    }
    for (const auto& model : change.modelOutputs) {
        RUNGLASS_TRY(m_tracked.addModel(change.run, true, model));
    }
    return {};
}

/// What was written, and whose supervisor died before it could forget it.
Result<bool> ChangeWriter::isTakenIn(const RunChange& change) {
    if (!change.supervised || change.supervised->spool.empty() || change.isNew) {
        return false;
    }
    RUNGLASS_ASSIGN(const auto offset, m_writer.spoolOffset(change.run, change.supervised->spool));
    return offset >= change.supervised->offset;
}

Result<void> ChangeWriter::writeSupervised(const RunChange& change, const std::vector<std::string>& refused) {
    const auto& told = *change.supervised;
    if (told.experiment) {
        RUNGLASS_TRY(m_writer.setExperiment(change.run, *told.experiment));
    }
    for (const auto& dataset : told.datasets) {
        RUNGLASS_TRY(m_writer.addDataset(change.run, dataset));
    }
    for (const auto& problem : told.problems) {
        RUNGLASS_TRY(m_writer.addProblem(change.run, problem));
    }
    std::vector<std::string> known;
    if (!refused.empty()) {
        RUNGLASS_ASSIGN(const auto detail, RunReader(*m_database).detail(change.run));
        known = detail.problems;
    }
    for (const auto& key : refused) {
        auto problem = tr("Param `{}` was logged with another value later. The first one stays.", key);
        if (std::find(known.begin(), known.end(), problem) == known.end()) {
            RUNGLASS_TRY(m_writer.addProblem(change.run, problem));
            known.push_back(std::move(problem));
        }
    }
    if (told.end) {
        RUNGLASS_TRY(m_writer.endRun(change.run, *told.end));
    }
    return told.spool.empty() ? Result<void>() : m_writer.setSpoolOffset(change.run, told.spool, told.offset);
}

}  // namespace runglass::store
