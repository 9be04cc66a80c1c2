// SPDX-License-Identifier: GPL-3.0-or-later
// What must not be stored. Names are judged word by word, so that TOKENIZERS_PARALLELISM, MONKEY and KEYBOARD
// stay while HF_TOKEN and APIKEY go; values are judged by the prefixes that issuers give their tokens.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "runglass/launch/capture.h"

namespace runglass::launch {

namespace {

/// Variables whose names hold a telling word although their values are public or only local.
constexpr std::array<std::string_view, 8> kHarmlessNames = {
    "PWD",         "OLDPWD",      "SSH_AUTH_SOCK", "GPG_KEY", "PYTHON_KEYRING_BACKEND",
    "SSH_ASKPASS", "GIT_ASKPASS", "SUDO_ASKPASS"};

/// Words that make a name secret wherever they stand.
constexpr std::array<std::string_view, 17> kSecretWords = {
    "TOKEN",       "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASS", "PASSPHRASE", "PWD", "CREDENTIAL",
    "CREDENTIALS", "CREDS",  "KEY",     "AUTH",     "COOKIE", "PAT",  "PRIVATE",    "DSN"};

/// Endings for names written together: `GITHUBTOKEN`, `PGPASSWORD`, `wandbApiKey`.
constexpr std::array<std::string_view, 7> kSecretEndings = {"TOKEN",  "SECRET",    "PASSWORD", "PASSWD",
                                                            "APIKEY", "ACCESSKEY", "SECRETKEY"};

struct TokenPrefix {
    std::string_view prefix;
    std::size_t minLength;  ///< of the whole token
};

/// From the issuers' documentation (GitHub, GitLab, OpenAI, AWS, Slack, Hugging Face, Google, npm, PyPI, …).
constexpr std::array<TokenPrefix, 26> kTokenPrefixes = {{
    {"ghp_", 20},   {"gho_", 20},  {"ghu_", 20},     {"ghs_", 20},     {"ghr_", 20},     {"github_pat_", 22},
    {"glpat-", 20}, {"sk-", 20},   {"sk_live_", 16}, {"sk_test_", 16}, {"rk_live_", 16}, {"xoxb-", 16},
    {"xoxp-", 16},  {"xoxa-", 16}, {"xoxs-", 16},    {"xapp-", 16},    {"hf_", 20},      {"AIza", 35},
    {"ya29.", 20},  {"npm_", 20},  {"pypi-", 20},    {"dop_v1_", 20},  {"dapi", 36},     {"eyJ", 40},
    {"lsv2_", 20},  {"r8_", 30},
}};

std::string upper(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

bool isWordCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool isSecretWord(std::string_view word) {
    return std::find(kSecretWords.begin(), kSecretWords.end(), word) != kSecretWords.end() ||
           std::any_of(kSecretEndings.begin(), kSecretEndings.end(),
                       [&](std::string_view ending) { return word.ends_with(ending); });
}

bool isSecretName(std::string_view name) {
    const std::string capitals = upper(name);
    if (std::find(kHarmlessNames.begin(), kHarmlessNames.end(), capitals) != kHarmlessNames.end()) {
        return false;
    }
    std::size_t start = 0;
    while (start < capitals.size()) {
        std::size_t end = start;
        while (end < capitals.size() && isWordCharacter(capitals[end])) {
            ++end;
        }
        if (isSecretWord(std::string_view(capitals).substr(start, end - start))) {
            return true;
        }
        start = end + 1;
    }
    return false;
}

bool isTokenCharacter(char c) {
    return isWordCharacter(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == '+' || c == '=';
}

bool isAwsKeyId(std::string_view token) {
    return token.size() == 20 && (token.starts_with("AKIA") || token.starts_with("ASIA")) &&
           std::all_of(token.begin(), token.end(),
                       [](unsigned char c) { return std::isupper(c) != 0 || std::isdigit(c) != 0; });
}

bool isToken(std::string_view token) {
    return isAwsKeyId(token) ||
           std::any_of(kTokenPrefixes.begin(), kTokenPrefixes.end(), [&](const TokenPrefix& known) {
               return token.size() >= known.minLength && token.starts_with(known.prefix);
           });
}

/// Whether a token of a known issuer stands anywhere in `value`, between characters that no token has.
bool holdsToken(std::string_view value) {
    std::size_t start = 0;
    while (start < value.size()) {
        std::size_t end = start;
        while (end < value.size() && isTokenCharacter(value[end])) {
            ++end;
        }
        std::string_view token = value.substr(start, end - start);
        // `--token=ghp_…` and `a/ghp_…` keep `=` and `/` inside; look behind the last of each as well.
        const auto cut = token.find_last_of("=/");
        if (isToken(token) || (cut != std::string_view::npos && isToken(token.substr(cut + 1)))) {
            return true;
        }
        start = end + 1;
    }
    return false;
}

/// `scheme://user:password@host`, also with an empty user.
bool holdsUrlCredentials(std::string_view value) {
    for (std::size_t at = value.find("://"); at != std::string_view::npos; at = value.find("://", at + 3)) {
        const auto authority = value.substr(at + 3, value.find_first_of("/?# \t\"'", at + 3) - (at + 3));
        const auto sign = authority.rfind('@');
        if (sign != std::string_view::npos && authority.substr(0, sign).find(':') != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool looksLikeSecret(std::string_view name, std::string_view value) {
    if (value.empty()) {
        return false;
    }
    return isSecretName(name) || value.find("-----BEGIN ") != std::string_view::npos || holdsToken(value) ||
           holdsUrlCredentials(value);
}

}  // namespace runglass::launch
