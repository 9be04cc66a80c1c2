// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "dvc_pipeline.h"
#include "runglass/model/run_detail.h"

namespace runglass::sources {

/// What the runs of a project are made from: the dependencies in dvc.lock that no stage makes and that are
/// no code, and what .dvc files keep (https://dvc.org/doc/user-guide/project-structure/dvc-files). Where a
/// .dvc file says so, `location` is the place that the data came from; `profile` is JSON with `size` in
/// bytes, `files`, and the `remote` or revision where they are told. A .dvc file that is no YAML is damage.
std::vector<model::Dataset> readDvcDatasets(const DvcFiles& files, const DvcPipeline& pipeline,
                                            std::vector<Damage>& damage);

}  // namespace runglass::sources
