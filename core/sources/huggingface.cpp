// SPDX-License-Identifier: GPL-3.0-or-later
#include "huggingface.h"

#include <charconv>
#include <cmath>

#include "registered.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "stand_in.h"
#include "values.h"

namespace runglass::sources {

namespace huggingface {

namespace {

constexpr std::string_view kState = "trainer_state.json";
constexpr std::string_view kCheckpoint = "checkpoint-";
constexpr std::uint64_t kMaxStateBytes = std::uint64_t{256} << 20U;
constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{1} << 20U;

/// The step in `checkpoint-500`; nothing for other names.
std::optional<std::uint64_t> checkpointStep(std::string_view name) {
    std::uint64_t step = 0;
    if (!name.starts_with(kCheckpoint)) {
        return std::nullopt;
    }
    const auto digits = name.substr(kCheckpoint.size());
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), step);
    const bool whole = result.ec == std::errc() && result.ptr == digits.data() + digits.size();
    return whole ? std::optional(step) : std::nullopt;
}

/// A step, whatever number somebody has put there.
std::int64_t stepOf(double number) {
    constexpr double kMost = 9e18;
    return std::abs(number) < kMost ? static_cast<std::int64_t>(number) : 0;
}

void leaveOut(std::size_t offset, State& state) {
    state.firstMalformed = state.malformed++ == 0 ? offset : state.firstMalformed;
}

/// One row of `log_history`: all its numbers are at the row's step. A row with a word in it that is no value
/// is left out, since the step may be what it hides.
void readRow(JsonReader& json, State& state, const PointSink& sink) {
    const auto start = json.offset();
    bool sound = true;
    std::string key;
    std::int64_t step = 0;
    std::vector<std::pair<std::string, double>> numbers;
    forEachJsonLeaf(json, key, [&](std::string_view name, const JsonLeaf& leaf) {
        sound = sound && leaf.kind != JsonKind::Nothing;
        if (leaf.kind != JsonKind::Number) {
            return;
        }
        if (name == "step") {
            step = stepOf(leaf.number);
        } else if (name != "epoch") {
            numbers.emplace_back(toValidUtf8(name), leaf.number);
        }
    });
    if (!sound) {
        leaveOut(start, state);
        return;
    }
    for (const auto& [name, value] : numbers) {
        sink(name, {step, 0, value});
    }
}

void readHistory(JsonReader& json, State& state, const PointSink& sink) {
    if (!json.enterArray()) {
        return;
    }
    while (json.nextItem()) {
        readRow(json, state, sink);
    }
}

bool isParam(std::string_view key) {
    return key == "num_train_epochs" || key == "max_steps" || key == "train_batch_size" ||
           key == "logging_steps" || key == "eval_steps" || key == "save_steps" ||
           key.starts_with("trial_params.");
}

void takeLeaf(std::string_view key, const JsonLeaf& leaf, State& state) {
    if (leaf.kind == JsonKind::Null || leaf.kind == JsonKind::Array) {
        return;
    }
    if (key == "global_step") {
        state.globalStep = stepOf(leaf.number);
    } else if (key == "max_steps") {
        state.maxSteps = stepOf(leaf.number);
    }
    if (isParam(key)) {
        state.params.emplace_back(key, leaf.text);
    } else if (key == "best_metric" || key == "best_model_checkpoint" || key == "trial_name") {
        state.tags.emplace_back(key, leaf.text);
    }
}

}  // namespace

std::optional<State> readState(std::string_view text, const PointSink& sink) {
    State state;
    JsonReader json(text);
    if (!json.enterObject()) {
        return std::nullopt;
    }
    for (std::string key; json.nextKey(key);) {
        if (key == "log_history") {
            readHistory(json, state, sink);
        } else {
            forEachJsonLeaf(json, key, [&](std::string_view name, const JsonLeaf& leaf) {
                if (leaf.kind == JsonKind::Nothing) {
                    leaveOut(json.offset() - leaf.text.size(), state);
                } else {
                    takeLeaf(name, leaf, state);
                }
            });
        }
    }
    return json.ok() ? std::optional(std::move(state)) : std::nullopt;
}

std::vector<std::string> checkpointsIn(const Folder& folder) {
    std::vector<std::pair<std::uint64_t, std::string>> found;
    for (const auto& entry : folder.entries) {
        const auto step = entry.kind == EntryKind::Folder ? checkpointStep(entry.name) : std::nullopt;
        if (step && FileStamp::of(folder.path / entry.name / kState).exists) {
            found.emplace_back(*step, entry.name);
        }
    }
    std::sort(found.begin(), found.end());
    std::vector<std::string> names;
    for (auto& [step, name] : found) {
        names.push_back(std::move(name));
    }
    return names;
}

/// Candidates, the one that has come farthest first.
Result<std::vector<std::filesystem::path>> TrainerReader::listStates() {
    RUNGLASS_ASSIGN(const auto folder, listFolder(m_folder));
    std::vector<std::filesystem::path> states;
    m_stamps = {FileStamp::of(m_folder)};
    if (folder.hasFile(kState)) {
        states.push_back(m_folder / kState);  // written after the last step
    }
    const auto checkpoints = checkpointsIn(folder);
    for (auto name = checkpoints.rbegin(); name != checkpoints.rend(); ++name) {
        states.push_back(m_folder / *name / kState);
    }
    for (const auto& path : states) {
        m_stamps.push_back(FileStamp::of(path));
    }
    return states;
}

/// The newest state that can be read whole, and why newer ones cannot.
Result<State> TrainerReader::readNewest(const PointSink& sink, std::vector<Damage>& damage) {
    RUNGLASS_ASSIGN(const auto states, listStates());
    for (const auto& path : states) {
        const auto text = readFile(path, kMaxStateBytes);
        std::optional<std::string> problem;
        std::size_t mistake = 0;
        if (text.ok()) {
            problem = standInFor(path, *text);
        } else {
            problem = text.error().message;
        }
        if (!problem) {
            // Twice, because a file that breaks off must not leave half of its points behind.
            if (readState(*text, [](const std::string&, const model::Point&) {})) {
                auto state = readState(*text, sink);
                state->path = path;
                if (state->malformed > 0) {
                    damage.push_back({path, state->firstMalformed, state->malformed,
                                      tr("A value is not JSON: its row is left out.")});
                }
                return std::move(*state);
            }
            problem = tr("The file is not valid JSON, or only half there.");
            mistake = placeOfMistake(*text);
        }
        damage.push_back({path, mistake, 1, *problem});
    }
    return Error{ErrorCode::NotFound, tr("There is no trainer_state.json that can be read."), {}};
}

Result<std::vector<SharedPart>> TrainerReader::read(std::stop_token /*stop*/) {
    const auto before = m_stamps;
    RUNGLASS_TRY(listStates());
    if (m_part && m_stamps == before) {
        return std::vector<SharedPart>{m_part};
    }
    auto part = std::make_shared<Part>();
    part->rank = Rank::Framework;
    part->folder = m_folder;
    part->ownsFolder = true;
    part->tellsStatus = false;
    auto& record = part->record;
    record.status = model::RunStatus::Finished;
    std::map<std::string, model::MetricSummary> summaries;
    const auto state = readNewest(
        [&](const std::string& key, const model::Point& point) { summaries[key].add(point); }, part->damage);
    for (const auto& [key, summary] : summaries) {
        record.metrics.push_back({Symbol(key), summary});
    }
    const bool fallsBack = !part->damage.empty() && (!state.ok() || state->globalStep < m_globalStep);
    if (m_part && fallsBack) {
        m_stamps = before;  // the state is being written: what the last one said stands, and it is read again
        return std::vector<SharedPart>{m_part};
    }
    m_globalStep = state.ok() ? state->globalStep : 0;
    if (state.ok()) {
        part->tellsStatus = state->maxSteps > 0 && state->globalStep >= state->maxSteps;
        addValues(record.params, state->params);
        addValues(record.tags, state->tags);
        addConfig(state->path.parent_path() / "config.json", *part);
    }
    keepLastOfEach(record.params);
    record.sortKeys();
    m_part = std::move(part);
    return std::vector<SharedPart>{m_part};
}

/// The configuration of the model lies beside each checkpoint; that of the training is pickled and stays
/// shut.
void TrainerReader::addConfig(const std::filesystem::path& path, Part& part) {
    if (!FileStamp::of(path).exists) {
        return;
    }
    const auto text = readFile(path, kMaxConfigBytes);
    if (!text.ok()) {
        return;
    }
    if (const auto values = config::flattenJson(*text); values.ok()) {
        addValues(part.record.params, *values, "config.");
    } else {
        part.damage.push_back({path, 0, 1, values.error().message});
    }
}

std::vector<FileStamp> TrainerReader::stamps() const {
    return m_stamps;
}

Result<model::RunDetail> TrainerReader::detail(std::string_view /*key*/) {
    RUNGLASS_ASSIGN(const auto parts, read({}));
    model::RunDetail detail;
    detail.record = parts.front()->record;
    listRunFiles(files(), detail.artifacts);
    return detail;
}

/// The checkpoints, and what save_model() puts beside them: weights, configuration, tokenizer, results.
RunFiles TrainerReader::files() const {
    RunFiles files{m_folder,
                   {},
                   {".safetensors", ".bin", ".pt", ".h5", ".msgpack", ".onnx", ".gguf", ".json", ".model",
                    "vocab.txt", "merges.txt"}};
    if (const auto folder = listFolder(m_folder)) {
        files.folders = checkpointsIn(*folder);
    }
    return files;
}

Result<ArtifactFile> TrainerReader::openArtifact(std::string_view /*key*/, std::string_view path) {
    return openRunFile(files(), path);
}

Result<model::Series> TrainerReader::series(std::string_view /*key*/, std::string_view metric,
                                            std::size_t from, std::stop_token /*stop*/) {
    model::Series series;
    std::size_t count = 0;
    std::vector<Damage> damage;
    RUNGLASS_TRY(readNewest(
        [&](const std::string& key, const model::Point& point) {
            if (key == metric && count++ >= from) {
                series.push(point);
            }
        },
        damage));
    if (count == 0) {
        return Error{ErrorCode::NotFound, tr("There is no metric named {}.", metric), {}};
    }
    return series;
}

}  // namespace huggingface

namespace {

/// Output folders of Hugging Face's Trainer: `trainer_state.json` at the end, and one a checkpoint, each with
/// the whole history so far.
class HuggingFace : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "huggingface"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        auto checkpoints = huggingface::checkpointsIn(folder);
        if (!checkpoints.empty() || folder.hasFile("trainer_state.json")) {
            findings.origins.push_back(folder.path);
            findings.closed.insert(findings.closed.end(), checkpoints.begin(), checkpoints.end());
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<huggingface::TrainerReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeHuggingFace() {
    return std::make_unique<HuggingFace>();
}

}  // namespace runglass::sources
