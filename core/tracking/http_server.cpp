// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_server.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "connection_watch.h"
#include "listen_address.h"
#include "protocol_error.h"
#include "runglass/base/percent.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::tracking {

namespace {

Method methodOf(std::string_view name) {
    if (name == "GET" || name == "HEAD") {
        return Method::Get;
    }
    if (name == "POST") {
        return Method::Post;
    }
    if (name == "PUT") {
        return Method::Put;
    }
    if (name == "PATCH") {
        return Method::Patch;
    }
    return name == "DELETE" ? Method::Delete : Method::Other;
}

std::string headerOf(MHD_Connection* connection, const char* name) {
    const char* const value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value == nullptr ? std::string() : std::string(value);
}

/// What is said twice is joined, and so is nobody's name: each could be the one that counts.
std::string allOf(MHD_Connection* connection, const char* name) {
    struct Joined {
        std::string_view name;
        std::string values;
    } joined{name, {}};
    MHD_get_connection_values(
        connection, MHD_HEADER_KIND,
        [](void* into, MHD_ValueKind /*kind*/, const char* key, const char* value) {
            auto& all = *static_cast<Joined*>(into);
            if (std::string_view(key).size() == all.name.size() && startsWithIgnoringCase(key, all.name)) {
                all.values += (all.values.empty() ? "" : ", ") + std::string(value == nullptr ? "" : value);
            }
            return MHD_YES;
        },
        &joined);
    return joined.values;
}

/// What libmicrohttpd would read as a body of its own kind, or break off at.
std::optional<Response> refusalOf(MHD_Connection* connection) {
    if (allOf(connection, MHD_HTTP_HEADER_CONTENT_LENGTH).find(',') != std::string::npos) {
        // RFC 9112 §6.3: whoever takes another of them for the true one begins the next request elsewhere.
        auto response = errorResponse(400, "BAD_REQUEST", "Content-Length is there more than once.");
        response.closeAfter = true;
        return response;
    }
    const auto coding = allOf(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    constexpr std::string_view kChunked = "chunked";
    if (coding.empty() || (coding.size() == kChunked.size() && startsWithIgnoringCase(coding, kChunked))) {
        return std::nullopt;
    }
    auto response = errorResponse(
        400, "BAD_REQUEST",
        fmt::format("Transfer-Encoding: {} is not supported. Send the body plain, with its Content-Length or "
                    "chunked.",
                    toValidUtf8(coding.substr(0, 100))));
    response.closeAfter = true;
    return response;
}

/// More than any client sends, and fewer than fill the connection's memory, where libmicrohttpd breaks off
/// without an answer.
constexpr std::ptrdiff_t kMostArguments = 1500;

/// The whole answer, for what libmicrohttpd cannot be told any more.
std::string tooManyArguments() {
    const auto body =
        errorResponse(
            400, "BAD_REQUEST",
            fmt::format("The address has more than {} arguments. Send them as a body.", kMostArguments))
            .body;
    return fmt::format(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: "
        "close\r\n\r\n{}",
        body.size(), body);
}

MHD_Result takeArgument(void* into, MHD_ValueKind /*kind*/, const char* key, const char* value) {
    auto& query = *static_cast<std::vector<std::pair<std::string, std::string>>*>(into);
    query.emplace_back(percentDecoded(key), percentDecoded(value == nullptr ? "" : value));
    return MHD_YES;
}

RequestHead headOf(MHD_Connection* connection, const char* url, const char* method) {
    RequestHead head;
    head.methodName = method;
    head.method = methodOf(head.methodName);
    head.path = percentDecoded(url);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &takeArgument, &head.query);
    head.host = allOf(connection, MHD_HTTP_HEADER_HOST);
    head.origin = allOf(connection, MHD_HTTP_HEADER_ORIGIN);
    head.authorization = headerOf(connection, MHD_HTTP_HEADER_AUTHORIZATION);
    head.contentType = headerOf(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
    head.client = headerOf(connection, MHD_HTTP_HEADER_USER_AGENT);
    if (const auto length = parseInt(headerOf(connection, MHD_HTTP_HEADER_CONTENT_LENGTH));
        length && *length >= 0) {
        head.contentLength = static_cast<std::uint64_t>(*length);
    }
    return head;
}

struct DestroyResponse {
    void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using ResponseHandle = std::unique_ptr<MHD_Response, DestroyResponse>;

ResponseHandle libraryResponse(Response& answer) {
    if (answer.file.valid()) {
        return ResponseHandle(MHD_create_response_from_fd64(answer.fileSize, answer.file.release()));
    }
    auto* const body = new std::string(std::move(answer.body));
    ResponseHandle response(MHD_create_response_from_buffer_with_free_callback_cls(
        body->size(), body->data(), [](void* text) { delete static_cast<std::string*>(text); }, body));
    if (!response) {
        delete body;
    }
    return response;
}

MHD_Result send(MHD_Connection* connection, Response answer) {
    const auto response = libraryResponse(answer);
    if (!response) {
        return MHD_NO;
    }
    auto* const handle = response.get();
    MHD_add_response_header(handle, MHD_HTTP_HEADER_CONTENT_TYPE, answer.contentType.c_str());
    MHD_add_response_header(handle, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(handle, "X-Frame-Options", "SAMEORIGIN");
    if (!answer.downloadName.empty()) {
        MHD_add_response_header(handle, "Content-Disposition", answer.downloadName.c_str());
    }
    if (answer.status == MHD_HTTP_TOO_MANY_REQUESTS || answer.status == MHD_HTTP_SERVICE_UNAVAILABLE) {
        MHD_add_response_header(handle, MHD_HTTP_HEADER_RETRY_AFTER, "1");
    }
    if (answer.closeAfter) {
        MHD_add_response_header(handle, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    return MHD_queue_response(connection, static_cast<unsigned>(answer.status), handle);
}

/// A request between its head and its answer.
struct Exchange {
    std::unique_ptr<BodySink> sink;
    bool refused = false;  ///< nothing is read of it any more
};

class MicroHttpServer final : public HttpServer {
public:
    MicroHttpServer(const HttpOptions& options, Handler handler)
        : m_handler(std::move(handler))
        , m_receiveBytes(options.receiveBytes)
        , m_watch(options) {}
    ~MicroHttpServer() override {
        if (m_daemon != nullptr) {
            MHD_stop_daemon(m_daemon);
        }
    }

    Result<void> listen(const HttpOptions& options) {
        const auto address = ListenAddress::parse(options.address, options.port);
        if (!address) {
            return Error{ErrorCode::Invalid,
                         tr("{} is no address of IPv4 or IPv6. This machine alone is 127.0.0.1 or ::1.",
                            options.address),
                         {}};
        }
        // What is bound to an address of IPv4 within IPv6 is reached over both.
        const auto family = address->isIpv6() ? static_cast<unsigned>(MHD_USE_DUAL_STACK) : 0U;
        errno = 0;
        m_daemon = MHD_start_daemon(
            MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | family,
            options.port, nullptr, nullptr, &MicroHttpServer::onRequest, this, MHD_OPTION_SOCK_ADDR,
            address->get(), MHD_OPTION_NOTIFY_COMPLETED, &MicroHttpServer::onCompleted, this,
            MHD_OPTION_NOTIFY_CONNECTION, &MicroHttpServer::onConnection, this, MHD_OPTION_URI_LOG_CALLBACK,
            &MicroHttpServer::onRequestLine, this, MHD_OPTION_UNESCAPE_CALLBACK,
            &MicroHttpServer::keepEscapes, this, MHD_OPTION_CONNECTION_MEMORY_LIMIT, options.bufferBytes,
            MHD_OPTION_CONNECTION_LIMIT, options.maxConnections, MHD_OPTION_CONNECTION_TIMEOUT,
            options.idleSeconds, MHD_OPTION_THREAD_STACK_SIZE, std::size_t{512} << 10U, MHD_OPTION_END);
        if (m_daemon == nullptr) {
            const auto code = errno == EADDRINUSE ? ErrorCode::Busy : ErrorCode::Io;
            return Error{code,
                         tr("Port {} of {} cannot be used: {}.", options.port, options.address,
                            std::strerror(errno)),  // NOLINT(concurrency-mt-unsafe)
                         {}};
        }
        m_port = MHD_get_daemon_info(m_daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
        return {};
    }

    [[nodiscard]] std::uint16_t port() const override { return m_port; }

private:
    static MHD_Result onRequest(void* self, MHD_Connection* connection, const char* url, const char* method,
                                const char* /*version*/, const char* data, std::size_t* size,
                                void** context) {
        auto& server = *static_cast<MicroHttpServer*>(self);
        auto& exchange = *static_cast<Exchange*>(*context);
        if (exchange.refused) {
            return MHD_NO;
        }
        if (!exchange.sink) {
            server.m_watch.headDone(connection);
            if (auto refusal = refusalOf(connection)) {
                server.m_watch.answerBegan(connection);
                return send(connection, std::move(*refusal));
            }
            exchange.sink = server.m_handler(headOf(connection, url, method));
            return MHD_YES;
        }
        if (*size > 0) {
            server.m_watch.bodyGrew(connection, *size);
            if (!exchange.sink->take({data, *size})) {
                exchange.refused = true;
                return MHD_NO;  // libmicrohttpd cannot answer within a body: the connection ends here
            }
            *size = 0;
            return MHD_YES;
        }
        server.m_watch.bodyDone(connection);
        auto answer = exchange.sink->finish();
        server.m_watch.answerBegan(connection);
        return send(connection, std::move(answer));
    }

    static void* onRequestLine(void* self, const char* uri, MHD_Connection* connection) {
        static_cast<MicroHttpServer*>(self)->m_watch.requestBegan(connection);
        auto exchange = std::make_unique<Exchange>();
        if (const std::string_view line(uri); std::count(line.begin(), line.end(), '&') >= kMostArguments) {
            exchange->refused = true;
            const int socket =
                MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
            const auto answer = tooManyArguments();
            [[maybe_unused]] const auto sent =
                ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            ::shutdown(socket, SHUT_WR);
        }
        return exchange.release();
    }
    static void onCompleted(void* self, MHD_Connection* connection, void** context,
                            MHD_RequestTerminationCode /*code*/) {
        static_cast<MicroHttpServer*>(self)->m_watch.requestDone(connection);
        delete static_cast<Exchange*>(*context);
        *context = nullptr;
    }
    static void onConnection(void* self, MHD_Connection* connection, void** /*context*/,
                             MHD_ConnectionNotificationCode code) {
        auto& server = *static_cast<MicroHttpServer*>(self);
        if (code == MHD_CONNECTION_NOTIFY_STARTED) {
            const int socket =
                MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
            const int size = server.m_receiveBytes;
            ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
            server.m_watch.add(connection, socket);
        } else {
            server.m_watch.remove(connection);
        }
    }
    /// Decoding is ours: the library's would end a path at %00.
    static std::size_t keepEscapes(void* /*self*/, MHD_Connection* /*connection*/, char* text) {
        return std::strlen(text);
    }

    Handler m_handler;
    int m_receiveBytes;
    ConnectionWatch m_watch;
    MHD_Daemon* m_daemon = nullptr;
    std::uint16_t m_port = 0;
};

}  // namespace

unsigned connectionsFor(std::uint64_t openFiles) {
    constexpr std::uint64_t kOthers = 256;
    const auto left = openFiles > kOthers ? openFiles - kOthers : 0;
    return static_cast<unsigned>(std::clamp<std::uint64_t>(left / 2, 64, 512));
}

std::uint64_t openFilesLimit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options, Handler handler) {
    auto server = std::make_unique<MicroHttpServer>(options, std::move(handler));
    RUNGLASS_TRY(server->listen(options));
    return Result<std::unique_ptr<HttpServer>>(std::move(server));
}

}  // namespace runglass::tracking
