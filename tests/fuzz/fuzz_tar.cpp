// SPDX-License-Identifier: GPL-3.0-or-later
// A tar, as `runglass import` takes it from somebody else.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "support_folder.h"
#include "tar.h"

namespace fs = std::filesystem;
using namespace runglass;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::ScratchFolder scratch;
    const auto file = scratch.path() / "in.tar";
    const auto target = scratch.path() / "out";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    const auto first = exchange::firstNameInTar(file);
    std::size_t entries = 0;
    const auto read = exchange::readTar(file, [&](const std::string& name) -> Result<fs::path> {
        if (entries == 0 && first.ok() && *first != name) {
            std::abort();
        }
        if (name == "refused") {
            return Error{ErrorCode::Invalid, "refused", {}};
        }
        return target / std::to_string(entries++ % 4);  // what an entry is called is the caller's to judge
    });
    if (!read.ok() && read.error().message.empty()) {
        std::abort();
    }
    std::uintmax_t written = 0;
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(target, ignored)) {
        written += entry.is_regular_file() ? entry.file_size() : 0;
    }
    if (written > size || entries > size / 512) {
        std::abort();  // a header cannot promise more than there is
    }
    fs::remove_all(target, ignored);
    return 0;
}
