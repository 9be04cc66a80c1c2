// SPDX-License-Identifier: GPL-3.0-or-later
#include "proc_stat.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "runglass/base/file_descriptor.h"

namespace runglass::launch {

namespace {

/// Takes the space-separated numbers of a stat line one after the other.
class Fields {
public:
    explicit Fields(std::string_view text)
        : m_text(text) {}

    template <typename Number>
    Number next() {
        while (!m_text.empty() && m_text.front() == ' ') {
            m_text.remove_prefix(1);
        }
        Number value{};
        const auto result = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
        m_text.remove_prefix(static_cast<std::size_t>(result.ptr - m_text.data()));
        return value;
    }
    void skip(int count) {
        for (int i = 0; i < count; ++i) {
            next<std::int64_t>();
        }
    }

private:
    std::string_view m_text;
};

}  // namespace

std::string readProcFile(const char* path) {
    const FileDescriptor file(::open(path, O_RDONLY | O_CLOEXEC));
    std::string content;
    std::array<char, 4096> buffer{};
    ssize_t count = 0;
    while (file.valid() && (count = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
        content.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return content;
}

std::optional<ProcStat> readProcStat(int pid) {
    const std::string line = readProcFile(fmt::format("/proc/{}/stat", pid).c_str());
    // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
    const std::size_t close = line.rfind(") ");
    if (close == std::string::npos || close + 3 > line.size()) {
        return std::nullopt;
    }
    ProcStat stat;
    stat.pid = pid;
    stat.state = line[close + 2];
    Fields fields(std::string_view(line).substr(close + 3));
    stat.parent = fields.next<int>();   // field 4
    stat.group = fields.next<int>();    // 5
    stat.session = fields.next<int>();  // 6
    fields.skip(7);
    for (int i = 0; i < 4; ++i) {  // 14 utime, 15 stime, 16 cutime, 17 cstime
        stat.cpuTicks += static_cast<std::uint64_t>(fields.next<std::int64_t>());
    }
    fields.skip(4);
    stat.startTicks = fields.next<std::uint64_t>();  // 22
    fields.skip(1);
    stat.residentPages = fields.next<std::int64_t>();  // 24
    return stat;
}

}  // namespace runglass::launch
