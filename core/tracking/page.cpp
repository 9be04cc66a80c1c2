// SPDX-License-Identifier: GPL-3.0-or-later
#include "page.h"

namespace runglass::tracking {

Result<Page> pageOf(const Fields& fields, std::int64_t standard, std::int64_t most) {
    Page page;
    RUNGLASS_ASSIGN(page.limit, maxResultsOf(fields, standard, most));
    RUNGLASS_ASSIGN(const auto token, fields.text("page_token"));
    RUNGLASS_ASSIGN(page.offset, offsetOf(token));
    return page;
}

}  // namespace runglass::tracking
