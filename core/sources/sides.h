// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "origin.h"

namespace runglass::sources {

/// Whether a folder of this name holds one side of a training and means nothing by itself: Keras writes event
/// files into `train` and `validation`.
bool isSideOfTraining(const std::filesystem::path& folder);

/// By member: what is put before the names of its metrics, as TensorBoard shows them by folder, where several
/// sides of one training lie beside one another: `validation`. As much of their paths as tells them apart;
/// empty for other members.
std::vector<std::string> sidesOf(std::span<const Member> members, const std::filesystem::path& project);

/// `validation/epoch_loss`; what says so itself stays as it is.
Symbol nameOfSide(const std::string& side, Symbol key);

}  // namespace runglass::sources
