// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "support/test.h"

namespace runglass::test {

inline constexpr const char* kId = "00112233445566778899aabbccddeeff";

/// A store of MLflow with one run, which has three points of `loss`.
inline void writeStore(const TempFolder& folder) {
    const std::string run = "mlruns/0/" + std::string(kId) + "/";
    folder.write("mlruns/0/meta.yaml",
                 "artifact_location: mlruns/0\nexperiment_id: '0'\nlifecycle_stage: active\nname: Default\n");
    folder.write(run + "meta.yaml",
                 "artifact_uri: mlruns/0/x/artifacts\nend_time: 1700000060000\nentry_point_name: ''\n"
                 "experiment_id: '0'\nlifecycle_stage: active\nrun_id: " +
                     std::string(kId) + "\nrun_name: kind-owl-1\nrun_uuid: " + kId +
                     "\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1700000000000\n"
                     "status: 3\nuser_id: ada\n");
    folder.write(run + "metrics/loss", "1700000001000 0.5 0\n1700000002000 nan 1\n1700000003000 0.25 2\n");
    folder.write(run + "params/lr", "0.1");
    folder.write(run + "tags/mlflow.runName", "kind-owl-1");
}

}  // namespace runglass::test
