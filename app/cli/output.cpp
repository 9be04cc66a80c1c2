// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "runglass/base/translate.h"
#include "text_width.h"

namespace runglass::cli {

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);  // flushOutput() reports what went wrong
}

void complain(std::string_view message) {
    std::fflush(stdout);
    const std::string line = "runglass: " + printable(message) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

bool flushOutput() {
    const bool flushed = std::fflush(stdout) == 0;
    if (flushed && std::ferror(stdout) == 0) {
        return true;
    }
    if (errno != EPIPE) {
        complain(tr("The output could not be written: {}.",
                    std::error_code(errno, std::generic_category()).message()));
    }
    return false;
}

std::size_t terminalWidth() {
    winsize size{};
    if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
        return 0;
    }
    return size.ws_col;
}

}  // namespace runglass::cli
