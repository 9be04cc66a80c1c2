// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runglass::git {

/// Name of a git object (SHA-1).
class ObjectId {
public:
    constexpr ObjectId() = default;
    explicit constexpr ObjectId(const std::array<std::uint8_t, 20>& bytes)
        : m_bytes(bytes) {}
    static std::optional<ObjectId> fromHex(std::string_view hex);
    [[nodiscard]] std::string hex() const;
    [[nodiscard]] std::string shortHex() const { return hex().substr(0, 7); }
    [[nodiscard]] const std::array<std::uint8_t, 20>& bytes() const { return m_bytes; }
    [[nodiscard]] bool isNull() const { return m_bytes == std::array<std::uint8_t, 20>{}; }
    friend auto operator<=>(const ObjectId&, const ObjectId&) = default;

private:
    std::array<std::uint8_t, 20> m_bytes{};
};

struct Commit {
    ObjectId id;
    std::vector<ObjectId> parents;
    std::string authorName;  ///< valid UTF-8, whatever the repository holds
    std::string authorEmail;
    std::int64_t authorTime = 0;  ///< Unix seconds
    int authorOffsetMinutes = 0;  ///< of the author's time zone
    std::string summary;          ///< first line
};

struct Reference {
    enum class Kind { LocalBranch, RemoteBranch, Tag };
    Kind kind = Kind::LocalBranch;
    std::string name;  ///< short name
    ObjectId target;   ///< the commit, tags peeled
};

/// An entry of a commit's tree.
struct TreeFile {
    std::string name;  ///< bytes
    ObjectId id;       ///< of the content, so that equal ids mean equal content
    bool isFolder = false;
};

struct NamedCommit {
    std::string reference;  ///< full name
    ObjectId commit;
};

/// Where HEAD stands.
struct Head {
    std::string branch;              ///< short name; empty when detached
    std::optional<ObjectId> commit;  ///< nothing on a branch without a commit
    [[nodiscard]] bool detached() const { return branch.empty() && commit.has_value(); }
    [[nodiscard]] bool unborn() const { return !commit.has_value(); }
};

enum class ChangeKind { Added, Modified, Deleted, Renamed, TypeChanged, Untracked, Conflicted };

/// One path of the status: the work tree against HEAD. Paths are bytes as git has them.
struct StatusEntry {
    std::string path;
    std::string oldPath;  ///< of a renamed file
    ChangeKind kind = ChangeKind::Modified;
    bool staged = false;    ///< something of it is in the index
    bool unstaged = false;  ///< something of it is only in the work tree
    std::int64_t size = 0;  ///< bytes in the work tree
    int addedLines = -1;    ///< −1 where not counted (binary, untracked, too large)
    int removedLines = -1;
};

struct DiffLine {
    enum class Kind { Context, Added, Removed };
    Kind kind = Kind::Context;
    int oldLine = -1;  ///< 1-based; −1 where the side has none
    int newLine = -1;
    std::string text;  ///< bytes of the line without its end
};

struct DiffHunk {
    int oldStart = 0;
    int oldLines = 0;
    int newStart = 0;
    int newLines = 0;
    std::vector<DiffLine> lines;
};

struct FileDiff {
    ChangeKind kind = ChangeKind::Modified;
    std::string oldPath;
    std::string newPath;
    std::uint32_t oldMode = 0;  ///< as git stores it (0100644, 0100755, 0120000 …); 0 where there is no file
    std::uint32_t newMode = 0;
    bool binary = false;
    bool tooLarge = false;  ///< over the limit; no hunks
    std::int64_t oldSize = 0;
    std::int64_t newSize = 0;
    int added = 0;    ///< lines
    int removed = 0;  ///< lines
    std::vector<DiffHunk> hunks;
    [[nodiscard]] const std::string& path() const { return newPath.empty() ? oldPath : newPath; }
};

}  // namespace runglass::git

template <>
struct std::hash<runglass::git::ObjectId> {
    std::size_t operator()(const runglass::git::ObjectId& id) const noexcept {
        std::size_t value = 0;
        std::memcpy(&value, id.bytes().data(), sizeof value);
        return value;
    }
};
