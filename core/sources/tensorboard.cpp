// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "registered.h"
#include "tensorboard_reader.h"

namespace runglass::sources {

namespace {

class TensorBoard : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "tensorboard"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        const bool isRun = std::any_of(folder.entries.begin(), folder.entries.end(), [](const Entry& entry) {
            return entry.kind == EntryKind::File && tensorboard::isEventFileName(entry.name);
        });
        if (!isRun) {
            return;
        }
        findings.origins.push_back(folder.path);
        if (auto hparams = tensorboard::hparamsFolderIn(folder)) {
            findings.closed.push_back(std::move(*hparams));
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<tensorboard::TensorBoardReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeTensorBoard() {
    return std::make_unique<TensorBoard>();
}

}  // namespace runglass::sources
