// SPDX-License-Identifier: GPL-3.0-or-later
#include "pair_codec.h"

#include "run_codec.h"

namespace runglass::store {

Bytes encodePairTexts(const std::vector<model::Variable>& pairs) {
    std::vector<std::string> texts;
    texts.reserve(2 * pairs.size());
    for (const auto& [key, value] : pairs) {
        texts.push_back(key);
        texts.push_back(value);
    }
    return encodeTexts(texts);
}

std::vector<model::Variable> decodePairTexts(ByteView stored) {
    std::vector<std::string> texts;
    std::vector<model::Variable> pairs;
    if (decodeTexts(stored, texts)) {
        for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
            pairs.emplace_back(std::move(texts[i]), std::move(texts[i + 1]));
        }
    }
    return pairs;
}

}  // namespace runglass::store
