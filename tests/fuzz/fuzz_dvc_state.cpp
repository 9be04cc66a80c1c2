// SPDX-License-Identifier: GPL-3.0-or-later
// dvc.yaml, dvc.lock, params and metrics files and DVCLive tables: the same bytes as each of them.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dvc_data.h"
#include "dvc_state.h"
#include "dvc_table.h"

using namespace runglass::sources;

namespace {

class SameEverywhere : public DvcFiles {
public:
    explicit SameEverywhere(std::string content)
        : m_content(std::move(content)) {}
    [[nodiscard]] std::optional<std::string> read(std::string_view path) const override {
        if (path.empty() || path.starts_with('/') || path == ".." || path.starts_with("../")) {
            std::abort();
        }
        return m_content;
    }
    [[nodiscard]] std::vector<Entry> list(std::string_view folder) const override {
        return folder.ends_with("metrics") ? std::vector<Entry>{{"a.tsv", EntryKind::File}}
               : folder.empty()            ? std::vector<Entry>{{"a.dvc", EntryKind::File}}
                                           : std::vector<Entry>();
    }

private:
    std::string m_content;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const SameEverywhere files(text);
    DamageList damage;
    auto state = readDvcState(files, DvcCache("/nowhere"));
    if (const auto folder = dvcCacheDir(text); folder && folder->size() > size) {
        std::abort();
    }
    if (state.fingerprint().size() != 64 || readDvcLiveTable("a.tsv", text, damage).size() > size) {
        std::abort();
    }
    readDvcLiveFolder(files);
    readDvcDatasets(files, state.pipeline, state.damage);
    for (const char* name : {"a.csv", "a.tsv", "a.json", "a.yaml"}) {
        const auto table = readDvcTable(name, text, text.size() % 2 == 0, text.size() % 3 == 0, damage);
        for (const auto& column : table.columns) {
            if (column.values.size() != column.present.size() || column.numbers > table.rows) {
                std::abort();
            }
        }
    }
    return 0;
}
