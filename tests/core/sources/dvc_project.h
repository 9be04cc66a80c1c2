// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <map>

#include "reading.h"
#include "truth.h"

namespace runglass::test {

/// A folder with a git repository.
struct DvcProject : TempFolder {
    DvcProject() { git({"init", "-q", "-b", "main"}); }
    std::string git(const std::vector<std::string>& arguments) const {
        return runglass::test::git(path(), arguments);
    }
    void commit(const std::string& message) const {
        git({"add", "-A"});
        git({"commit", "-q", "-m", message});
    }
};

inline std::unique_ptr<sources::Reader> openDvc(const std::filesystem::path& project) {
    return formatNamed("dvc").open(project);
}

inline const sources::Part& named(const std::vector<sources::SharedPart>& parts, std::string_view name) {
    const auto found =
        std::ranges::find_if(parts, [&](const auto& part) { return part->record.name == name; });
    if (found == parts.end()) {
        QTest::qFail("there is no such run", __FILE__, __LINE__);
        static const sources::Part kNone;
        return kNone;
    }
    return **found;
}

inline std::vector<std::string> metricsOf(const sources::Part& part) {
    std::vector<std::string> names;
    for (const auto& metric : part.record.metrics) {
        names.emplace_back(metric.key.text());
    }
    std::ranges::sort(names);
    return names;
}

inline std::map<std::string, std::string> paramsOf(const sources::Part& part) {
    std::map<std::string, std::string> params;
    for (const auto& param : part.record.params) {
        params.emplace(param.key.text(), param.value.text());
    }
    return params;
}

/// The reasons for damage by file, each with offset and count.
inline std::vector<std::string> damageOf(const sources::Part& part) {
    std::vector<std::string> said;
    for (const auto& one : part.damage) {
        said.push_back(one.file.lexically_relative(part.folder).native() + " " + std::to_string(one.offset) +
                       " " + std::to_string(one.count) + " " + one.reason);
    }
    std::ranges::sort(said);
    return said;
}

}  // namespace runglass::test
