// SPDX-License-Identifier: GPL-3.0-or-later
#include <vector>

#include "command.h"
#include "generate.h"

namespace runglass::cli {

namespace {

std::vector<const Command*> visibleCommands() {
    std::vector<const Command*> commands;
    for (const auto& command : commandTable()) {
        if (!command.hidden) {
            commands.push_back(&command);
        }
    }
    return commands;
}

std::string joinedChoices(const std::vector<const char*>& choices) {
    std::string words;
    for (const char* choice : choices) {
        words += (words.empty() ? "" : " ") + std::string(choice);
    }
    return words;
}

std::string commandNames() {
    std::string names;
    for (const auto* command : visibleCommands()) {
        names += (names.empty() ? "" : " ") + std::string(command->name);
    }
    return names;
}

/// The call that fills COMPREPLY; the functions are in the script's head.
std::string bashAction(Completes completes, const std::vector<const char*>& choices) {
    if (!choices.empty()) {
        return "_runglass_words " + joinedChoices(choices);
    }
    switch (completes) {
        case Completes::Run:
            return "_runglass_ask runs";
        case Completes::MetricKey:
            return "_runglass_ask metrics";
        case Completes::File:
            return "_runglass_files -f";
        case Completes::Folder:
            return "_runglass_files -d";
        case Completes::Command:
            return "_runglass_words " + commandNames();
        case Completes::Nothing:
            break;
    }
    return ":";
}

std::string bashCommand(const Command& command) {
    std::string options;
    std::string values;
    for (const Option* option : optionsOf(command)) {
        options += std::string(options.empty() ? "" : " ") + option->name;
        if (*option->value != '\0') {
            const auto letter = option->letter == 0 ? std::string() : std::string("|-") + option->letter;
            values += std::string("                ") + option->name + letter + ") " +
                      bashAction(option->completes, option->choices) + "; return ;;\n";
        }
    }
    const auto argument = command.passThrough         ? std::string("_runglass_files -c")
                          : command.arguments.empty() ? std::string(":")
                                                      : bashAction(command.arguments.back().completes, {});
    return std::string("        ") + command.name + ")\n            case \"$previous\" in\n" + values +
           "            esac\n            if [[ $current == -* ]]; then _runglass_words " + options +
           "; else " + argument + "; fi ;;\n";
}

constexpr const char* kBashHead = R"sh(# bash completion for runglass, made from its command table.

_runglass_words() {
    local word
    for word in "$@"; do
        [[ $word == "$current"* ]] && COMPREPLY+=("$word")
    done
}

_runglass_files() {
    local name
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen "$1" -- "$current")
}

# Ids of runs and keys of metrics, from the program itself.
_runglass_ask() {
    local name rest
    while IFS=$'\t' read -r name rest; do
        [[ $name == "$current"* ]] && COMPREPLY+=("$(printf '%q' "$name")")
    done < <(runglass __complete "$1" "${project[@]}" 2>/dev/null)
}

_runglass() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= i
    local -a project=()
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            --project) project=(--project "${COMP_WORDS[i + 1]}"); ((i++)) ;;
            -*) ;;
            *) [[ -z $command ]] && command=${COMP_WORDS[i]} ;;
        esac
    done
    [[ $previous == --project ]] && { _runglass_files -d; return; }
)sh";

std::string zshEscaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\'') {
            result += "'\\''";
        } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
            result += std::string("\\") + c;
        } else {
            result += c;
        }
    }
    return result;
}

std::string zshAction(Completes completes, const std::vector<const char*>& choices) {
    if (!choices.empty()) {
        return "(" + joinedChoices(choices) + ")";
    }
    switch (completes) {
        case Completes::Run:
            return "_runglass_runs";
        case Completes::MetricKey:
            return "_runglass_metrics";
        case Completes::File:
            return "_files";
        case Completes::Folder:
            return "_files -/";
        case Completes::Command:
            return "(" + commandNames() + ")";
        case Completes::Nothing:
            break;
    }
    return " ";
}

std::string zshOption(const Option& option) {
    const std::string star = option.repeated ? "*" : "";
    const auto value = *option.value == '\0' ? std::string()
                                             : ":" + zshEscaped(option.value) + ":" +
                                                   zshAction(option.completes, option.choices);
    const auto spec = [&](const std::string& name) {
        return " \\\n                '" + star + name + "[" + zshEscaped(option.help) + "]" + value + "'";
    };
    return spec(option.name) + (option.letter == 0 ? std::string() : spec(std::string("-") + option.letter));
}

std::string zshCommand(const Command& command) {
    std::string text = std::string("        ") + command.name + ")\n            _arguments";
    for (const Option* option : optionsOf(command)) {
        text += zshOption(*option);
    }
    if (command.passThrough) {
        text += " \\\n                '*::command:_normal'";
    } else {
        int position = 1;
        for (const auto& argument : command.arguments) {
            const auto place = argument.many ? std::string("*") : std::to_string(position++);
            const auto optional = argument.required || argument.many ? ":" : "::";
            text += " \\\n                '" + place + optional + zshEscaped(argument.name) + ":" +
                    zshAction(argument.completes, {}) + "'";
        }
    }
    return text + " ;;\n";
}

constexpr const char* kZshHead = R"sh(#compdef runglass
# zsh completion for runglass, made from its command table.

_runglass_ask() {
    local -a found
    local name rest
    while IFS=$'\t' read -r name rest; do
        found+=("${name//:/\\:}:$rest")
    done < <(runglass __complete $1 2>/dev/null)
    _describe -t $1 $1 found
}
_runglass_runs() { _runglass_ask runs }
_runglass_metrics() { _runglass_ask metrics }

_runglass() {
    local curcontext=$curcontext state line
    typeset -A opt_args
)sh";

}  // namespace

std::string bashCompletion() {
    std::string globals;
    for (const auto& option : globalOptions()) {
        globals += std::string(globals.empty() ? "" : " ") + option.name;
    }
    std::string text = kBashHead;
    text += "    case $command in\n        '') _runglass_words " + commandNames() + " " + globals + " ;;\n";
    for (const auto* command : visibleCommands()) {
        text += bashCommand(*command);
    }
    return text + "    esac\n}\ncomplete -F _runglass runglass\n";
}

std::string zshCompletion() {
    std::string text = kZshHead;
    text += "    _arguments -C";
    for (const auto& option : globalOptions()) {
        text += zshOption(option);
    }
    text +=
        " \\\n                '1:command:->command' '*::argument:->argument'\n    case $state in\n    "
        "command)\n"
        "        local -a commands=(\n";
    for (const auto* command : visibleCommands()) {
        text += std::string("            '") + command->name + ":" + zshEscaped(command->summary) + "'\n";
    }
    text += "        )\n        _describe command commands ;;\n    argument)\n        case $line[1] in\n";
    for (const auto* command : visibleCommands()) {
        text += zshCommand(*command);
    }
    return text + "        esac ;;\n    esac\n}\n\n_runglass \"$@\"\n";
}

}  // namespace runglass::cli
