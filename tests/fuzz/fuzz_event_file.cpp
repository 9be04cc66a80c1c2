// SPDX-License-Identifier: GPL-3.0-or-later
// First byte: 0 for the framing of a TensorBoard event file, anything else for what a record holds (checksums
// would keep mutations from ever reaching it).
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

#include "runglass/base/text.h"
#include "tensorboard_media.h"

namespace {

using namespace runglass::sources;

void framing(runglass::ByteView bytes) {
    TfRecordCursor cursor(bytes, 0);
    std::size_t before = 0;
    for (auto step = cursor.next();
         step == TfRecordCursor::Step::Record || step == TfRecordCursor::Step::BadData;
         step = cursor.next()) {
        const auto& record = cursor.record();
        const bool inside = record.bytes.data() >= bytes.data() &&
                            record.bytes.data() + record.bytes.size() <= bytes.data() + bytes.size();
        if (!inside || cursor.consumed() <= before || cursor.consumed() > bytes.size()) {
            std::abort();
        }
        before = cursor.consumed();
    }
}

std::unique_ptr<tensorboard::SummaryCollector> summaryOf(const std::array<TfRecord, 2>& records,
                                                         tensorboard::SummaryCollector::Known known) {
    auto summary = std::make_unique<tensorboard::SummaryCollector>("events.out.tfevents", std::move(known));
    for (const auto& record : records) {
        summary->take(record);
    }
    return summary;
}

void content(runglass::ByteView bytes) {
    using namespace tensorboard;
    const TfRecord record{bytes, 0};
    // Twice, since the second one may take points of the first back.
    const std::array<TfRecord, 2> records{record, TfRecord{bytes, 1}};
    auto summary = summaryOf(records, {});
    if (summary->isOutdated(true, Restarts::kNone)) {
        summary = summaryOf(records, {true, Restarts::kNone, summary->restarts()});
    }
    for (const auto& tag : summary->tags()) {
        SeriesCollector series(tag.name);
        series.startFile();
        for (const auto& one : records) {
            series.take(one);
        }
        // The list of metrics and the points must tell the same.
        if (series.takeSeries().size() != tag.summary.count || !runglass::isValidUtf8(tag.name)) {
            std::abort();
        }
    }
    MediaCollector media;
    media.startFile();
    media.take(record);
    for (const auto& medium : media.takeMedia()) {
        MediumExtractor extractor(medium);
        extractor.take(record);
        const auto& path = medium.artifact.path;
        const bool escapes = path.starts_with('/') || path.find("/../") != std::string::npos;
        if (escapes || (extractor.content() &&
                        static_cast<std::int64_t>(extractor.content()->size()) != medium.artifact.size)) {
            std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const runglass::ByteView rest(data + 1, size - 1);
    data[0] == 0 ? framing(rest) : content(rest);
    return 0;
}
