// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "generate.h"
#include "help.h"

namespace runglass::cli {

namespace {

/// Text for man(7): backslashes and hyphens are special anywhere, dots and quotes at the start of a line.
std::string roff(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool lineStart = result.empty() || result.back() == '\n';
        if (lineStart && (c == '.' || c == '\'')) {
            result += "\\&";
        }
        if (c == '\\') {
            result += "\\e";
        } else if (c == '-') {
            result += "\\-";
        } else {
            result += c;
        }
    }
    return result;
}

std::string optionEntry(const Option& option) {
    std::string head = "\\fB";
    if (option.letter != 0) {
        head += roff(std::string("-") + option.letter) + "\\fR, \\fB";
    }
    head += roff(option.name) + "\\fR";
    if (*option.value != '\0') {
        head += " \\fI" + roff(option.value) + "\\fR";
    }
    return ".TP\n" + head + "\n" + roff(option.help) + "\n";
}

std::string commandSection(const Command& command) {
    std::string text =
        ".SS \"runglass " + roff(usageLine(command)) + "\"\n" + roff(command.description) + "\n";
    for (const auto& argument : command.arguments) {
        text += std::string(".TP\n\\fI") + roff(argument.name) + "\\fR\n" + roff(argument.help) + "\n";
    }
    for (const auto& option : command.options) {
        text += optionEntry(option);
    }
    for (const auto& example : command.examples) {
        text += ".PP\n" + roff(example.what) + "\n.PP\n.RS 4\n.nf\n" + roff(example.line) + "\n.fi\n.RE\n";
    }
    return text;
}

}  // namespace

std::string manualPage() {
    std::string text =
        ".TH RUNGLASS 1 \"\" \"Runglass " RUNGLASS_VERSION
        "\" \"User Commands\"\n"
        ".SH NAME\nrunglass \\- track, find and compare machine\\-learning runs of a project\n"
        ".SH SYNOPSIS\n.B runglass\n.I COMMAND\n.RB [ \\-\\-project\n.IR DIR ]\n.RI [ ARGUMENT \\.\\.\\. ]\n"
        ".SH OPTIONS\n";
    for (const auto& option : globalOptions()) {
        text += optionEntry(option);
    }
    text += ".SH COMMANDS\n";
    for (const auto& command : commandTable()) {
        if (!command.hidden) {
            text += commandSection(command);
        }
    }
    return text;
}

}  // namespace runglass::cli
