// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_stages.h"

#include <algorithm>
#include <iterator>

#include "runglass/base/text.h"

namespace runglass::sources {
namespace {

constexpr std::size_t kMostStages = 1'000;  ///< of one entry
constexpr std::size_t kMostInAll = 10'000;

/// One of a list or of a mapping.
struct Item {
    std::string key;                      ///< of a mapping; else its place
    std::vector<model::Variable> values;  ///< of a plain text one without a name; else `name`, `list.0`
    [[nodiscard]] bool isText() const { return values.size() == 1 && values[0].first.empty(); }
};

/// Of values such as `0`, `1.lr`, `1.opt`.
std::vector<Item> grouped(const std::vector<model::Variable>& values) {
    std::vector<Item> items;
    for (const auto& [name, value] : values) {
        const auto dot = name.find('.');
        const auto key = name.substr(0, dot);
        if (items.empty() || items.back().key != key) {
            items.push_back({key, {}});
        }
        items.back().values.emplace_back(dot == std::string::npos ? std::string() : name.substr(dot + 1),
                                         value);
    }
    return items;
}

/// What stands there, or what the one template there stands for.
std::vector<Item> itemsOf(const YamlTree& tree, const DvcNames& names) {
    const auto text = trimmed(tree.text);
    if (tree.isText() && text.starts_with("${") && text.find('}') == text.size() - 1) {
        return grouped(names.below(trimmed(text.substr(2, text.size() - 3))));
    }
    std::vector<Item> items;
    for (std::size_t i = 0; i < tree.items.size() && items.size() <= kMostStages; ++i) {
        auto& item = items.emplace_back();
        item.key = tree.isMap() ? tree.keys[i] : std::to_string(i);
        flattenDvcValues(tree.items[i], {}, item.values);
        for (auto& [name, value] : item.values) {
            value = names.resolve(value).value_or(value);
        }
    }
    return items;
}

bool isList(const std::vector<Item>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].key != std::to_string(i)) {
            return false;
        }
    }
    return true;
}

void addNames(const std::string& name, const Item& item, std::vector<model::Variable>& names) {
    for (const auto& [below, value] : item.values) {
        auto& added = names.emplace_back(name, value);
        added.first += below.empty() ? "" : ".";
        added.first += below;
    }
}

std::vector<DvcStage> forEach(const std::string& name, const YamlTree& entry, const DvcNames& names) {
    const auto items = itemsOf(entry.at("foreach"), names);
    const bool list = isList(items);
    const bool texts = std::ranges::all_of(items, &Item::isText);
    std::vector<DvcStage> stages;
    for (std::size_t i = 0; i < items.size() && items.size() <= kMostStages; ++i) {
        auto& stage = stages.emplace_back();
        stage.name = name + '@' + (list && texts ? items[i].values[0].second : items[i].key);
        stage.body = &entry.at("do");
        addNames("item", items[i], stage.names);
        if (!list) {
            stage.names.emplace_back("key", items[i].key);
        }
    }
    return stages;
}

/// The last axis changes fastest.
std::vector<DvcStage> combined(const std::string& name, const YamlTree& entry, const DvcNames& names) {
    const auto& matrix = entry.at("matrix");
    std::vector<std::vector<Item>> axes;
    std::size_t count = matrix.keys.empty() ? 0 : 1;
    for (const auto& axis : matrix.items) {
        axes.push_back(itemsOf(axis, names));
        count *= std::min(axes.back().size(), kMostStages + 1);
        if (count == 0 || count > kMostStages) {
            return {};
        }
    }
    std::vector<DvcStage> stages;
    for (std::size_t i = 0; i < count; ++i) {
        auto& stage = stages.emplace_back();
        stage.body = &entry;
        std::string key;
        std::size_t below = count;
        for (std::size_t axis = 0; axis < axes.size(); ++axis) {
            below /= axes[axis].size();
            const auto place = i / below % axes[axis].size();
            const auto& item = axes[axis][place];
            addNames("item." + matrix.keys[axis], item, stage.names);
            key += key.empty() ? "" : "-";
            key += item.isText() ? item.values[0].second : matrix.keys[axis] + std::to_string(place);
        }
        stage.names.emplace_back("key", key);
        stage.name = name + '@';
        stage.name += key;
    }
    return stages;
}

}  // namespace

void addDvcStages(const std::string& name, const YamlTree& entry, const DvcNames& names,
                  std::vector<DvcStage>& stages) {
    const bool isEach = entry.at("do").isMap();
    auto made = isEach                       ? forEach(name, entry, names)
                : entry.at("matrix").isMap() ? combined(name, entry, names)
                                             : std::vector<DvcStage>();
    if (made.empty() || stages.size() + made.size() > kMostInAll) {
        made.clear();
        made.push_back({name, isEach ? &entry.at("do") : &entry, {}});
    }
    stages.insert(stages.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
}

}  // namespace runglass::sources
