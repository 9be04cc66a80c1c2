// SPDX-License-Identifier: GPL-3.0-or-later
#include <simdjson.h>

#include "json_text.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/layout.h"

namespace runglass::sources {
namespace {

namespace dom = simdjson::dom;

constexpr std::uint64_t kMaxSettingsBytes = 1U << 20U;

/// One member of an object after the other, each on a line of its own.
class Members {
public:
    explicit Members(std::string indent)
        : m_indent(std::move(indent)) {}
    void add(std::string_view key, std::string_view json) {
        m_text += (m_text.empty() ? "" : ",") + ("\n" + m_indent) + jsonText(key) + ": ";
        m_text += json;
    }
    /// All members of `object` but the one called `left`.
    void addOthers(const dom::object& object, std::string_view left) {
        for (const auto member : object) {
            if (member.key != left) {
                add(member.key, simdjson::minify(member.value));
            }
        }
    }
    [[nodiscard]] std::string object() const {
        return "{" + m_text + "\n" + m_indent.substr(std::min<std::size_t>(2, m_indent.size())) + "}";
    }

private:
    std::string m_indent;
    std::string m_text;
};

Result<std::string> listOf(const std::vector<std::filesystem::path>& folders) {
    std::string json = "[";
    for (const auto& folder : folders) {
        if (!isValidUtf8(folder.native())) {
            return Error{ErrorCode::Invalid,
                         tr("The name of {} is not UTF-8, and cannot be kept.", toValidUtf8(folder.native())),
                         {}};
        }
        json += (json.size() > 1 ? ", " : "") + jsonText(folder.native());
    }
    return json + "]";
}

Error damaged(const std::filesystem::path& file) {
    return {ErrorCode::Invalid,
            tr("{} is not valid JSON. Correct or delete it.", toValidUtf8(file.native())),
            {}};
}

}  // namespace

std::vector<std::filesystem::path> furtherFolders(const std::filesystem::path& project) {
    std::vector<std::filesystem::path> folders;
    const auto content = readFile(store::Layout(project).settings(), kMaxSettingsBytes);
    dom::parser parser;
    dom::element settings;
    dom::array given;
    if (!content || parser.parse(*content).get(settings) != simdjson::SUCCESS ||
        settings.at_pointer("/sources/folders").get(given) != simdjson::SUCCESS) {
        return folders;  // no settings; a file that cannot be read is the desktop's to complain about
    }
    for (const auto item : given) {
        std::string_view folder;
        if (item.get(folder) == simdjson::SUCCESS && !folder.empty()) {
            folders.emplace_back(folder);
        }
    }
    return folders;
}

Result<void> setFurtherFolders(const std::filesystem::path& project,
                               const std::vector<std::filesystem::path>& folders) {
    const store::Layout layout(project);
    const auto content = readFile(layout.settings(), kMaxSettingsBytes);
    if (!content && content.error().code != ErrorCode::NotFound) {
        return content.error();
    }
    dom::parser parser;
    dom::object settings;
    dom::object sources;
    Members all("  ");
    Members own("    ");
    if (content) {
        if (parser.parse(*content).get(settings) != simdjson::SUCCESS) {
            return damaged(layout.settings());
        }
        all.addOthers(settings, "sources");
        if (settings["sources"].get(sources) == simdjson::SUCCESS) {
            own.addOthers(sources, "folders");
        }
    }
    RUNGLASS_ASSIGN(const auto list, listOf(folders));
    own.add("folders", list);
    all.add("sources", own.object());
    RUNGLASS_TRY(layout.ensure());
    return writeFileAtomically(layout.settings(), all.object() + "\n");
}

}  // namespace runglass::sources
