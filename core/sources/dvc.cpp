// SPDX-License-Identifier: GPL-3.0-or-later
// DVC keeps what was run in git: params.yaml, dvc.lock and metrics files at each commit, and experiments as
// commits under refs/exps. A run is a commit that changed one of them, an experiment, or what lies in the
// work tree and was not committed. A folder of DVCLive without DVC around it is one run.
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "dvc_data.h"
#include "dvc_live.h"
#include "dvc_state.h"
#include "part_keeper.h"
#include "registered.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/git/history.h"
#include "runglass/sources/catalogue.h"

namespace runglass::sources {
namespace {

constexpr const char* kWorkspace = "workspace";  // as `dvc exp show` calls it
constexpr const char* kPipelineFile = "dvc.yaml";
constexpr std::size_t kMostCommits = 2'000;
constexpr std::string_view kExperiments = "refs/exps/";

/// refs/exps/ab/cdef…/name → baseline and name. Nothing for what DVC keeps for itself beside them.
struct ExperimentName {
    std::string baseline;
    std::string name;
};

std::optional<ExperimentName> experimentName(std::string_view reference) {
    reference.remove_prefix(std::min(kExperiments.size(), reference.size()));
    const auto isHex = [](std::string_view text) {
        return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    };
    if (reference.size() < 43 || reference[2] != '/' || reference[41] != '/' ||
        !isHex(reference.substr(0, 2)) || !isHex(reference.substr(3, 38))) {
        return std::nullopt;
    }
    return ExperimentName{std::string(reference.substr(0, 2)) + std::string(reference.substr(3, 38)),
                          toValidUtf8(reference.substr(42))};
}

void addDamage(const DvcState& state, const DvcCache& cache, Part& part) {
    addDvcDamage(state, part);
    if (state.missesCache && cache.refused()) {
        part.damage.push_back(*cache.refused());
    }
}

class DvcReader : public Reader {
public:
    explicit DvcReader(std::filesystem::path root)
        : m_root(std::move(root)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override;
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<ArtifactFile> openArtifact(std::string_view key, std::string_view path) override;
    Result<std::string> artifact(std::string_view key, std::string_view path, std::uint64_t limit) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;

private:
    /// A commit is what it is for ever.
    struct Known {
        std::string fingerprint;
        bool hasRun = false;
        bool missesCache = false;  ///< and is another one once that has what is missed
        Part part;
    };

    [[nodiscard]] std::optional<git::Repository> repository() const;
    [[nodiscard]] std::string prefixIn(const git::Repository& repository) const;
    [[nodiscard]] std::vector<FileStamp> gitStamps(const std::optional<git::Repository>& repository) const;
    std::shared_ptr<const DvcState> workspace();
    bool forgetWhatMissedTheCache();
    const Known& know(const git::Repository& repository, const git::Commit& commit);
    Result<void> addHistory(const git::Repository& repository, std::vector<Part>& parts,
                            std::stop_token stop);
    Result<void> addExperiments(const git::Repository& repository, std::vector<Part>& parts);
    void addWorkspace(const std::optional<git::Repository>& repository, std::vector<Part>& parts);
    [[nodiscard]] Result<std::shared_ptr<const DvcState>> stateOf(std::string_view key);
    void addPlotFiles(std::string_view key, const DvcState& state, const DvcFiles& files,
                      model::RunDetail& detail) const;
    template <typename Use>
    Result<void> withFiles(std::string_view key, const Use& use);

    std::filesystem::path m_root;
    bool m_hasRead = false;
    std::vector<FileStamp> m_gitStamps;
    std::vector<FileStamp> m_treeStamps;
    std::set<std::filesystem::path> m_missed;  ///< see DvcCache::missed()
    std::vector<Part> m_history;               ///< commits and experiments
    std::shared_ptr<const DvcState> m_workspace;
    std::shared_ptr<const DvcState> m_shown;  ///< by the last read()
    std::map<git::ObjectId, Known> m_known;
    std::map<git::ObjectId, std::shared_ptr<const DvcState>> m_states;  ///< a few, as last asked for
    PartKeeper m_keeper;
};

std::optional<git::Repository> DvcReader::repository() const {
    auto opened = git::Repository::open(m_root);
    return opened.ok() ? std::optional(std::move(*opened)) : std::nullopt;
}

std::string DvcReader::prefixIn(const git::Repository& repository) const {
    std::error_code ignored;
    const auto tree = std::filesystem::canonical(repository.workTree(), ignored);
    const auto below = std::filesystem::canonical(m_root, ignored).lexically_relative(tree).native();
    return repository.isBare() || below.empty() || below == "." || below.starts_with("..") ? std::string()
                                                                                           : below + '/';
}

std::vector<FileStamp> DvcReader::gitStamps(const std::optional<git::Repository>& repository) const {
    std::vector<FileStamp> stamps;
    if (!repository) {
        return stamps;
    }
    const auto common = repository->commonFolder();
    stamps.push_back(FileStamp::of(repository->gitFolder() / "HEAD"));
    stamps.push_back(FileStamp::of(repository->gitFolder() / "logs" / "HEAD"));
    for (const char* name : {"packed-refs", "refs/heads", "refs/tags"}) {
        stamps.push_back(FileStamp::of(common / name));
    }
    // Each experiment is a file two folders below.
    std::vector<std::filesystem::path> open{common / "refs" / "exps"};
    for (std::size_t i = 0; i < open.size() && i < kMostCommits; ++i) {
        stamps.push_back(FileStamp::of(open[i]));
        const auto listed = listFolder(open[i]);
        for (const auto& entry : listed.ok() ? listed->entries : std::vector<Entry>()) {
            if (entry.kind == EntryKind::Folder) {
                open.push_back(open[i] / entry.name);
            }
        }
    }
    return stamps;
}

const DvcReader::Known& DvcReader::know(const git::Repository& repository, const git::Commit& commit) {
    if (const auto known = m_known.find(commit.id); known != m_known.end()) {
        return known->second;
    }
    const DvcCache cache(m_root);
    const auto state = readDvcState(DvcCommit(repository, commit.id, prefixIn(repository)), cache);
    auto& made = m_known[commit.id];
    made.fingerprint = state.fingerprint();
    made.hasRun = state.hasRun();
    made.missesCache = state.missesCache;
    m_missed.insert(cache.missed().begin(), cache.missed().end());
    made.part.key = commit.id.hex();
    made.part.rank = Rank::Tracker;
    made.part.folder = m_root;
    auto& record = made.part.record;
    record.name = commit.summary.empty() ? commit.id.shortHex() : commit.summary;
    record.git.commit = commit.id.hex();
    record.endTimeMs = commit.authorTime * 1000;
    record.startTimeMs = record.endTimeMs;
    fillDvcRecord(state, record);
    addDamage(state, cache, made.part);
    return made;
}

Result<void> DvcReader::addHistory(const git::Repository& repository, std::vector<Part>& parts,
                                   std::stop_token stop) {
    std::vector<git::Commit> commits;
    RUNGLASS_TRY(git::walkHistory(
        m_root, {},
        [&](std::vector<git::HistoryRow>&& rows) {
            for (auto& row : rows) {
                commits.push_back(std::move(row.commit));
            }
            return commits.size() < kMostCommits;
        },
        stop));
    for (const auto& commit : commits) {
        const auto& known = know(repository, commit);
        if (!known.hasRun) {
            continue;
        }
        bool changed = true;
        if (!commit.parents.empty()) {
            const auto before = repository.commit(commit.parents.front());
            changed = !before.ok() || know(repository, *before).fingerprint != known.fingerprint;
        }
        if (changed) {
            parts.push_back(m_known.at(commit.id).part);
        }
    }
    return {};
}

Result<void> DvcReader::addExperiments(const git::Repository& repository, std::vector<Part>& parts) {
    RUNGLASS_ASSIGN(const auto references, repository.commitsBelow(kExperiments));
    const auto history = parts.size();
    for (const auto& reference : references) {
        const auto name = experimentName(reference.reference);
        const auto commit = repository.commit(reference.commit);
        if (!name || !commit.ok()) {
            continue;
        }
        auto part = know(repository, *commit).part;
        part.key = reference.commit.hex() + '/' + name->name;  // names may point to the same commit
        part.record.name = name->name;
        part.record.tags.push_back({Symbol("dvc.baseline"), Symbol(name->baseline)});
        const auto baseline =
            std::find_if(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(history),
                         [&](const Part& other) { return other.key == name->baseline; });
        if (baseline != parts.begin() + static_cast<std::ptrdiff_t>(history)) {
            part.parentKey = name->baseline;
        }
        parts.push_back(std::move(part));
    }
    return {};
}

/// The state of the work tree, read again only where one of its files has changed.
std::shared_ptr<const DvcState> DvcReader::workspace() {
    const bool same = m_workspace && std::ranges::all_of(m_treeStamps, [](const FileStamp& stamp) {
                          return FileStamp::of(stamp.path) == stamp;
                      });
    if (!same) {
        const DvcWorkTree files(m_root);
        const DvcCache cache(m_root);
        m_workspace = std::make_shared<const DvcState>(readDvcState(files, cache));
        m_treeStamps = files.stamps();
        m_missed.insert(cache.missed().begin(), cache.missed().end());
    }
    return m_workspace;
}

/// What lies there and is not what HEAD has.
void DvcReader::addWorkspace(const std::optional<git::Repository>& repository, std::vector<Part>& parts) {
    const auto& state = *m_workspace;
    if (!state.hasRun()) {
        return;
    }
    const auto head = repository ? repository->head() : Result<git::Head>(git::Head());
    if (repository && head.ok() && head->commit) {
        if (const auto commit = repository->commit(*head->commit);
            commit.ok() && know(*repository, *commit).fingerprint == state.fingerprint()) {
            return;
        }
    }
    auto& part = parts.emplace_back();
    part.key = kWorkspace;
    part.rank = Rank::Tracker;
    part.folder = m_root;
    part.tellsStatus = false;
    part.record.name = kWorkspace;
    fillDvcRecord(state, part.record);
    addDamage(state, DvcCache(m_root), part);
    std::error_code ignored;
    for (const auto& stamp : m_treeStamps) {
        if (stamp.exists && std::filesystem::is_regular_file(stamp.path, ignored)) {
            part.record.endTimeMs = std::max(part.record.endTimeMs.value_or(0), stamp.modifiedNs / 1'000'000);
        }
    }
}

std::vector<FileStamp> DvcReader::stamps() const {
    auto stamps = m_gitStamps;
    stamps.insert(stamps.end(), m_treeStamps.begin(), m_treeStamps.end());
    for (const auto& path : m_missed) {
        stamps.push_back(FileStamp::of(path));
    }
    return stamps;
}

/// What was fetched into the cache makes states that missed it other ones. False where nothing was.
bool DvcReader::forgetWhatMissedTheCache() {
    const auto isThere = [](const std::filesystem::path& path) { return FileStamp::of(path).exists; };
    if (std::ranges::none_of(m_missed, isThere)) {
        return false;
    }
    m_missed.clear();
    m_states.clear();
    m_workspace.reset();
    std::erase_if(m_known, [](const auto& known) { return known.second.missesCache; });
    return true;
}

Result<std::vector<SharedPart>> DvcReader::read(std::stop_token stop) {
    const auto repository = this->repository();
    auto stamps = gitStamps(repository);
    const bool fetched = forgetWhatMissedTheCache();
    const bool sameHistory = m_hasRead && !fetched && stamps == m_gitStamps;
    if (workspace() == m_shown && sameHistory) {
        return m_keeper.parts();
    }
    if (!sameHistory) {
        std::vector<Part> history;
        if (repository) {
            RUNGLASS_TRY(addHistory(*repository, history, stop));
            RUNGLASS_TRY(addExperiments(*repository, history));
        }
        m_history = std::move(history);
    }
    m_gitStamps = std::move(stamps);
    m_hasRead = true;
    m_shown = m_workspace;
    auto parts = m_history;
    addWorkspace(repository, parts);
    const auto unreadable = std::ranges::find(m_workspace->damage, kPipelineFile, &Damage::file);
    if (parts.empty() && unreadable != m_workspace->damage.end()) {
        m_shown.reset();  // asked again, it is said again
        return Error{ErrorCode::Damaged,
                     toValidUtf8((m_root / kPipelineFile).native()) + ": " + unreadable->reason,
                     {}};
    }
    return m_keeper.publish(std::move(parts));
}

/// A commit's is kept: every metric of a run is asked for by itself, and reading it means git objects.
Result<std::shared_ptr<const DvcState>> DvcReader::stateOf(std::string_view key) {
    constexpr std::size_t kMostStates = 16;
    if (key == kWorkspace) {
        return workspace();
    }
    const auto commit = git::ObjectId::fromHex(key.substr(0, key.find('/')));
    if (const auto known = commit ? m_states.find(*commit) : m_states.end(); known != m_states.end()) {
        return known->second;
    }
    if (m_states.size() >= kMostStates) {
        m_states.clear();
    }
    std::shared_ptr<const DvcState> state;
    RUNGLASS_TRY(withFiles(key, [&](const DvcFiles& files) {
        state = std::make_shared<const DvcState>(readDvcState(files, DvcCache(m_root)));
    }));
    return m_states[*commit] = state;
}

/// Files of plots that are not outputs by themselves, and their sizes: of so much as may be read for it.
void DvcReader::addPlotFiles(std::string_view key, const DvcState& state, const DvcFiles& files,
                             model::RunDetail& detail) const {
    constexpr std::uint64_t kMost = 64U << 20U;
    const DvcCache cache(m_root);
    std::uint64_t sum = 0;
    for (const auto& path : state.plotFiles) {
        const auto& outputs = state.pipeline.outputs;
        if (std::ranges::find(outputs, path, &DvcOutput::path) != outputs.end()) {
            continue;
        }
        const auto stamp = key == kWorkspace ? FileStamp::of(m_root / path) : FileStamp();
        auto size = stamp.size;
        if (!stamp.exists && sum < kMost) {
            size = dvcContent(state.pipeline, files, cache, path).value_or(std::string()).size();
            sum += size;
        }
        detail.artifacts.push_back({path, {}, static_cast<std::int64_t>(size), stamp.modifiedNs / 1'000'000});
    }
}

Result<model::RunDetail> DvcReader::detail(std::string_view key) {
    RUNGLASS_ASSIGN(const auto parts, read({}));
    RUNGLASS_ASSIGN(const auto state, stateOf(key));
    model::RunDetail detail;
    for (const auto& part : parts) {
        if (part->key == key) {
            detail.record = part->record;
        }
    }
    detail.command = argvOf(state->pipeline.commands);
    std::vector<Damage> damage;
    RUNGLASS_TRY(withFiles(key, [&](const DvcFiles& files) {
        detail.datasets = readDvcDatasets(files, state->pipeline, damage);
    }));
    for (const auto& one : damage) {
        detail.problems.push_back(describe(one, m_root));
    }
    for (const auto& output : state->pipeline.outputs) {
        detail.artifacts.push_back({output.path, {}, output.size, 0});
    }
    RUNGLASS_TRY(withFiles(key, [&](const DvcFiles& files) { addPlotFiles(key, *state, files, detail); }));
    std::ranges::sort(detail.artifacts, {}, &model::Artifact::path);
    return detail;
}

/// Calls `use` with the files of the work tree or of the commit.
template <typename Use>
Result<void> DvcReader::withFiles(std::string_view key, const Use& use) {
    if (key == kWorkspace) {
        use(DvcWorkTree(m_root));
        return {};
    }
    const auto commit = git::ObjectId::fromHex(key.substr(0, key.find('/')));
    const auto opened = repository();
    if (!commit || !opened || !opened->commit(*commit).ok()) {
        return Error{ErrorCode::NotFound, tr("The repository has no commit {}.", toValidUtf8(key)), {}};
    }
    use(DvcCommit(*opened, *commit, prefixIn(*opened)));
    return {};
}

/// Out of the work tree what lies there now; of a commit what the cache has kept.
Result<ArtifactFile> DvcReader::openArtifact(std::string_view key, std::string_view path) {
    RUNGLASS_ASSIGN(const auto state, stateOf(key));
    const auto& outputs = state->pipeline.outputs;
    const auto output = std::ranges::find(outputs, path, &DvcOutput::path);
    const bool isPlot = std::ranges::find(state->plotFiles, path) != state->plotFiles.end();
    if (key == kWorkspace && (isPlot || output != outputs.end())) {
        return openArtifactIn({m_root, {}}, path);
    }
    return output == outputs.end() ? Reader::openArtifact(key, path) : DvcCache(m_root).open(output->md5);
}

/// A plot of a commit, which is no file of its own.
Result<std::string> DvcReader::artifact(std::string_view key, std::string_view path, std::uint64_t limit) {
    RUNGLASS_ASSIGN(const auto known, stateOf(key));
    const auto plot = std::ranges::find(known->plotFiles, path);
    if (plot == known->plotFiles.end()) {
        return Reader::artifact(key, path, limit);
    }
    std::optional<std::string> content;
    RUNGLASS_TRY(withFiles(key, [&](const DvcFiles& files) {
        content = dvcContent(known->pipeline, files, DvcCache(m_root), *plot);
    }));
    if (!content) {
        return Error{ErrorCode::NotFound, tr("There is no file {}.", toValidUtf8(path)), {}};
    }
    if (content->size() > limit) {
        return Error{ErrorCode::TooLarge,
                     tr("{} has {} bytes; at most {} are shown.", toValidUtf8(path), content->size(), limit),
                     {}};
    }
    return std::move(*content);
}

Result<model::Series> DvcReader::series(std::string_view key, std::string_view metric, std::size_t from,
                                        std::stop_token /*stop*/) {
    RUNGLASS_ASSIGN(const auto state, stateOf(key));
    return dvcSeries(*state, metric, from);
}

bool isPipeline(const std::filesystem::path& folder) {
    return FileStamp::of(folder / "dvc.yaml").exists || FileStamp::of(folder / "dvc.lock").exists;
}

class DvcFormat : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "dvc"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        // DVCLive 2 left a dvc.yaml of its own, which is part of the pipeline around it.
        const bool isPart = folder.path.filename() == "dvclive" && !folder.hasFile("dvc.lock") &&
                            isPipeline(folder.path.parent_path());
        if (!isPart && (folder.hasFile("dvc.yaml") || folder.hasFile("dvc.lock"))) {
            findings.origins.push_back(folder.path);
            return;
        }
        // DVCLive writes both at the first step; the default folder of a pipeline is part of that.
        const bool live = folder.hasFolder("plots") && folder.hasFile("metrics.json") &&
                          FileStamp::of(folder.path / "plots" / "metrics").exists;
        const bool ofPipeline =
            (folder.path.filename() == "dvclive" && isPipeline(folder.path.parent_path())) ||
            (live && isShownByDvc(folder.path / "plots" / "metrics" / "any.tsv"));
        if (live && !ofPipeline) {
            findings.origins.push_back(folder.path);
            findings.closed.emplace_back("plots");
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        if (isPipeline(origin)) {
            return std::make_unique<DvcReader>(origin);
        }
        return makeDvcLiveReader(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeDvc() {
    return std::make_unique<DvcFormat>();
}

}  // namespace runglass::sources
