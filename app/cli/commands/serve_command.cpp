// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "command_table.h"
#include "foreign_artifacts.h"
#include "invocation.h"
#include "output.h"
#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/script_flags.h"
#include "runglass/tracking/standing_server.h"
#include "text_width.h"

namespace runglass::cli {

namespace {

constexpr std::int64_t kUsualPort = 5000;  // that of mlflow server
constexpr long kRelaxSeconds = 30;

std::string noProxy() {
    for (const char* const name : {"no_proxy", "NO_PROXY"}) {
        const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any here
        if (value != nullptr && *value != '\0') {
            return value;
        }
    }
    return {};
}

bool isSet(const char* variable) {
    const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets any here
    return value != nullptr && *value != '\0';
}

/// For a shell to read, as it is pasted there or by eval.
std::string instructions(const std::string& uri, const std::string& token) {
    std::string text = fmt::format("export MLFLOW_TRACKING_URI={}\n", uri);
    if (!token.empty()) {
        text += fmt::format("export MLFLOW_TRACKING_TOKEN={}\n", launch::joinCommand({token}));
        if (isSet("MLFLOW_TRACKING_USERNAME") && isSet("MLFLOW_TRACKING_PASSWORD")) {
            text += "unset MLFLOW_TRACKING_USERNAME MLFLOW_TRACKING_PASSWORD\n";  // they win over a token
        }
    }
    if (isSet("HTTP_PROXY") || isSet("http_proxy") || isSet("ALL_PROXY") || isSet("all_proxy")) {
        text += fmt::format("export NO_PROXY={0} no_proxy={0}\n",
                            launch::joinCommand({tracking::withLoopback(noProxy())}));
    }
    return text;
}

bool isOpen(const tracking::ServerOptions& options) {
    return !tracking::isLoopback(options.address);
}

constexpr std::uint64_t kLargestToken = 4096;

/// Of a pipe, too: `--token-file <(pass show runglass)`.
Result<std::string> readToken(const std::filesystem::path& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto cannotRead = [&](int why) {
        return errorFromErrno(why, tr("The token cannot be read."), path);
    };
    if (!file.valid()) {
        return cannotRead(errno);
    }
    std::string text(kLargestToken + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto got = ::read(file.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return cannotRead(errno);
        }
        if (got == 0) {
            text.resize(size);
            return text;
        }
        size += static_cast<std::size_t>(got);
    }
    return Error{
        ErrorCode::TooLarge,
        tr("{} has more than {} bytes, which is no token.", toValidUtf8(path.native()), kLargestToken),
        {}};
}

/// A header has one line, and nothing else that cannot be seen (RFC 9110 §5.5).
Result<std::string> sendable(std::string token) {
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (std::any_of(token.begin(), token.end(), isControl)) {
        return Error{ErrorCode::Invalid,
                     tr("The token has a line break or another control character, which no client can send. "
                        "Give one without."),
                     {}};
    }
    return Result<std::string>(std::move(token));
}

/// What is given on the command line anybody on the machine can read there.
Result<std::string> tokenFor(const Invocation& invocation) {
    const auto given = invocation.value("--token");
    const auto file = invocation.value("--token-file");
    if (given && file) {
        return Error{
            ErrorCode::Invalid, tr("--token and --token-file exclude each other. Give one of them."), {}};
    }
    if (given && trimmed(*given).empty()) {
        return Error{ErrorCode::Invalid,
                     tr("--token is empty: with it everybody could log here. Leave it out, or give a token."),
                     {}};
    }
    if (!file) {
        const char* const value = std::getenv("RUNGLASS_TOKEN");  // NOLINT(concurrency-mt-unsafe)
        return sendable(given ? std::string(*given) : std::string(value != nullptr ? value : ""));
    }
    RUNGLASS_ASSIGN(const auto text, readToken(std::filesystem::path(*file)));
    const std::string token(trimmed(text));
    if (token.empty() || token.find('\n') != std::string::npos) {
        return Error{ErrorCode::Invalid,
                     tr("{} holds no token. Write it there, on one line.", toValidUtf8(*file)),
                     {}};
    }
    return sendable(token);
}

Result<tracking::ServerOptions> optionsFor(const Invocation& invocation) {
    tracking::ServerOptions options;
    RUNGLASS_ASSIGN(options.project, invocation.project());
    options.openReferenced = foreignArtifacts(options.project);
    options.clientFiles = clientFiles();
    RUNGLASS_ASSIGN(const auto port, invocation.integer("--port", 0, 65'535));
    options.port = static_cast<std::uint16_t>(port.value_or(kUsualPort));
    RUNGLASS_ASSIGN(options.token, tokenFor(invocation));
    const auto address = invocation.value(invocation.has("--host") ? "--host" : "--address");
    if (address && *address != "localhost") {
        options.address = *address;
        if (isOpen(options) && options.token.empty()) {
            return Error{ErrorCode::Invalid,
                         tr("--address {} opens the project to other machines: give a --token with it, or a "
                            "--token-file.",
                            *address),
                         {}};
        }
    }
    return options;
}

sigset_t endingSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&signals, signal);
    }
    return signals;
}

void serveUntilSignal(tracking::StandingServer& standing) {
    const auto signals = endingSignals();
    const timespec pause{kRelaxSeconds, 0};
    while (::sigtimedwait(&signals, nullptr, &pause) < 0) {
        standing.server().relax();
    }
}

/// Before any thread is started, so that all of them inherit it.
void blockEndingSignals() {
    const auto signals = endingSignals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is a full disk, and no reason to end
}

void warnIfOpen(const tracking::ServerOptions& options) {
    if (isOpen(options)) {
        complain(tr("{} can be reached from other machines. Everything goes over the network unencrypted.",
                    options.address));
    }
}

/// Each client takes one or two; a process that only serves starts no other that would inherit it.
void allowManyConnections() {
    constexpr rlim_t kWanted = 2048;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < kWanted) {
        limit.rlim_cur = std::min(kWanted, limit.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

Result<int> serveHere(const tracking::ServerOptions& options) {
    blockEndingSignals();
    allowManyConnections();
    warnIfOpen(options);
    RUNGLASS_ASSIGN(auto standing, tracking::StandingServer::start(options));
    print(instructions(standing.server().uri(), options.token));
    flushOutput();
    serveUntilSignal(standing);
    return 0;
}

/// The child's part: says on `tell` that it serves, or what went wrong.
[[noreturn]] void serveDetached(const tracking::ServerOptions& options, FileDescriptor tell) {
    ::setsid();
    blockEndingSignals();
    allowManyConnections();
    auto standing = tracking::StandingServer::start(options);
    const std::string word = standing.ok() ? "+" + standing->server().uri() : "-" + standing.error().message;
    [[maybe_unused]] const auto told = ::write(tell.get(), word.data(), word.size());
    tell.reset();
    if (standing.ok()) {
        const FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
        for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
            ::dup2(null.get(), stream);
        }
        serveUntilSignal(*standing);
    }
    // What the parent has buffered is the parent's to write.
    { const auto ended = std::move(standing); }
    ::_exit(0);
}

Result<int> detach(const tracking::ServerOptions& options) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return errorFromErrno(errno, tr("The endpoint cannot be started."), options.project);
    }
    const FileDescriptor hear(ends[0]);
    FileDescriptor tell(ends[1]);
    warnIfOpen(options);
    const pid_t child = ::fork();
    if (child < 0) {
        return errorFromErrno(errno, tr("The endpoint cannot be started."), options.project);
    }
    if (child == 0) {
        serveDetached(options, std::move(tell));
    }
    tell.reset();
    std::string word;
    std::array<char, 1024> buffer{};
    for (ssize_t count = 0; (count = ::read(hear.get(), buffer.data(), buffer.size())) != 0;) {
        if (count > 0) {
            word.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            break;
        }
    }
    if (!word.starts_with('+')) {
        return Error{ErrorCode::Invalid,
                     word.empty() ? tr("The endpoint ended before it began.") : word.substr(1),
                     {}};
    }
    print(instructions(word.substr(1), options.token));
    return 0;
}

Result<void> printUnanswered(const std::filesystem::path& project) {
    RUNGLASS_ASSIGN(const auto calls, tracking::unansweredCalls(project));
    if (calls.empty()) {
        return {};
    }
    print(tr("\nCalls that Runglass does not answer:\n"));
    for (const auto& call : calls) {
        print(fmt::format("{:>6}  {} {}  {}  {}\n", call.count, printable(call.method), printable(call.path),
                          isoUtc(call.lastMs), printable(call.client)));
    }
    return {};
}

Result<int> status(const Invocation& invocation) {
    RUNGLASS_ASSIGN(const auto project, invocation.project());
    const auto standing = tracking::findStanding(project);
    print(standing ? tr("{} is served at {} (process {}).\n", printable(project.native()),
                        printable(standing->uri), standing->pid)
                   : tr("{} is not served.\n", printable(project.native())));
    RUNGLASS_TRY(printUnanswered(project));
    return standing ? 0 : 1;
}

Result<int> serve(const Invocation& invocation) {
    if (invocation.has("--status")) {
        return status(invocation);
    }
    if (invocation.has("--forget-calls")) {
        RUNGLASS_ASSIGN(const auto project, invocation.project());
        RUNGLASS_TRY(tracking::forgetUnansweredCalls(project));
        return 0;
    }
    if (invocation.has("--stop")) {
        RUNGLASS_ASSIGN(const auto project, invocation.project());
        RUNGLASS_TRY(tracking::stopStanding(project));
        return 0;
    }
    RUNGLASS_ASSIGN(const auto options, optionsFor(invocation));
    return invocation.has("--detach") ? detach(options) : serveHere(options);
}

}  // namespace

Command serveCommand() {
    return {
        .name = "serve",
        .summary = "take in what scripts log with MLflow",
        .description =
            "Offers the project to scripts that log with an unchanged MLflow client (mlflow.log_metric, "
            "autolog, the loggers of Lightning and Hugging Face) and are not started by runglass run, which "
            "has an endpoint of its own. Listens on this machine alone. Prints what to export in the "
            "shell that starts the script.",
        .arguments = {},
        .options = {{.name = "--port",
                     .value = "N",
                     .help = "5000 without it; 0 takes any free one and prints it.",
                     .letter = 'p'},
                    {.name = "--detach",
                     .value = "",
                     .help = "Goes on in the background; --stop ends it.",
                     .letter = 'd'},
                    {.name = "--stop", .value = "", .help = "Ends the endpoint of the project."},
                    {.name = "--status",
                     .value = "",
                     .help = "Says whether the project is served, and which calls of clients were not "
                             "answered. Exit code 1 when it is not served."},
                    {.name = "--forget-calls", .value = "", .help = "Forgets the calls that --status lists."},
                    {.name = "--token",
                     .value = "SECRET",
                     .help = "Asks every client for it (MLFLOW_TRACKING_TOKEN). Other users of this machine "
                             "can read it in the list of processes; RUNGLASS_TOKEN in the environment and "
                             "--token-file say the same."},
                    {.name = "--token-file", .value = "FILE", .help = "The token is what this file holds."},
                    {.name = "--address",
                     .value = "IP",
                     .help = "Listens on another address, for other machines. Needs --token."},
                    {.name = "--host", .value = "IP", .help = "The same, as mlflow server calls it."}},
        .examples = {{"runglass serve", "Until Ctrl+C."},
                     {"eval \"$(runglass serve --detach --port 0)\" && python train.py",
                      "In the background on a free port; train.py logs there."},
                     {"runglass serve --stop", "Ends it."}},
        .run = serve};
}

}  // namespace runglass::cli
