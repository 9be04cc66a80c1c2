// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/goal.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string>

namespace runglass::model {

namespace {

constexpr std::array<std::string_view, 24> kSmaller{
    "loss", "err", "error", "mae", "mse",   "rmse",       "mape", "ece", "nll",    "bce",     "ce",  "wer",
    "cer",  "fid", "kl",    "ppl", "brier", "perplexity", "bpc",  "bpb", "regret", "logloss", "eer", "fpr"};
constexpr std::array<std::string_view, 23> kLarger{
    "acc",   "accuracy", "auc",       "auroc",  "auprc",   "f1",    "map",    "iou",
    "miou",  "dice",     "precision", "recall", "bleu",    "rouge", "reward", "return",
    "score", "r2",       "psnr",      "ssim",   "success", "ndcg",  "mrr"};

bool isWordCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool contains(const auto& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Goal goalOf(std::string_view metricKey) {
    Goal goal = Goal::Unknown;
    for (std::size_t i = 0; i < metricKey.size();) {
        std::string word;
        while (i < metricKey.size() && isWordCharacter(metricKey[i])) {
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(metricKey[i++])));
        }
        ++i;
        // The last word that says something decides: `f1_loss` is a loss.
        if (contains(kSmaller, word)) {
            goal = Goal::Minimize;
        } else if (contains(kLarger, word)) {
            goal = Goal::Maximize;
        }
    }
    return goal;
}

std::optional<double> bestOf(const MetricSummary& summary, Goal goal) {
    const double value = goal == Goal::Minimize ? summary.min : summary.max;
    if (goal == Goal::Unknown || summary.count == 0 || std::isnan(value)) {
        return std::nullopt;
    }
    return value;
}

}  // namespace runglass::model
