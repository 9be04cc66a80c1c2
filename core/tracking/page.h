// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "fields.h"
#include "http_message.h"
#include "json_out.h"
#include "router.h"
#include "runglass/base/result.h"
#include "validation.h"

namespace runglass::tracking {

/// Which part of its findings a search is to answer with.
struct Page {
    std::size_t limit = 0;
    std::size_t offset = 0;
};
/// `max_results` and `page_token`; `standard` and `most` as in maxResultsOf.
Result<Page> pageOf(const Fields& fields, std::int64_t standard, std::int64_t most);

/// `{"NAME": [{…}, {…}], "next_page_token": …}` of `count` findings. `writeMembers(out, i)` writes those of
/// finding number i and returns a Result<void>. As everywhere in the protocol an empty list is left out, and
/// so is the token on the last page.
template <typename WriteMembers>
Result<Response> pageResponse(const Page& page, std::string_view name, std::size_t count,
                              std::size_t bytesEach, WriteMembers&& writeMembers) {
    const auto begin = std::min(page.offset, count);
    const auto end = begin + std::min(page.limit, count - begin);
    JsonOut out;
    out.reserve((end - begin) * bytesEach);
    out.beginObject();
    if (begin < end) {
        out.beginArray(name);
        for (auto i = begin; i < end; ++i) {
            out.beginObject();
            RUNGLASS_TRY(writeMembers(out, i));
            out.endObject();
        }
        out.endArray();
    }
    if (end < count) {
        out.text("next_page_token", pageTokenOf(end));
    }
    out.endObject();
    return jsonResponse(std::move(out));
}

}  // namespace runglass::tracking
