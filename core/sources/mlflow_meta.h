// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::sources {

/// A `meta.yaml` of MLflow: one level of keys with scalars. What MLflow itself writes is read directly, line
/// by line; anything richer goes through the YAML library.
class MlflowMeta {
public:
    static Result<MlflowMeta> parse(std::string_view content);

    /// Empty when absent or null.
    [[nodiscard]] std::string_view text(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const;
    /// (`a`, value) of each key `prefix.a`, for nested maps such as `tags`.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> below(std::string_view prefix) const;

private:
    bool parseFlat(std::string_view content);

    std::vector<std::pair<std::string, std::string>> m_values;
};

}  // namespace runglass::sources
