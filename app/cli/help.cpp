// SPDX-License-Identifier: GPL-3.0-or-later
#include "help.h"

#include <algorithm>

#include "runglass/base/translate.h"
#include "text_width.h"

namespace runglass::cli {

namespace {

constexpr std::size_t kWidth = 96;
constexpr std::size_t kOptionColumn = 26;

std::string optionHead(const Option& option) {
    std::string head = "  ";
    if (option.letter != 0) {
        head += std::string("-") + option.letter + ", ";
    }
    head += option.name;
    if (*option.value != '\0') {
        head += std::string(" ") + option.value;
    }
    return head;
}

std::string entry(std::string head, const char* help) {
    if (textWidth(head) + 2 > kOptionColumn) {
        head += "\n" + std::string(kOptionColumn, ' ');
    } else {
        head.append(kOptionColumn - textWidth(head), ' ');
    }
    return head + wrapped(tr(help), kWidth - kOptionColumn, kOptionColumn) + "\n";
}

std::string examples(const Command& command) {
    if (command.examples.empty()) {
        return {};
    }
    std::string text = "\n" + tr("Examples:") + "\n";
    for (const auto& example : command.examples) {
        text +=
            std::string("  ") + example.line + "\n      " + wrapped(tr(example.what), kWidth - 6, 6) + "\n";
    }
    return text;
}

}  // namespace

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
    std::string result;
    std::size_t column = 0;
    std::size_t position = 0;
    while (position < text.size()) {
        const auto end = std::min(text.find_first_of(" \n", position), text.size());
        const auto word = text.substr(position, end - position);
        if (column > 0 && column + 1 + textWidth(word) > width) {
            result += "\n" + std::string(indent, ' ');
            column = 0;
        } else if (column > 0) {
            result += ' ';
            ++column;
        }
        result += word;
        column += textWidth(word);
        if (end < text.size() && text[end] == '\n') {
            result += "\n" + std::string(indent, ' ');
            column = 0;
        }
        position = end + 1;
    }
    return result;
}

std::string usageLine(const Command& command) {
    std::string line = command.name;
    for (const auto& option : command.options) {
        const std::string value = *option.value == '\0' ? "" : std::string(" ") + option.value;
        line += std::string(" [") + option.name + value + "]" + (option.repeated ? "…" : "");
    }
    if (command.data) {
        line += " [--format table|json|csv]";
    }
    if (command.passThrough) {
        line += " --";
    }
    for (const auto& argument : command.arguments) {
        const std::string name = std::string(argument.name) + (argument.many ? "…" : "");
        line += argument.required ? " " + name : " [" + name + "]";
    }
    return line;
}

std::string overviewHelp() {
    std::string text = tr("runglass: track, find and compare machine-learning runs of a project") + "\n\n" +
                       tr("Usage:") + " runglass COMMAND [--project DIR] …\n\n" + tr("Commands:") + "\n";
    for (const auto& command : commandTable()) {
        if (!command.hidden) {
            text += entry(std::string("  ") + command.name, command.summary);
        }
    }
    text += "\n" + tr("Options:") + "\n";
    for (const auto& option : globalOptions()) {
        text += entry(optionHead(option), option.help);
    }
    text += "\n" + tr("Examples:") + "\n";
    text += "  runglass run -- python train.py --lr 3e-3\n";
    text += "  runglass runs --filter \"metrics.val/acc > 0.9\" --order-by \"metrics.val/acc DESC\"\n";
    text += "  runglass open\n\n";
    return text + tr("runglass COMMAND --help explains a command; man runglass explains them all.") + "\n";
}

std::string commandHelp(const Command& command) {
    std::string text = std::string("runglass ") + command.name + ": " + tr(command.summary) + "\n\n" +
                       tr("Usage:") + " runglass " + wrapped(usageLine(command), kWidth - 16, 16) + "\n\n" +
                       wrapped(tr(command.description), kWidth, 0) + "\n" + examples(command);
    if (!command.arguments.empty()) {
        text += "\n" + tr("Arguments:") + "\n";
        for (const auto& argument : command.arguments) {
            text += entry(std::string("  ") + argument.name, argument.help);
        }
    }
    text += "\n" + tr("Options:") + "\n";
    for (const Option* option : optionsOf(command)) {
        text += entry(optionHead(*option), option->help);
    }
    return text;
}

}  // namespace runglass::cli
