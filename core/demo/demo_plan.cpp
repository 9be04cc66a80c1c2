// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_plan.h"

namespace runglass::demo {

namespace {

const std::string kBaseline = "1-baseline";
const std::string kHiddenLayer = "2-hidden-layer";
const std::string kMomentum = "3-momentum";
const std::string kAugmentation = "4-augmentation";

const PlannedEdit kReadme{"README.md", "    runglass open\n",
                          "    runglass open\n    runglass diff mlp-64 mlp-128 --only-different\n"};

PlannedRun seeded(const std::string& name, int seed, std::vector<std::string> arguments) {
    const auto text = std::to_string(seed);
    arguments.insert(arguments.end(), {"--seed", text});
    return {name + " s" + text, "digits-mlp", std::move(arguments), {}, false};
}

}  // namespace

std::vector<PlannedStage> demoPlan() {
    std::vector<PlannedStage> plan;

    plan.push_back({{kBaseline},
                    {},
                    PlannedCommit{"Logistic regression baseline", "main", {}, "v0.1"},
                    {{"logreg-lr0.1", "digits-logreg", {"--lr", "0.1"}, {{"stage", "baseline"}}, false},
                     {"logreg-lr0.5", "digits-logreg", {"--lr", "0.5"}, {{"stage", "baseline"}}, false}}});

    plan.push_back({{kBaseline, kHiddenLayer},
                    {},
                    PlannedCommit{"Add a hidden layer", "main", {0}, {}},
                    {{"mlp-32", "digits-mlp", {"--hidden", "32", "--lr", "0.1"}, {}, false},
                     {"mlp-64", "digits-mlp", {"--hidden", "64", "--lr", "0.1"}, {}, false},
                     {"mlp-128", "digits-mlp", {"--hidden", "128", "--lr", "0.1"}, {}, false},
                     {"mlp-64-lr20", "digits-mlp", {"--hidden", "64", "--lr", "20"}, {}, false}}});

    plan.push_back({{kBaseline, kHiddenLayer},
                    {{"configs/mlp.toml", "batch_size = 64", "batch_size = 16"}},
                    std::nullopt,
                    {{"mlp-64-bs16", "digits-mlp", {"--hidden", "64", "--lr", "0.1"}, {}, false}}});

    plan.push_back(
        {{kBaseline, kHiddenLayer, kMomentum},
         {},
         PlannedCommit{"Momentum and a cosine schedule", "momentum", {1}, {}},
         {seeded("mlp-128-cos", 1, {"--hidden", "128"}), seeded("mlp-128-cos", 2, {"--hidden", "128"}),
          seeded("mlp-128-cos", 3, {"--hidden", "128"})}});

    plan.push_back({{kBaseline, kHiddenLayer},
                    {kReadme},
                    PlannedCommit{"Say how to compare two runs", "main", {1}, {}},
                    {}});

    plan.push_back({{kBaseline, kHiddenLayer, kMomentum},
                    {kReadme},
                    PlannedCommit{"Merge branch momentum", "main", {4, 3}, {}},
                    {}});

    const std::vector<std::string> wide{"--hidden", "256", "--epochs", "120"};
    plan.push_back({{kBaseline, kHiddenLayer, kMomentum, kAugmentation},
                    {kReadme},
                    PlannedCommit{"Shift the training images by a pixel", "main", {5}, "v0.2"},
                    {seeded("mlp-256-cos-aug", 1, wide),
                     seeded("mlp-256-cos-aug", 2, wide),
                     seeded("mlp-256-cos-aug", 3, wide),
                     {"mlp-512-long", "digits-mlp", {"--hidden", "512", "--epochs", "5000"}, {}, true}}});

    plan.push_back(
        {{kBaseline, kHiddenLayer, kMomentum, kAugmentation},
         {kReadme,
          {"configs/mlp.toml", "weight_decay = 1e-4", "weight_decay = 5e-4"},
          {"model.py", "        hidden = np.maximum(images @ p[\"w1\"] + p[\"b1\"], 0)\n",
           "        hidden = np.tanh(images @ p[\"w1\"] + p[\"b1\"])\n"},
          {"model.py", "* (hidden > 0)", "* (1 - hidden ** 2)"},
          {"NOTES.md",
           {},
           "tanh in place of ReLU, and more weight decay: does the gap to the training loss close?\n"}},
         std::nullopt,
         {{"mlp-256-tanh", "digits-mlp", {"--hidden", "256", "--epochs", "80"}, {{"idea", "tanh"}}, false}}});
    return plan;
}

}  // namespace runglass::demo
