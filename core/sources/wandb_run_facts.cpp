// SPDX-License-Identifier: GPL-3.0-or-later
// What a log says of its run as a whole: name, machine, source, end.
#include <algorithm>

#include "runglass/base/text.h"
#include "wandb_run.h"

namespace runglass::sources {
namespace {

int countOf(std::uint64_t number) {
    constexpr std::uint64_t kMost = 100'000;
    return static_cast<int>(std::min(number, kMost));
}

}  // namespace

/// GitRepoRecord{remote_url=1, commit=2}
bool WandbRun::addGit(ByteView message) {
    Wire fields(message);
    while (fields.next()) {
        if (fields.key() == Wire::bytesKey(1)) {
            gitRemote = toValidUtf8(fields.text());
        } else if (fields.key() == Wire::bytesKey(2)) {
            gitCommit = toValidUtf8(fields.text());
        } else {
            fields.skip();
        }
    }
    return fields.ok();
}

bool WandbRun::addRun(ByteView message) {
    Wire fields(message);
    bool ok = true;
    const auto text = [&] { return toValidUtf8(fields.text()); };
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::bytesKey(1):
                id = text();
                break;
            case Wire::bytesKey(2):
                entity = text();
                break;
            case Wire::bytesKey(3):
                project = text();
                break;
            case Wire::bytesKey(4):
                ok = addConfig(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(5):
                ok = addSummary(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(6):
                group = text();
                break;
            case Wire::bytesKey(7):
                jobType = text();
                break;
            case Wire::bytesKey(8):
                displayName = text();
                break;
            case Wire::bytesKey(9):
                notes = text();
                break;
            case Wire::bytesKey(10):
                tags.push_back(text());
                break;
            case Wire::bytesKey(12):
                sweep = text();
                break;
            case Wire::bytesKey(13):
                host = text();
                break;
            case Wire::varintKey(14):
                lastStep = static_cast<std::int64_t>(fields.varint()) - 1;
                break;
            case Wire::bytesKey(17):
                startTimeMs = wandbTimestamp(fields.bytes());
                break;
            case Wire::bytesKey(21):
                ok = addGit(fields.bytes()) && ok;
                break;
            default:
                fields.skip();
        }
    }
    return ok && fields.ok();
}

bool WandbRun::addExit(ByteView message) {
    exitCode = 0;
    Wire fields(message);
    while (fields.next()) {
        if (fields.key() == Wire::varintKey(1)) {
            exitCode = static_cast<int>(static_cast<std::int64_t>(fields.varint()));
        } else {
            fields.skip();
        }
    }
    return fields.ok();
}

bool WandbRun::addEnvironment(ByteView message) {
    Wire fields(message);
    bool ok = true;
    std::string program;
    std::vector<std::string> arguments;
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::bytesKey(1):
                operatingSystem = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(2):
                python = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(5):
                arguments.push_back(toValidUtf8(fields.text()));
                break;
            case Wire::bytesKey(6):
                program = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(9):
                ok = addGit(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(11):
                workingDirectory = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(12):
                host = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(14):
                executable = toValidUtf8(fields.text());
                break;
            case Wire::varintKey(16):  // cores; the logical ones come behind them, where they are told
            case Wire::varintKey(17):
                cpuCount = countOf(fields.varint());
                break;
            case Wire::bytesKey(18):
                gpuType = toValidUtf8(fields.text());
                break;
            case Wire::varintKey(19):
                gpuCount = countOf(fields.varint());
                break;
            default:
                fields.skip();
        }
    }
    if (!program.empty()) {  // a second record may hold the rest only
        command = {program};
        command.insert(command.end(), arguments.begin(), arguments.end());
    }
    return ok && fields.ok();
}

/// UseArtifactRecord{id=1, type=2, name=3}
bool WandbRun::addUsedArtifact(ByteView message) {
    model::Dataset dataset;
    Wire fields(message);
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::bytesKey(1):
                dataset.digest = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(3):
                dataset.name = toValidUtf8(fields.text());
                break;
            default:
                fields.skip();
        }
    }
    if (!dataset.name.empty()) {
        datasets.push_back(std::move(dataset));
    }
    return fields.ok();
}

}  // namespace runglass::sources
