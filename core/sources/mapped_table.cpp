// SPDX-License-Identifier: GPL-3.0-or-later
#include "registered.h"
#include "runglass/sources/table_mapping.h"
#include "table_run.h"

namespace runglass::sources {

namespace {

/// How the nearest project around a table says that it is to be read.
struct Found {
    std::filesystem::path file;  ///< that says so
    TableMapping mapping;
};

std::optional<Found> mappingOf(const std::filesystem::path& table) {
    for (auto project = table.parent_path(); project.has_relative_path(); project = project.parent_path()) {
        for (auto& mapping : readTableMappings(project).valueOr({})) {
            if (project / mapping.path == table) {
                return Found{project / ".runglass" / "tables.json", std::move(mapping)};
            }
        }
    }
    return std::nullopt;
}

/// Reads a table as its mapping says; anew when a person changes that.
class MappedReader : public Reader {
public:
    explicit MappedReader(std::filesystem::path table)
        : m_table(std::move(table)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override { return reader().read(stop); }
    [[nodiscard]] std::vector<FileStamp> stamps() const override {
        auto stamps = m_reader ? m_reader->stamps() : std::vector<FileStamp>();
        stamps.push_back(m_stamp);
        return stamps;
    }
    Result<model::RunDetail> detail(std::string_view key) override { return reader().detail(key); }
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override {
        return reader().series(key, metric, from, stop);
    }

private:
    TableRunReader& reader() {
        if (m_reader && FileStamp::of(m_stamp.path) == m_stamp) {
            return *m_reader;
        }
        auto found = mappingOf(m_table).value_or(Found());
        m_stamp = FileStamp::of(found.file);
        if (!m_reader || found.mapping != m_mapping) {
            m_mapping = std::move(found.mapping);
            m_reader.emplace(runOf(m_table, m_mapping));
        }
        return *m_reader;
    }

    static TableRun runOf(const std::filesystem::path& table, const TableMapping& mapping) {
        TableRun run;
        run.folder = table.parent_path();
        run.name = mapping.name.empty() ? (run.folder.filename() / table.stem()).native() : mapping.name;
        run.rank = Rank::Log;
        run.table = table;
        run.kind = tableKindOf(table);
        run.roles = {mapping.step, mapping.time, mapping.metrics, mapping.params, mapping.run};
        return run;
    }

    std::filesystem::path m_table;
    FileStamp m_stamp;  ///< of the file of mappings
    TableMapping m_mapping;
    std::optional<TableRunReader> m_reader;
};

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
        return std::make_unique<MappedReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeMappedTable() {
    return std::make_unique<MappedTable>();
}

}  // namespace runglass::sources
