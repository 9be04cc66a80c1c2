// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "runglass/sources/format.h"
#include "runglass/sources/reader.h"
#include "support/test.h"

/// Real runs of other tools lie beside the repository, each case with the numbers in it as independent
/// readers found them (../shared/realdata/*/EXPECTED.json). Where they are absent, the tests that need them
/// say so.
namespace runglass::test {

using namespace Qt::StringLiterals;

inline std::filesystem::path realDataFolder() {
    return sourceFolder() / ".." / "shared" / "realdata";
}

/// The case's folder; nothing where it is absent.
inline std::optional<std::filesystem::path> realCase(const char* name) {
    for (const auto& place : {realDataFolder(), sourceFolder() / ".." / ".." / "shared" / "realdata"}) {
        std::error_code ignored;
        if (std::filesystem::exists(place / name / "EXPECTED.json", ignored)) {
            return std::filesystem::canonical(place / name);
        }
    }
    return std::nullopt;
}

/// The parts of EXPECTED.json about one kind of files.
inline std::vector<QJsonObject> truthsOf(const std::filesystem::path& folder, QLatin1String kind) {
    std::vector<QJsonObject> found;
    QFile file(QString::fromStdString((folder / "EXPECTED.json").native()));
    if (file.open(QIODevice::ReadOnly)) {
        const auto truths = QJsonDocument::fromJson(file.readAll()).object().value("truth"_L1).toArray();
        for (const auto& truth : truths) {
            if (truth.toObject().value("kind"_L1).toString() == kind) {
                found.push_back(truth.toObject());
            }
        }
    }
    return found;
}

/// The only one of them.
inline QJsonObject truthOf(const std::filesystem::path& folder, QLatin1String kind) {
    const auto found = truthsOf(folder, kind);
    return found.empty() ? QJsonObject() : found.front();
}

/// All files below a folder with sizes and times, to see that reading leaves no trace.
inline std::vector<sources::FileStamp> inventory(const std::filesystem::path& folder) {
    std::vector<sources::FileStamp> files{sources::FileStamp::of(folder)};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        files.push_back(sources::FileStamp::of(entry.path()));
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

/// One origin, read.
struct Opened {
    std::unique_ptr<sources::Reader> reader;
    std::vector<sources::SharedPart> parts;
};

/// Every origin of one format below `root`, as the walk over a project would find it.
inline std::map<std::filesystem::path, Opened> openAll(std::string_view format,
                                                       const std::filesystem::path& root) {
    std::map<std::filesystem::path, Opened> opened;
    std::vector<std::filesystem::path> folders{root};
    while (!folders.empty()) {
        const auto folder = sources::listFolder(folders.back());
        folders.pop_back();
        if (!folder.ok()) {
            QTest::qFail(describe(folder.error()).c_str(), __FILE__, __LINE__);
            continue;
        }
        std::vector<std::string> closed;
        for (const auto& known : sources::formats()) {
            if (known->name() != format) {
                continue;
            }
            sources::Findings findings;
            known->recognise(*folder, findings);
            closed.insert(closed.end(), findings.closed.begin(), findings.closed.end());
            for (const auto& origin : findings.origins) {
                auto reader = known->open(origin);
                auto parts = reader->read({});
                if (!parts.ok()) {
                    QTest::qFail(describe(parts.error()).c_str(), __FILE__, __LINE__);
                    continue;
                }
                opened[origin] = {std::move(reader), *parts};
            }
        }
        for (const auto& entry : folder->entries) {
            const bool isClosed = std::find(closed.begin(), closed.end(), entry.name) != closed.end();
            if (entry.kind == sources::EntryKind::Folder && !isClosed) {
                folders.push_back(folder->path / entry.name);
            }
        }
    }
    return opened;
}

/// A column of a series, to be compared with a list.
template <typename Column>
std::vector<typename Column::value_type> plain(const Column& column) {
    return {column.begin(), column.end()};
}

inline bool sameNumber(double read, const QJsonValue& expected) {
    if (!expected.isDouble()) {
        return std::isnan(read) || std::isinf(read);
    }
    return read == expected.toDouble();
}

/// Why `series` and `summary` are not what `expected` says; empty when they are.
inline std::string differenceFrom(const QJsonObject& expected, const model::Series& series,
                                  const model::MetricSummary& summary) {
    const auto number = [&](QLatin1StringView key) {
        return static_cast<std::uint64_t>(expected.value(key).toInteger(0));
    };
    if (series.size() != number("count"_L1) || summary.count != number("count"_L1)) {
        return "count " + std::to_string(series.size()) + ", expected " + std::to_string(number("count"_L1));
    }
    const auto infinities = static_cast<std::uint64_t>(std::count_if(
        series.values.begin(), series.values.end(), [](double value) { return std::isinf(value); }));
    if (summary.nanCount != number("nan"_L1) || summary.infiniteCount != infinities) {
        return "NaN count " + std::to_string(summary.nanCount) + ", infinities " +
               std::to_string(summary.infiniteCount);
    }
    if (!sameNumber(series.values.front(), expected.value("first"_L1)) ||
        !sameNumber(series.values.back(), expected.value("last"_L1)) ||
        !sameNumber(summary.first, expected.value("first"_L1)) ||
        !sameNumber(summary.last, expected.value("last"_L1))) {
        return "first or last value";
    }
    if (!sameNumber(summary.min, expected.value("min"_L1)) ||
        !sameNumber(summary.max, expected.value("max"_L1))) {
        return "min or max";
    }
    if (expected.contains("first_step"_L1) &&
        (series.steps.front() != expected.value("first_step"_L1).toInteger() ||
         series.steps.back() != expected.value("last_step"_L1).toInteger() ||
         summary.firstStep != series.steps.front() || summary.lastStep != series.steps.back())) {
        return "first or last step";
    }
    return {};
}

}  // namespace runglass::test
