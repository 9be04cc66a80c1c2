// SPDX-License-Identifier: GPL-3.0-or-later
#include "invocation.h"

#include <algorithm>

#include "parser.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"

namespace runglass::cli {

Result<Invocation> Invocation::parse(std::span<const std::string> words) {
    return Parser(words).parse();
}

bool Invocation::has(std::string_view option) const {
    return std::ranges::any_of(m_options, [&](const auto& given) { return given.first == option; });
}

std::optional<std::string> Invocation::value(std::string_view option) const {
    const auto all = values(option);
    return all.empty() ? std::nullopt : std::optional(all.back());
}

std::vector<std::string> Invocation::values(std::string_view option) const {
    std::vector<std::string> found;
    for (const auto& [name, value] : m_options) {
        if (name == option) {
            found.push_back(value);
        }
    }
    return found;
}

Result<std::optional<std::int64_t>> Invocation::integer(std::string_view option, std::int64_t low,
                                                        std::int64_t high) const {
    const auto text = value(option);
    if (!text) {
        return std::optional<std::int64_t>();
    }
    const auto parsed = parseInt(*text);
    if (!parsed || *parsed < low || *parsed > high) {
        return Error{ErrorCode::Invalid,
                     tr("{} takes a whole number from {} to {}, not {}.", option, low, high, *text),
                     {}};
    }
    return parsed;
}

Result<std::optional<double>> Invocation::number(std::string_view option, double low, double high) const {
    const auto text = value(option);
    if (!text) {
        return std::optional<double>();
    }
    const auto parsed = parseDouble(*text);
    if (!parsed || !(*parsed >= low && *parsed <= high)) {
        return Error{ErrorCode::Invalid,
                     tr("{} takes a number from {} to {}, not {}.", option, formatDouble(low),
                        formatDouble(high), *text),
                     {}};
    }
    return parsed;
}

Format Invocation::format() const {
    const auto name = value("--format").value_or("table");
    return name == "json" ? Format::Json : name == "csv" ? Format::Csv : Format::Table;
}

Result<std::filesystem::path> Invocation::project() const {
    namespace fs = std::filesystem;
    std::error_code failure;
    if (const auto given = value("--project")) {
        const fs::path folder = fs::canonical(*given, failure);
        if (failure) {
            return errorFromErrno(failure.value(), tr("The project cannot be opened."), *given);
        }
        if (!fs::is_directory(folder, failure)) {
            return Error{ErrorCode::Invalid,
                         tr("{} is not a folder. --project takes the folder of a project.", *given),
                         {}};
        }
        return folder;
    }
    const fs::path here = fs::current_path(failure);
    if (failure) {
        return errorFromErrno(failure.value(), tr("The current folder cannot be read."), ".");
    }
    return store::findProject(here);
}

}  // namespace runglass::cli
