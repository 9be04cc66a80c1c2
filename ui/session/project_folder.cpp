// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/session/project_folder.h"

#include <unistd.h>

#include "runglass/base/translate.h"

namespace runglass::ui {

Result<void> checkProjectFolder(const std::filesystem::path& folder) {
    std::error_code code;
    const auto status = std::filesystem::status(folder, code);
    if (!std::filesystem::exists(status)) {
        return Error{ErrorCode::NotFound,
                     tr("{} does not exist. Open a folder that is there.", folder.string()), code.message()};
    }
    if (!std::filesystem::is_directory(status)) {
        return Error{ErrorCode::Invalid,
                     tr("{} is not a folder. Open the folder that it lies in.", folder.string()),
                     {}};
    }
    if (::access(folder.c_str(), R_OK | X_OK) != 0) {
        return Error{ErrorCode::Permission,
                     tr("{} cannot be read. Change the permission of the folder.", folder.string()),
                     {}};
    }
    return {};
}

}  // namespace runglass::ui
