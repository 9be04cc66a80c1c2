// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace runglass::store {

/// The program that holds the run database of a project against all other writers at this moment, in words
/// for people: `sqlite3 (process 4711)`; empty when nobody of this machine does, or when the kernel does not
/// tell. Looks at the table of locks and opens no file of the database.
std::string databaseHolder(const std::filesystem::path& project);

/// The same, or `another program`.
std::string databaseHolderOrUnknown(const std::filesystem::path& project);

}  // namespace runglass::store
