// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "runglass/jobs/executor.h"
#include "runglass/jobs/thread_pool.h"

namespace runglass::jobs {

/// Progress of one job: the worker writes, any thread polls. No signal per step, so reporting costs nothing.
class Progress {
public:
    void set(std::uint64_t done, std::uint64_t total) {
        m_total.store(total, std::memory_order_relaxed);
        m_done.store(done, std::memory_order_relaxed);
    }
    void setText(std::string text) {
        const std::lock_guard lock(m_mutex);
        m_text = std::move(text);
    }
    [[nodiscard]] std::uint64_t done() const { return m_done.load(std::memory_order_relaxed); }
    /// 0 while the length is unknown.
    [[nodiscard]] std::uint64_t total() const { return m_total.load(std::memory_order_relaxed); }
    [[nodiscard]] std::string text() const {
        const std::lock_guard lock(m_mutex);
        return m_text;
    }

private:
    std::atomic<std::uint64_t> m_done{0};
    std::atomic<std::uint64_t> m_total{0};
    mutable std::mutex m_mutex;
    std::string m_text;  // guarded by m_mutex
};

/// What the body of a job gets: whether to stop, and where to report.
struct JobContext {
    std::stop_token stop;
    Progress& progress;
};

/// The owner's hold on a running job. Destroying or reassigning it cancels the job and guarantees that its
/// `done` callback will not run any more; it does not wait for the worker, so the body must own (by value or
/// shared_ptr) everything it touches.
class [[nodiscard]] Job {
public:
    Job() = default;
    Job(Job&&) noexcept = default;
    Job& operator=(Job&& other) noexcept {
        if (this != &other) {
            cancel();
            m_state = std::move(other.m_state);
        }
        return *this;
    }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    ~Job() { cancel(); }

    /// Asks the body to stop, and drops its result. Call on the thread that the callback would run on.
    void cancel() {
        if (m_state) {
            m_state->dropped.store(true);
            m_state->stop.request_stop();
            m_state.reset();
        }
    }
    [[nodiscard]] bool running() const { return m_state && !m_state->finished.load(); }
    /// Null when nothing was started.
    [[nodiscard]] const Progress* progress() const { return m_state ? &m_state->progress : nullptr; }

private:
    struct State {
        std::stop_source stop;
        Progress progress;
        std::atomic<bool> dropped{false};
        std::atomic<bool> finished{false};
    };
    explicit Job(std::shared_ptr<State> state)
        : m_state(std::move(state)) {}

    std::shared_ptr<State> m_state;

    template <typename Body, typename Done>
    friend Job start(ThreadPool&, Executor, Body, Done);
};

/// Runs `body(JobContext&) -> T` on the pool and then `done(T)` through `executor` (normally the GUI thread),
/// unless the Job was cancelled or destroyed in between.
template <typename Body, typename Done>
Job start(ThreadPool& pool, Executor executor, Body body, Done done) {
    auto state = std::make_shared<Job::State>();
    pool.post(
        [state, executor = std::move(executor), body = std::move(body), done = std::move(done)]() mutable {
            if (state->dropped.load()) {
                return;
            }
            JobContext context{state->stop.get_token(), state->progress};
            using Value = std::invoke_result_t<Body&, JobContext&>;
            // Shared, because std::function wants copyable closures and results need not be.
            if constexpr (std::is_void_v<Value>) {
                body(context);
                executor([state, done = std::make_shared<Done>(std::move(done))] {
                    state->finished.store(true);
                    if (!state->dropped.load()) {
                        (*done)();
                    }
                });
            } else {
                auto value = std::make_shared<Value>(body(context));
                executor([state, value, done = std::make_shared<Done>(std::move(done))] {
                    state->finished.store(true);
                    if (!state->dropped.load()) {
                        (*done)(std::move(*value));
                    }
                });
            }
        });
    return Job(std::move(state));
}

}  // namespace runglass::jobs
