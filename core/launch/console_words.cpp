// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cctype>

#include "console_line.h"

namespace runglass::launch {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool isStepWord(std::string_view word) {
    constexpr std::array<std::string_view, 15> kWords = {
        "epoch", "step", "steps", "iter",    "iters", "iteration", "global_step", "globalstep",
        "batch", "it",   "itr",   "episode", "round", "update",    "_step"};
    return word.size() <= 12 && contains(kWords, lower(word));
}

bool isIgnoredKey(std::string_view key) {
    constexpr std::array<std::string_view, 28> kKeys = {
        "eta",     "pid",       "ppid",      "port",       "seed",       "version", "v_num",
        "line",    "lineno",    "code",      "date",       "timestamp",  "ts",      "asctime",
        "elapsed", "remaining", "exit_code", "exit code",  "python",     "torch",   "cuda",
        "numpy",   "device",    "rank",      "local_rank", "world_size", "year",    "created"};
    const std::string name = lower(key);
    // `ValueError: 3` is the end of a traceback; `test_error: 3` is a metric.
    const bool exception = name.size() > 5 && name.ends_with("error") && name.find('_') == std::string::npos;
    return exception || contains(kKeys, name) || name.ends_with("exception") || name.ends_with("warning") ||
           name.ends_with("version");
}

bool hasMetricWord(std::string_view key) {
    constexpr std::array<std::string_view, 44> kWords = {
        "loss", "losses", "acc",     "accuracy", "f1",   "auc",  "auroc",      "precision", "recall",
        "mae",  "mse",    "rmse",    "mape",     "r2",   "ppl",  "perplexity", "bleu",      "rouge",
        "iou",  "miou",   "dice",    "map",      "psnr", "ssim", "fid",        "reward",    "score",
        "lr",   "norm",   "kl",      "nll",      "elbo", "wer",  "cer",        "bpc",       "bpb",
        "mfu",  "top",    "logloss", "entropy",  "ndcg", "mrr",  "bce",        "ce"};
    const std::string name = lower(key);
    std::size_t start = 0;
    while (start < name.size()) {
        std::size_t end = start;
        while (end < name.size() && std::isalnum(static_cast<unsigned char>(name[end])) != 0) {
            ++end;
        }
        const auto part = std::string_view(name).substr(start, end - start);
        const auto letters = part.substr(0, part.find_last_not_of("0123456789") + 1);  // acc1, top5
        if (contains(kWords, part) || contains(kWords, letters)) {
            return true;
        }
        start = end + 1;
    }
    return false;
}

std::string visibleText(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) {
        line.remove_suffix(1);
    }
    if (const auto back = line.rfind('\r'); back != std::string_view::npos) {
        line.remove_prefix(back + 1);
    }
    std::string text;
    text.reserve(line.size());
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto c = static_cast<unsigned char>(line[i]);
        if (c == 0x1B && i + 1 < line.size() && line[i + 1] == '[') {
            // CSI: parameters, then one final byte (ECMA-48 §5.4).
            i += 2;
            while (i < line.size() && (line[i] < 0x40 || line[i] > 0x7E)) {
                ++i;
            }
        } else if (c == 0x1B && i + 1 < line.size() && line[i + 1] == ']') {
            // OSC, until BEL or ST: titles and links.
            while (i < line.size() && line[i] != '\a' && !(line[i] == '\\' && line[i - 1] == 0x1B)) {
                ++i;
            }
        } else if (c == '\b') {
            if (!text.empty()) {
                text.pop_back();
            }
        } else if (c >= 0x20 || c == '\t') {
            text += line[i];
        }
    }
    return text;
}

}  // namespace runglass::launch
