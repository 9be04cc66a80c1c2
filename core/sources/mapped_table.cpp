// SPDX-License-Identifier: GPL-3.0-or-later
#include "registered.h"
#include "runglass/sources/table_mapping.h"
#include "table_run.h"

namespace runglass::sources {

namespace {

/// Files that a person has pointed at (see TableMapping): found in the project's own folder, where the
/// mappings are kept, and nowhere else.
class MappedTable : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return kMappedTable; }

    void recognise(const Folder& folder, Findings& findings) const override {
        if (!folder.hasFolder(".runglass")) {
            return;
        }
        for (const auto& mapping : readTableMappings(folder.path).valueOr({})) {
            if (FileStamp::of(folder.path / mapping.path).exists) {
                findings.origins.push_back(folder.path / mapping.path);
            }
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        TableRun run;
        run.folder = origin.parent_path();
        run.name = (run.folder.filename() / origin.stem()).native();
        run.rank = Rank::Log;
        run.table = origin;
        run.kind = tableKindOf(origin);
        if (const auto mapping = mappingOf(origin)) {
            run.name = mapping->name.empty() ? run.name : mapping->name;
            run.roles = {mapping->step, mapping->time, mapping->metrics, mapping->params, mapping->run};
        }
        return std::make_unique<TableRunReader>(std::move(run));
    }

private:
    /// Of the nearest project around the file that has one.
    static std::optional<TableMapping> mappingOf(const std::filesystem::path& file) {
        for (auto project = file.parent_path(); project.has_relative_path();
             project = project.parent_path()) {
            for (auto& mapping : readTableMappings(project).valueOr({})) {
                if (project / mapping.path == file) {
                    return std::move(mapping);
                }
            }
        }
        return std::nullopt;
    }
};

}  // namespace

std::unique_ptr<const Format> makeMappedTable() {
    return std::make_unique<MappedTable>();
}

}  // namespace runglass::sources
