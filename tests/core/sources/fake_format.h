// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <sstream>
#include <stdexcept>

#include "runglass/base/file.h"
#include "runglass/sources/format.h"

/// A format of the tests' own, so that the catalogue is tested with whatever ranks and folders are needed:
/// files that end in the format's name hold a line a fact (`rank tracker`, `owns`, `metric loss 3 2 1` …); a
/// line `part KEY` begins another run.
namespace runglass::test {

struct FakeRun {
    sources::Part part;
    std::map<std::string, model::Series> metrics;
    model::RunStatus status = model::RunStatus::Finished;
};

class FakeReader final : public sources::Reader {
public:
    explicit FakeReader(std::filesystem::path path)
        : m_path(std::move(path)) {}

    Result<std::vector<sources::SharedPart>> read(std::stop_token /*stop*/) override {
        const auto stamp = sources::FileStamp::of(m_path);
        if (m_stamps == std::vector{stamp}) {
            return m_parts;
        }
        m_stamps = {stamp};
        RUNGLASS_ASSIGN(const auto runs, parse());
        m_parts.clear();
        for (const auto& run : runs) {
            m_parts.push_back(std::make_shared<const sources::Part>(run.part));
        }
        return m_parts;
    }
    [[nodiscard]] std::vector<sources::FileStamp> stamps() const override { return m_stamps; }

    Result<model::RunDetail> detail(std::string_view key) override {
        RUNGLASS_ASSIGN(const auto run, find(key));
        model::RunDetail detail;
        detail.record = run.part.record;
        detail.command = {"from", m_path.filename()};
        return detail;
    }
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token /*stop*/) override {
        RUNGLASS_ASSIGN(const auto run, find(key));
        const auto found = run.metrics.find(std::string(metric));
        if (found == run.metrics.end()) {
            return Error{ErrorCode::NotFound, "no such metric", {}};
        }
        model::Series rest;
        for (std::size_t i = from; i < found->second.size(); ++i) {
            rest.push(found->second.at(i));
        }
        return rest;
    }

private:
    Result<FakeRun> find(std::string_view key) {
        RUNGLASS_ASSIGN(const auto runs, parse());
        for (const auto& run : runs) {
            if (run.part.key == key) {
                return run;
            }
        }
        return Error{ErrorCode::NotFound, "no such run", {}};
    }

    Result<std::vector<FakeRun>> parse() {
        RUNGLASS_ASSIGN(const auto text, readFile(m_path, 1U << 20U));
        std::vector<FakeRun> runs(1);
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string what;
            words >> what;
            if (what == "broken") {
                return Error{ErrorCode::Damaged, m_path.native() + " is broken.", {}};
            }
            if (what == "throws") {
                throw std::runtime_error("a library threw");
            }
            if (what == "part") {
                if (!runs.back().part.key.empty()) {
                    runs.emplace_back();
                }
                words >> runs.back().part.key;
            } else {
                takeFact(runs.back(), what, words);
            }
        }
        for (auto& run : runs) {
            finish(run);
        }
        return runs;
    }

    static void takeFact(FakeRun& run, const std::string& what, std::istringstream& words) {
        auto& part = run.part;
        std::string first;
        words >> first;
        if (what == "rank") {
            part.rank = first == "tracker"     ? sources::Rank::Tracker
                        : first == "launcher"  ? sources::Rank::Launcher
                        : first == "framework" ? sources::Rank::Framework
                                               : sources::Rank::Log;
        } else if (what == "owns") {
            part.ownsFolder = true;
        } else if (what == "id") {
            part.id = RunId::fromHex(first);
        } else if (what == "name") {
            part.record.name = first;
        } else if (what == "parent") {
            part.parentKey = first;
        } else if (what == "start") {
            part.record.startTimeMs = std::stoll(first);
        } else if (what == "running") {
            run.status = model::RunStatus::Running;
        } else if (what == "silent") {
            part.tellsStatus = false;
        } else if (what == "damage" || what == "dropped") {
            part.damage.push_back(
                {"/somewhere/x.log", 12, 3, "These lines are no numbers.", what == "dropped"});
        } else if (what == "param" || what == "tag") {
            std::string value;
            words >> value;
            (what == "tag" ? part.record.tags : part.record.params).push_back({Symbol(first), Symbol(value)});
        } else if (what == "metric") {
            double value = 0;
            for (std::int64_t step = 0; words >> value; ++step) {
                run.metrics[first].push({step, 0, value});
            }
        }
    }

    void finish(FakeRun& run) const {
        run.part.folder = m_path.parent_path();
        run.part.record.status = run.status;
        for (const auto& [key, series] : run.metrics) {
            model::MetricSummary summary;
            for (std::size_t i = 0; i < series.size(); ++i) {
                summary.add(series.at(i));
            }
            run.part.record.metrics.push_back({Symbol(key), summary});
        }
        run.part.record.sortKeys();
    }

    std::filesystem::path m_path;
    std::vector<sources::FileStamp> m_stamps;
    std::vector<sources::SharedPart> m_parts;
};

class FakeFormat final : public sources::Format {
public:
    explicit FakeFormat(std::string name)
        : m_name(std::move(name)) {}
    [[nodiscard]] std::string_view name() const override { return m_name; }
    void recognise(const sources::Folder& folder, sources::Findings& findings) const override {
        for (const auto& entry : folder.entries) {
            if (entry.kind == sources::EntryKind::File && entry.name.ends_with("." + m_name)) {
                findings.origins.push_back(folder.path / entry.name);
            }
        }
        if (folder.hasFile("closes." + m_name)) {
            findings.closed.emplace_back("inside");
        }
    }
    [[nodiscard]] std::unique_ptr<sources::Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<FakeReader>(origin);
    }

private:
    std::string m_name;
};

/// `trk`, `lch`, `fwk` and `log`.
inline std::span<const std::unique_ptr<const sources::Format>> fakeFormats() {
    static const auto all = [] {
        std::vector<std::unique_ptr<const sources::Format>> made;
        for (const char* name : {"trk", "lch", "fwk", "log"}) {
            made.push_back(std::make_unique<FakeFormat>(name));
        }
        return made;
    }();
    return all;
}

}  // namespace runglass::test
