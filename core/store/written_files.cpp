// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/written_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/text.h"

namespace runglass::store {
namespace {

constexpr std::uint64_t kMaxBytes = 16U << 20U;

std::string encoded(const std::filesystem::path& path) {
    std::string text;
    for (const char c : path.native()) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7F && byte != '%') {
            text += c;
        } else {
            text += fmt::format("%{:02x}", byte);
        }
    }
    return text;
}

std::optional<unsigned> digitOf(char c) {
    return c >= '0' && c <= '9'   ? std::optional(static_cast<unsigned>(c - '0'))
           : c >= 'a' && c <= 'f' ? std::optional(static_cast<unsigned>(c - 'a') + 10)
                                  : std::nullopt;
}

std::filesystem::path decoded(std::string_view text) {
    std::string path;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto high = text[i] == '%' && i + 2 < text.size() ? digitOf(text[i + 1]) : std::nullopt;
        const auto low = high ? digitOf(text[i + 2]) : std::nullopt;
        if (low) {
            path += static_cast<char>(*high * 16 + *low);
            i += 2;
        } else {
            path += text[i];
        }
    }
    return path;
}

/// Takes the first word of a line.
std::string_view takeWord(std::string_view& line) {
    const auto space = line.find(' ');
    const auto word = line.substr(0, space);
    line = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
    return word;
}

void takeLine(std::string_view line, WrittenFiles& written) {
    const auto what = takeWord(line);
    if (what == "start") {
        written.startMs = parseInt(takeWord(line)).value_or(0);
        written.workingDirectory = decoded(line);
    } else if (what == "pid") {
        if (const auto pid = parseInt(line); pid && *pid > 0 && *pid <= INT32_MAX) {
            written.processes.push_back(static_cast<int>(*pid));
        }
    } else if (what == "open") {
        const bool appends = takeWord(line) == "a";
        written.opened.push_back({decoded(line), appends});
    } else if (what == "end") {
        written.endMs = parseInt(line);
    } else if (what == "kept") {
        const auto size = parseInt(takeWord(line));
        const auto modified = parseInt(takeWord(line));
        if (size && modified) {
            written.kept.push_back({decoded(line), static_cast<std::uint64_t>(*size), *modified});
        }
    } else if (what == "settled") {
        written.settled = true;
    }
}

}  // namespace

std::filesystem::path writtenFolder(const Layout& layout) {
    return layout.root() / "written";
}

WrittenFilesLog::WrittenFilesLog(const Layout& layout, const RunId& run)
    : m_file(writtenFolder(layout) / run.hex()) {}

void WrittenFilesLog::append(std::string_view lines) const {
    const FileDescriptor file(::open(m_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (file.valid()) {
        [[maybe_unused]] const auto written = ::write(file.get(), lines.data(), lines.size());
    }
}

void WrittenFilesLog::start(std::int64_t ms, const std::filesystem::path& workingDirectory) {
    std::error_code ignored;
    std::filesystem::create_directories(m_file.parent_path(), ignored);
    append(fmt::format("start {} {}\n", ms, encoded(workingDirectory)));
}

void WrittenFilesLog::addProcess(int pid) {
    append(fmt::format("pid {}\n", pid));
}

void WrittenFilesLog::addOpened(const OpenedFile& file) {
    append(fmt::format("open {} {}\n", file.appends ? 'a' : 'w', encoded(file.path)));
}

void WrittenFilesLog::end(std::int64_t ms) {
    append(fmt::format("end {}\n", ms));
}

void WrittenFilesLog::settle(std::span<const KeptFile> kept) {
    std::string lines;
    for (const auto& file : kept) {
        lines += fmt::format("kept {} {} {}\n", file.size, file.modifiedNs, encoded(file.path));
    }
    append(lines + "settled\n");
}

void WrittenFilesLog::remove() {
    ::unlink(m_file.c_str());
}

std::optional<WrittenFiles> readWrittenFiles(const Layout& layout, const RunId& run) {
    const auto content = readFile(writtenFolder(layout) / run.hex(), kMaxBytes);
    if (!content || !content->starts_with("start ")) {
        return std::nullopt;
    }
    WrittenFiles written;
    written.run = run;
    std::string_view rest = *content;
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        takeLine(rest.substr(0, end), written);
        rest.remove_prefix(end + 1);
    }
    return written;
}

}  // namespace runglass::store
