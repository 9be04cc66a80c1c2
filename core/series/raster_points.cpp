// SPDX-License-Identifier: GPL-3.0-or-later
//
// Curves with fewer points than pixels: the outline of the line, computed at some places of each pixel.
#include <algorithm>
#include <cmath>

#include "raster_scratch.h"
#include "runglass/series/curve_raster.h"

namespace runglass::series {

namespace {

constexpr int kSamples = 4;  // positions a pixel at which the outline is computed
constexpr float kSample = 1.0F / kSamples;
constexpr float kAbsent = 1e30F;
constexpr float kPresent = 1e20F;  // what is interpolated with kAbsent is larger

}  // namespace

void CurveRaster::drawPoints(std::span<const PixelPoint> points, const RasterPen& line) {
    const auto pen = points.size() == 1 ? RasterPen{line.color, kDotWidths * line.width} : line;
    auto& scratch = *m_scratch;
    const int border = margin(pen.width) + 1;
    const auto samples = static_cast<std::size_t>((m_width + 2 * border) * kSamples + 1);
    const auto start = static_cast<float>(m_left - border);
    const float end = start + static_cast<float>(samples - 1) * kSample;
    scratch.curveTop.assign(samples, kAbsent);
    scratch.curveBottom.assign(samples, -kAbsent);
    auto* top = scratch.curveTop.data();
    auto* bottom = scratch.curveBottom.data();
    std::size_t first = samples;
    std::size_t last = 0;
    const auto include = [&](std::size_t j, float y) {
        top[j] = std::min(top[j], y);
        bottom[j] = std::max(bottom[j], y);
        first = std::min(first, j);
        last = std::max(last, j);
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto& p = points[i];
        if (p.x >= start && p.x <= end) {  // a corner counts at the nearest sample
            include(static_cast<std::size_t>((p.x - start) * kSamples + 0.5F), p.y);
        }
        if (i + 1 == points.size() || points[i + 1].x < start || p.x > end) {
            continue;
        }
        const auto& q = points[i + 1];
        const float from = std::max(0.0F, std::ceil((p.x - start) * kSamples));
        const float to = std::min(static_cast<float>(samples - 1), std::floor((q.x - start) * kSamples));
        const float slope = q.x > p.x ? (q.y - p.y) / (q.x - p.x) : 0;
        for (float j = from; j <= to; j += 1) {
            include(static_cast<std::size_t>(j), p.y + slope * (start + j * kSample - p.x));
        }
    }
    if (first <= last) {
        drawEnvelope(first, last, pen);
    }
}

// The outline is the curve moved by every offset within the radius, up and down by what the disc is high
// there. Sixteen directions are within 2 % of all.
void CurveRaster::drawEnvelope(std::size_t first, std::size_t last, const RasterPen& pen) {
    auto& scratch = *m_scratch;
    const std::size_t samples = scratch.curveTop.size();
    const float radius = std::max(pen.width, 1.0F) / 2;
    const auto whole = static_cast<std::size_t>(radius * kSamples) + 1;
    const std::size_t begin = std::max(first, whole + 1) - whole - 1;
    const std::size_t end = std::min(samples, last + whole + 2);
    scratch.top.assign(samples, kAbsent);
    scratch.bottom.assign(samples, -kAbsent);
    float* top = scratch.top.data();
    float* bottom = scratch.bottom.data();
    const auto move = [&](float distance, float height) {
        const float place = std::floor(distance);
        const float part = distance - place;
        const auto offset = static_cast<std::ptrdiff_t>(place);
        const std::ptrdiff_t next = part > 1e-3F ? 1 : 0;
        const auto low = std::max(static_cast<std::ptrdiff_t>(begin), -offset);
        const auto high =
            std::min(static_cast<std::ptrdiff_t>(end), static_cast<std::ptrdiff_t>(samples) - offset - next);
        const float* fromTop = scratch.curveTop.data() + offset;
        const float* fromBottom = scratch.curveBottom.data() + offset;
        for (std::ptrdiff_t j = low; j < high; ++j) {
            const float t = fromTop[j] + (fromTop[j + next] - fromTop[j]) * part - height;
            const float b = fromBottom[j] + (fromBottom[j + next] - fromBottom[j]) * part + height;
            top[j] = t < top[j] ? t : top[j];
            bottom[j] = b > bottom[j] ? b : bottom[j];
        }
    };
    const float reach = std::floor(radius * kSamples);
    for (float distance = -reach; distance <= reach; distance += 1) {
        const float across = distance * kSample;
        move(distance, std::sqrt(radius * radius - across * across));
    }
    constexpr int kQuarter = 4;
    for (int k = -kQuarter; k <= kQuarter; ++k) {
        const float angle = static_cast<float>(k) * 1.57079633F / kQuarter;
        move(radius * std::sin(angle) * kSamples, radius * std::cos(angle));
    }
    const int border = margin(pen.width) + 1;
    const float opacity = std::min(pen.width, 1.0F);
    auto& coverage = scratch.coverage;
    const int firstColumn = std::max(0, static_cast<int>(begin) / kSamples - border);
    const int lastColumn = std::min(m_width - 1, static_cast<int>(end) / kSamples - border);
    for (int k = firstColumn; k <= lastColumn; ++k) {
        const auto j = static_cast<std::size_t>((k + border) * kSamples);
        float highest = kAbsent;
        float lowest = -kAbsent;
        bool all = true;
        for (std::size_t s = 0; s <= kSamples; ++s) {
            all = all && top[j + s] < kPresent;
        }
        const auto straight = [&](const float* edge) {
            const float step = (edge[j + kSamples] - edge[j]) * kSample;
            bool same = true;
            for (std::size_t s = 1; s < kSamples; ++s) {
                same = same && std::abs(edge[j] + step * static_cast<float>(s) - edge[j + s]) < 0.03F;
            }
            return same;
        };
        if (all && straight(top) && straight(bottom)) {
            coverage.addBelow(top[j], top[j + kSamples], 1);
            coverage.addBelow(bottom[j], bottom[j + kSamples], -1);
            highest = std::min(top[j], top[j + kSamples]);
            lowest = std::max(bottom[j], bottom[j + kSamples]);
        } else {
            for (std::size_t s = j; s < j + kSamples; ++s) {
                if (top[s] < kPresent && top[s + 1] < kPresent) {
                    coverage.addBelow(top[s], top[s + 1], kSample);
                    coverage.addBelow(bottom[s], bottom[s + 1], -kSample);
                    highest = std::min({highest, top[s], top[s + 1]});
                    lowest = std::max({lowest, bottom[s], bottom[s + 1]});
                }
            }
        }
        if (coverage.firstRow() < coverage.endRow()) {
            touch(k, static_cast<float>(coverage.firstRow()), static_cast<float>(coverage.endRow()));
            const bool steep = lowest - highest > kSteep + 2 * radius;
            const float dash = steep ? 1 : dashShare(pen, m_left + k);
            coverage.draw({columnPixels(k), m_height, k, scratch.covered}, pen.color, opacity * dash);
        }
    }
}

}  // namespace runglass::series
