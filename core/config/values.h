// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"

namespace runglass::config {

/// Collects the values of a configuration under their dotted keys and refuses to grow beyond what a
/// configuration can sensibly be, so that neither depth nor alias expansion ("billion laughs") of a hostile
/// file costs memory or time.
class ConfigValues {
public:
    static constexpr int kMaxDepth = 64;
    static constexpr std::size_t kMaxValues = 2'000;
    static constexpr std::size_t kMaxVisits = 20'000;
    static constexpr std::size_t kMaxTextBytes = 1U << 20U;

    explicit ConfigValues(char separator = '.')
        : m_separator(separator) {}

    /// One level down for the life of the object: `a.b` → `a.b.name`.
    class Scope {
    public:
        Scope(ConfigValues& values, std::string_view name);
        /// A level that the key does not show, as of a merged mapping.
        explicit Scope(ConfigValues& values);
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;
        ~Scope();

    private:
        ConfigValues& m_values;
        std::size_t m_lengthBefore;
    };

    /// Call for each node, before its children. An error ends the walk.
    [[nodiscard]] Result<void> visit();
    /// Stores a value at the current key. A key that is there already is replaced, or kept with
    /// `keepExisting`.
    [[nodiscard]] Result<void> add(std::string_view value, bool keepExisting = false);
    [[nodiscard]] std::vector<model::Variable> take() { return std::move(m_values); }

private:
    char m_separator;
    std::string m_key;
    int m_depth = 0;
    std::size_t m_visits = 0;
    std::size_t m_textBytes = 0;
    std::vector<model::Variable> m_values;
    std::unordered_map<std::string, std::size_t> m_places;  ///< key → index in m_values
};

}  // namespace runglass::config
