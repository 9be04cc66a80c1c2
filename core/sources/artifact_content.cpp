// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/artifact_content.h"

#include <algorithm>
#include <array>

#include "runglass/base/new_file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kMaxImage = 64U << 20U;
constexpr std::uint64_t kMaxText = 1U << 20U;
constexpr std::uint64_t kMaxTable = 16U << 20U;
constexpr std::uint64_t kMaxEmbedded = 256U << 20U;  // of what is no file of its own
constexpr std::size_t kMaxRows = 10'000;
constexpr std::size_t kHead = 8000;  // what git looks at to tell text from the rest

bool isImage(std::string_view head) {
    using namespace std::literals;
    constexpr std::array kStarts{"\x89PNG\r\n\x1a\n"sv, "\xff\xd8\xff"sv, "GIF87a"sv, "GIF89a"sv};
    const bool bitmap = head.starts_with("BM") && head.size() > 14 && head.substr(6, 4) == "\0\0\0\0"sv;
    const bool webp = head.starts_with("RIFF") && head.size() > 12 && head.substr(8, 4) == "WEBP";
    return bitmap || webp ||
           std::ranges::any_of(kStarts, [&](std::string_view start) { return head.starts_with(start); });
}

bool isText(std::string_view head) {
    return head.find('\0') == std::string_view::npos;
}

/// Where an artifact's bytes come from: a file of its own, or the inside of another one.
class Content {
public:
    static Result<Content> open(ProjectRuns& runs, const RunId& run, const model::Artifact& artifact,
                                const std::stop_token& stop) {
        Content content;
        if (auto file = runs.openArtifact(run, artifact)) {
            content.m_file = std::move(file).value();
            content.m_isFile = true;
            return content;
        }
        RUNGLASS_ASSIGN(content.m_bytes, runs.artifact(run, artifact, kMaxEmbedded, stop));
        return content;
    }

    [[nodiscard]] std::uint64_t size() const { return m_isFile ? m_file.size : m_bytes.size(); }

    Result<void> forEach(const std::function<Result<void>(std::string_view)>& use,
                         const std::stop_token& stop) const {
        return m_isFile ? forEachPiece(m_file, use, stop) : use(m_bytes);
    }

    /// The first bytes, at most `most`.
    [[nodiscard]] Result<std::string> start(std::uint64_t most, const std::stop_token& stop) const {
        std::string start;
        const auto end = Error{ErrorCode::TooLarge, {}, {}};
        const auto read = forEach(
            [&](std::string_view piece) -> Result<void> {
                start += piece.substr(0, static_cast<std::size_t>(most - start.size()));
                return start.size() == most ? Result<void>(end) : Result<void>();
            },
            stop);
        if (!read && read.error().code != ErrorCode::TooLarge) {
            return read.error();
        }
        return start;
    }

private:
    ArtifactFile m_file;
    std::string m_bytes;
    bool m_isFile = false;
};

/// Without the beginning of a character whose rest was not read.
void dropHalfCharacter(std::string& text) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if (byte >= 0xC0U) {
            const std::size_t length = byte >= 0xF0U ? 4 : byte >= 0xE0U ? 3 : 2;
            if (length > back) {
                text.resize(text.size() - back);
            }
            return;
        }
        if (byte < 0x80U) {
            return;
        }
    }
}

}  // namespace

Result<ArtifactContent> readArtifactContent(ProjectRuns& runs, const RunId& run,
                                            const model::Artifact& artifact, const std::stop_token& stop) {
    RUNGLASS_ASSIGN(const auto content, Content::open(runs, run, artifact, stop));
    RUNGLASS_ASSIGN(const auto head, content.start(kHead, stop));
    ArtifactContent shown;
    shown.size = content.size();
    if (isImage(head)) {
        if (shown.size > kMaxImage) {
            return Error{ErrorCode::TooLarge,
                         tr("{} has more than {} bytes.", toValidUtf8(artifact.path), kMaxImage),
                         {}};
        }
        shown.kind = ContentKind::Image;
        RUNGLASS_ASSIGN(shown.bytes, content.start(kMaxImage, stop));
        return shown;
    }
    if (!isText(head)) {
        return shown;
    }
    if (const auto form = tableFormOf(artifact.path)) {
        RUNGLASS_ASSIGN(const auto start, content.start(kMaxTable, stop));
        const bool all = start.size() == content.size();
        auto table = tableIn(start, *form, all, kMaxRows);
        if (!table.columns.empty()) {
            shown.kind = ContentKind::Table;
            shown.columns = std::move(table.columns);
            shown.whole = table.whole;
            return shown;
        }
    }
    shown.kind = ContentKind::Text;
    RUNGLASS_ASSIGN(auto text, content.start(kMaxText, stop));
    shown.whole = text.size() == content.size();
    if (!shown.whole) {
        dropHalfCharacter(text);
    }
    shown.bytes = toValidUtf8(text);
    return shown;
}

Result<void> forEachPieceOf(ProjectRuns& runs, const RunId& run, const model::Artifact& artifact,
                            const std::function<Result<void>(std::string_view)>& use,
                            const std::stop_token& stop) {
    RUNGLASS_ASSIGN(const auto content, Content::open(runs, run, artifact, stop));
    return content.forEach(use, stop);
}

Result<void> saveArtifact(ProjectRuns& runs, const RunId& run, const model::Artifact& artifact,
                          const std::filesystem::path& target, const std::stop_token& stop,
                          jobs::Progress* progress) {
    RUNGLASS_ASSIGN(const auto content, Content::open(runs, run, artifact, stop));
    RUNGLASS_ASSIGN(auto out, NewFile::begin(target));
    std::uint64_t done = 0;
    RUNGLASS_TRY(content.forEach(
        [&](std::string_view piece) {
            done += piece.size();
            if (progress != nullptr) {
                progress->set(done, std::max(done, content.size()));
            }
            return out.write(piece);
        },
        stop));
    return out.finish();
}

}  // namespace runglass::sources
