// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/jobs/let_go.h"

#include <utility>

#include "runglass/jobs/thread_pool.h"

namespace runglass::jobs {

void letGo(std::shared_ptr<const void> value) {
    static ThreadPool worker(1);  // of the process: what it frees may outlive every owner of a pool
    worker.post([value = std::move(value)] {});
}

}  // namespace runglass::jobs
