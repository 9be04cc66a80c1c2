// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow.h"

#include <system_error>

#include "registered.h"

namespace runglass::sources {
namespace {

class MlflowFormat : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "mlflow"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        findMlflowStore(folder, findings);
        findMlflowDatabases(folder, findings);
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        std::error_code ignored;
        return std::filesystem::is_directory(origin, ignored) ? openMlflowStore(origin)
                                                              : openMlflowDatabase(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeMlflow() {
    return std::make_unique<MlflowFormat>();
}

}  // namespace runglass::sources
