// SPDX-License-Identifier: GPL-3.0-or-later
#include "redaction.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/capture.h"

namespace runglass::launch {

namespace {

/// `--API-Key`, `api_key` and `wandb.apikey` compared as `apikey`.
std::string lettersOf(std::string_view name) {
    std::string letters;
    for (const char byte : name) {
        const auto c = static_cast<unsigned char>(byte);
        if (std::isalnum(c) != 0) {
            letters += static_cast<char>(std::tolower(c));
        }
    }
    return letters;
}

bool isSecretFlag(std::string_view name) {
    constexpr std::array<std::string_view, 11> kEndings = {
        "password",  "passwd",      "passphrase", "secret",     "apikey",     "apitoken",
        "authtoken", "accesstoken", "accesskey",  "privatekey", "credentials"};
    const std::string letters = lettersOf(name);
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [&](std::string_view ending) { return letters.ends_with(ending); });
}

/// `token` alone, or of somebody: `eos_token` and `max_token` are what language models are configured with.
bool isTokenFlag(std::string_view name) {
    constexpr std::array<std::string_view, 13> kOwners = {
        "hf",  "huggingface", "hub",    "github",  "gitlab",  "wandb",   "slack",
        "bot", "user",        "bearer", "refresh", "session", "security"};
    std::string letters = lettersOf(name.substr(name.find_last_of("./") + 1));  // npos + 1 is 0
    if (!letters.ends_with("token")) {
        return false;
    }
    letters.resize(letters.size() - std::string_view("token").size());
    return letters.empty() || std::find(kOwners.begin(), kOwners.end(), letters) != kOwners.end();
}

bool isSecretParam(std::string_view name, std::string_view value) {
    return !value.empty() && value != "true" && value != "false" &&
           (isSecretFlag(name) || isTokenFlag(name) || looksLikeSecret({}, value));
}

void replaceAll(std::string& text, std::string_view wanted) {
    for (auto at = text.find(wanted); at != std::string::npos;
         at = text.find(wanted, at + kWithheldValue.size())) {
        text.replace(at, wanted.size(), kWithheldValue);
    }
}

}  // namespace

void withholdSecrets(model::RunDetail& detail) {
    std::set<std::string, std::greater<>> values;
    std::string names;
    for (auto& param : detail.record.params) {
        if (isSecretParam(param.key.text(), param.value.text())) {
            values.insert(param.value.str());
            names += (names.empty() ? "" : ", ") + param.key.str();
            param.value = Symbol(kWithheldValue);
        }
    }
    for (auto& word : detail.command) {
        if (looksLikeSecret({}, word)) {
            const auto sign = word.find('=');
            values.insert(sign == std::string::npos || !looksLikeSecret({}, word.substr(sign + 1))
                              ? word
                              : word.substr(sign + 1));
        }
    }
    // Short values would be found inside other words; a secret is at least as long as a bad password.
    std::erase_if(values, [](const std::string& value) { return value.size() < 4; });
    const auto before = detail.command;
    for (const auto& value : values) {
        std::for_each(detail.command.begin(), detail.command.end(),
                      [&](std::string& word) { replaceAll(word, value); });
        std::for_each(detail.configFiles.begin(), detail.configFiles.end(),
                      [&](model::ConfigFile& file) { replaceAll(file.content, value); });
    }
    if (!names.empty() || before != detail.command) {
        detail.problems.push_back(tr(
            "Values that look like secrets are not stored{}. Pass them in environment variables, so that the "
            "run can be repeated.",
            names.empty() ? std::string() : ": " + names));
    }
}

}  // namespace runglass::launch
