// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"

namespace runglass {

/// A file that is written piece by piece and appears whole or not at all: a temporary file beside it that
/// takes its name at the end. One that was there keeps its place until then. Gone without finish().
class NewFile {
public:
    static Result<NewFile> begin(const std::filesystem::path& path);
    NewFile(NewFile&& other) noexcept = default;
    NewFile& operator=(NewFile&&) = delete;
    ~NewFile();

    Result<void> write(std::string_view bytes);
    /// Durable when this is done.
    Result<void> finish();

private:
    NewFile(std::filesystem::path path, std::string temporary, FileDescriptor file);

    std::filesystem::path m_path;
    std::string m_temporary;
    FileDescriptor m_file;
};

}  // namespace runglass
