// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_params.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

bool isBelow(std::string_view key, std::string_view wanted) {
    return key.starts_with(wanted) && (key.size() == wanted.size() || key[wanted.size()] == '.');
}

/// Collects the params of one file after another.
class Params {
public:
    explicit Params(std::vector<model::Variable>& params)
        : m_params(params) {}

    /// `keys` as in DvcParamsFile.
    void add(const std::string& file, const std::vector<model::Variable>& values,
             const std::vector<std::string>& keys) {
        for (const auto& [key, value] : values) {
            const auto wanted = [&, name = std::string_view(key)](const std::string& one) {
                return isBelow(name, one);
            };
            if (keys.empty() || std::any_of(keys.begin(), keys.end(), wanted)) {
                addOne(file, key, value);
            }
        }
    }

private:
    void addOne(const std::string& file, const std::string& key, const std::string& value) {
        const auto [known, isNew] = m_known.emplace(key, value);
        if (isNew) {
            m_params.emplace_back(key, value);
        } else if (known->second != value) {
            auto name = file + ':' + key;
            if (m_known.emplace(name, value).second) {
                m_params.emplace_back(std::move(name), value);
            }
        }
    }

    std::vector<model::Variable>& m_params;
    std::unordered_map<std::string, std::string> m_known;
};

}  // namespace

void addDvcParams(DvcState& state, const DvcFiles& files, const std::vector<std::string>& liveFolders) {
    std::vector<DvcParamsFile> wanted{{"params.yaml", {}}};
    for (const auto& file : state.pipeline.params) {
        if (file.path != wanted.front().path) {
            wanted.push_back(file);
        }
    }
    for (const auto& folder : liveFolders) {
        auto path = folder + "params.yaml";
        std::erase_if(wanted, [&](const DvcParamsFile& file) { return file.path == path; });
        wanted.push_back({std::move(path), {}});
    }
    Params params(state.params);
    std::set<std::string, std::less<>> read;
    for (const auto& [path, keys] : wanted) {
        const auto values = dvcValues(files, path, state.damage);
        if (!values.empty()) {
            params.add(path, values, keys);
            read.insert(path);
        }
    }
    const auto& lockedParams = state.pipeline.lockedParams;
    for (const auto& [path, keys] : wanted) {
        const bool isLocked =
            std::ranges::find(lockedParams, path, &DvcLockedParams::path) != lockedParams.end();
        if (isDvcCode(path) && !isLocked && files.has(path)) {
            state.damage.push_back({path, 0, 1,
                                    tr("Its params are not read: code is not run. They are told once "
                                       "dvc.lock has them (dvc repro).")});
        }
    }
    for (const auto& locked : lockedParams) {
        if (!read.contains(locked.path)) {
            params.add(locked.path, locked.values, {});
        }
    }
}

}  // namespace runglass::sources
