// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include "catalog_edit.h"
#include "entity_filter.h"
#include "router.h"
#include "runglass/base/result.h"
#include "runglass/store/model_registry.h"

namespace runglass::tracking {

/// Changes what the call names: `edit(named)`, whose error `found(result, named)` puts into the words of the
/// protocol.
template <typename Named, typename Found, typename Edit>
Result<Named> changeNamed(const Call& call, Result<Named> named, Found&& found, Edit&& edit) {
    RUNGLASS_TRY(named);
    RUNGLASS_TRY(found(call.service.change(edit(*named)), *named));
    return named;
}

/// Lays out the tags of a registered model or version for a search. Clients ask for those that are no
/// prompts; what does not say so is none.
inline void layOutTags(EntityFilter::Layout& layout, const std::vector<model::Variable>& tags) {
    constexpr std::string_view kPromptTag = "mlflow.prompt.is_prompt";
    bool saysPrompt = false;
    for (const auto& [key, value] : tags) {
        layout.tag(key, value);
        saysPrompt = saysPrompt || key == kPromptTag;
    }
    if (!saysPrompt) {
        layout.tag(kPromptTag, "false");
    }
}

/// `{}` when it has been done.
template <typename T>
Result<Response> emptyResponse(const Result<T>& done) {
    return done.ok() ? Result<Response>(emptyResponse()) : done.error();
}

}  // namespace runglass::tracking
