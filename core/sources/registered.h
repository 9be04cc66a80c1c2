// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "runglass/sources/format.h"

/// The formats, in the order in which they look at a folder. A new one is a line here and a file that defines
/// `std::unique_ptr<const Format> make<Name>()`.
// clang-format off
#define RUNGLASS_FORMATS(format) \
    format(TensorBoard) \
    format(Lightning) \
    format(Ultralytics) \
    format(Keras) \
    format(HuggingFace) \
    format(Hydra) \
    format(Guild) \
    format(MappedTable) \
    format(Mlflow) \
    format(Wandb) \
    format(Sacred) \
    format(Dvc) \
    format(Optuna) \
    format(Trackio) \
    format(Swanlab)
// clang-format on

namespace runglass::sources {

/// Format::name() of the tables that a person has pointed at.
inline constexpr std::string_view kMappedTable = "table";

#define RUNGLASS_DECLARE_FORMAT(name) std::unique_ptr<const Format> make##name();
RUNGLASS_FORMATS(RUNGLASS_DECLARE_FORMAT)
#undef RUNGLASS_DECLARE_FORMAT

}  // namespace runglass::sources
