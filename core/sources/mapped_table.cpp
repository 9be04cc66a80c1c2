// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "part_keeper.h"
#include "registered.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/table_mapping.h"
#include "table_run.h"

namespace runglass::sources {

namespace {

std::filesystem::path mappingsOf(const std::filesystem::path& project) {
    return project / ".runglass" / "tables.json";
}

bool isOutside(const TableMapping& mapping) {
    return std::filesystem::path(mapping.path).is_absolute();
}

TableRun runOf(const std::filesystem::path& table, const TableMapping& mapping) {
    TableRun run;
    run.folder = table.parent_path();
    run.name = mapping.name.empty() ? (run.folder.filename() / table.stem()).native() : mapping.name;
    run.rank = Rank::Log;
    run.table = table;
    run.kind = tableKindOf(table);
    run.roles = {mapping.step, mapping.time, mapping.metrics, mapping.params, mapping.run};
    return run;
}

/// How the nearest project around a table says that it is to be read.
struct Found {
    std::filesystem::path file;  ///< that says so
    TableMapping mapping;
};

std::optional<Found> mappingOf(const std::filesystem::path& table) {
    for (auto project = table.parent_path(); project.has_relative_path(); project = project.parent_path()) {
        for (auto& mapping : readTableMappings(project).valueOr({})) {
            if (project / mapping.path == table) {
                return Found{mappingsOf(project), std::move(mapping)};
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

    std::filesystem::path m_table;
    FileStamp m_stamp;  ///< of the file of mappings
    TableMapping m_mapping;
    std::optional<TableRunReader> m_reader;
};

/// All tables that a project reads from elsewhere: nothing but its own file of mappings tells of them. The
/// key of a part is the path of its table, with that of the run behind it where a table has several.
class OutsideReader : public Reader {
public:
    explicit OutsideReader(std::filesystem::path mappings)
        : m_mappings(std::move(mappings)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override {
        refresh();
        std::vector<Part> parts;
        for (auto& [path, one] : m_tables) {
            RUNGLASS_ASSIGN(const auto runs, one.reader.read(stop));
            for (const auto& run : runs) {
                // Its own project may be far away just now, on a drive that is not mounted.
                if (FileStamp::of(path).exists) {
                    parts.push_back(*run);
                    parts.back().key = keyOf(path, run->key);
                    parts.back().record.location = path;
                }
            }
        }
        return m_keeper.publish(std::move(parts));
    }
    [[nodiscard]] std::vector<FileStamp> stamps() const override {
        std::vector<FileStamp> stamps{m_stamp};
        for (const auto& [path, one] : m_tables) {
            const auto some = one.reader.stamps();
            stamps.insert(stamps.end(), some.begin(), some.end());
        }
        return stamps;
    }
    Result<model::RunDetail> detail(std::string_view key) override {
        RUNGLASS_ASSIGN(const auto place, find(key));
        return place.reader->detail(place.key);
    }
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override {
        RUNGLASS_ASSIGN(const auto place, find(key));
        return place.reader->series(place.key, metric, from, stop);
    }

private:
    struct Table {
        explicit Table(const TableMapping& made)
            : mapping(made)
            , reader(runOf(made.path, made)) {}
        TableMapping mapping;
        TableRunReader reader;
    };
    struct Place {
        TableRunReader* reader;
        std::string key;
    };

    static std::string keyOf(const std::string& path, const std::string& run) {
        return run.empty() ? path : path + ':' + run;
    }
    void refresh() {
        const auto stamp = FileStamp::of(m_mappings);
        if (stamp == m_stamp) {
            return;
        }
        m_stamp = stamp;
        std::map<std::string, Table> tables;
        for (const auto& mapping : readTableMappings(m_mappings.parent_path().parent_path()).valueOr({})) {
            const auto known = m_tables.find(mapping.path);
            if (known != m_tables.end() && known->second.mapping == mapping) {
                tables.insert(m_tables.extract(known));
            } else if (isOutside(mapping)) {
                tables.try_emplace(mapping.path, mapping);
            }
        }
        m_tables = std::move(tables);
    }
    Result<Place> find(std::string_view key) {
        refresh();
        for (auto& [path, one] : m_tables) {
            if (key == path) {
                return Place{&one.reader, {}};
            }
            if (key.starts_with(path + ':')) {
                return Place{&one.reader, std::string(key.substr(path.size() + 1))};
            }
        }
        return Error{ErrorCode::NotFound, tr("There is no file {}.", toValidUtf8(key)), {}};
    }

    std::filesystem::path m_mappings;
    FileStamp m_stamp;  ///< of the file of mappings
    std::map<std::string, Table> m_tables;
    PartKeeper m_keeper;
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
        bool outside = false;
        for (const auto& mapping : readTableMappings(folder.path).valueOr({})) {
            outside = outside || isOutside(mapping);
            if (!isOutside(mapping) && FileStamp::of(folder.path / mapping.path).exists) {
                findings.origins.push_back(folder.path / mapping.path);
            }
        }
        if (outside) {
            findings.origins.push_back(mappingsOf(folder.path));
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        if (origin == mappingsOf(origin.parent_path().parent_path())) {
            return std::make_unique<OutsideReader>(origin);
        }
        return std::make_unique<MappedReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeMappedTable() {
    return std::make_unique<MappedTable>();
}

}  // namespace runglass::sources
