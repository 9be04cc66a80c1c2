// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "runglass/base/result.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// Writes what endpoints that are no more have acknowledged and could not write (AsideLog), and what any has
/// of the catalog (CatalogLog). Opening a Database to write into it does so. Costs a look into a folder where
/// there is nothing. Does not wait for long: Busy while another program still holds the run database, Full
/// without room; then everything stays for the next one.
Result<void> restoreAside(Database& database);

/// For those that open the Database to read from it.
Result<void> restoreAside(const std::filesystem::path& project);

}  // namespace runglass::store
