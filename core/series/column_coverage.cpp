// SPDX-License-Identifier: GPL-3.0-or-later
#include "column_coverage.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "pixel_arithmetic.h"
#include "pixel_fours.h"
#include "pixel_kernels.h"

namespace runglass::series {

namespace {

constexpr int kPadding = 4;      // rows beyond the bottom that an edge may touch
constexpr float kShort = 0.25F;  // edges over fewer rows count as level at their mean

/// What the differences add up to, as far as they were gone through.
struct RunningCoverage {
    float slope = 0;
    float coverage = 0;
};

#ifdef __SSE2__

__m128 sumsOfFour(__m128 values) {
    values = _mm_add_ps(values, _mm_castsi128_ps(_mm_slli_si128(_mm_castps_si128(values), 4)));
    return _mm_add_ps(values, _mm_castsi128_ps(_mm_slli_si128(_mm_castps_si128(values), 8)));
}

float lastOf(__m128 values) {
    return _mm_cvtss_f32(_mm_shuffle_ps(values, values, _MM_SHUFFLE(3, 3, 3, 3)));
}

#endif

/// Blends some of the next rows, `most` at most, and says how many.
int blendRows(std::uint32_t* pixels, int most, const float* first, const float* second, std::uint32_t color,
              float opacity, RunningCoverage& running) {
#ifdef __SSE2__
    if (most >= kFour) {
        const __m128 slopes = _mm_add_ps(sumsOfFour(_mm_loadu_ps(second)), _mm_set1_ps(running.slope));
        const __m128 coverages =
            _mm_add_ps(sumsOfFour(_mm_add_ps(_mm_loadu_ps(first), slopes)), _mm_set1_ps(running.coverage));
        running = {lastOf(slopes), lastOf(coverages)};
        blendFour(pixels, color, _mm_mul_ps(coverages, _mm_set1_ps(opacity)));
        return kFour;
    }
#endif
    running.slope += *second;
    running.coverage += *first + running.slope;
    const float visible = running.coverage * opacity;
    if (visible > kLeastCoverage) {
        *pixels = under(*pixels, color, wholeParts(visible));
    }
    return 1;
}

}  // namespace

void PixelColumn::blend(int from, int to, std::uint32_t color, std::uint32_t parts) {
    const auto part = share(color, parts);
    covered.eachOpen(index, from, to, [&](int begin, int end) {
        pixelKernels().fillUnder(pixels + begin, end - begin, part);
    });
    if (parts == 256 && (color >> 24U) == 255) {
        covered.cover(index, from, to);
    }
}

void PixelColumn::fill(float y0, float y1, float weight, std::uint32_t color) {
    y0 = std::max(y0, 0.0F);
    y1 = std::min(y1, static_cast<float>(height));
    if (!(y0 < y1)) {
        return;
    }
    const int top = static_cast<int>(y0);
    const int bottom = static_cast<int>(y1);
    if (top == bottom) {
        pixels[top] = under(pixels[top], color, partsOf((y1 - y0) * weight));
        return;
    }
    // A row that the interval begins on the edge of is a whole one.
    const int first = y0 == static_cast<float>(top) ? top : top + 1;
    if (first > top) {
        pixels[top] = under(pixels[top], color, partsOf((static_cast<float>(first) - y0) * weight));
    }
    blend(first, bottom, color, partsOf(weight));
    if (bottom < height) {
        pixels[bottom] = under(pixels[bottom], color, partsOf((y1 - static_cast<float>(bottom)) * weight));
    }
}

void ColumnCoverage::setHeight(int height) {
    m_height = height;
    m_begin = height;
    m_end = 0;
    m_first.assign(static_cast<std::size_t>(height + kPadding), 0);
    m_second.assign(static_cast<std::size_t>(height + kPadding), 0);
    m_changes.assign(static_cast<std::size_t>(height + kPadding) / 64 + 2, 0);
}

// A few rows at most.
void ColumnCoverage::touch(int from, int to) {
    m_begin = std::min(m_begin, from);
    m_end = std::max(m_end, to);
    const auto bits = (std::uint64_t{1} << static_cast<unsigned>(to - from)) - 1;
    const auto place = static_cast<unsigned>(from) % 64;
    auto* const words = m_changes.data() + from / 64;
    words[0] |= bits << place;
    if (place > 60) {
        words[1] |= bits >> (64 - place);
    }
}

// With c(row) the part of a row below a level edge at y = j + f, the differences from row to row are 1 − f at
// j and f at j + 1. Below an edge that goes evenly from y0 to y1, c grows quadratically, then linearly, then
// quadratically; its second differences are (1 − f)²/2, 1/2 + f − f², f²/2 at j … j + 2 for y0, divided by
// y1 − y0, and the same with the opposite sign for y1.
void ColumnCoverage::addBelow(float y0, float y1, float weight) {
    const auto bottom = static_cast<float>(m_height);
    if (y0 > y1) {
        std::swap(y0, y1);
    }
    if (!(y0 < bottom)) {
        touch(m_height, m_height);  // what an edge above began goes on to the last row
        return;
    }
    if (y1 - y0 < kShort || y1 <= 0) {
        const float y = std::max(0.5F * (y0 + y1), 0.0F);
        const int j = static_cast<int>(y);
        if (j >= m_height) {
            return;
        }
        const float f = y - static_cast<float>(j);
        m_first[static_cast<std::size_t>(j)] += weight * (1 - f);
        m_first[static_cast<std::size_t>(j) + 1] += weight * f;
        touch(j, j + 2);
        return;
    }
    // What goes beyond the image is cut, in proportion to the width that it crosses there.
    const float slope = weight / (y1 - y0);
    if (y0 < 0) {
        m_first[0] += slope * -y0;
        touch(0, 1);
        y0 = 0;
    }
    y1 = std::min(y1, bottom);
    const auto end = [this](float y, float s) {
        const int j = static_cast<int>(y);
        const float f = y - static_cast<float>(j);
        auto* at = m_second.data() + j;
        at[0] += s * 0.5F * (1 - f) * (1 - f);
        at[1] += s * (0.5F + f - f * f);
        at[2] += s * 0.5F * f * f;
        touch(j, j + 3);
    };
    end(y0, slope);
    end(y1, -slope);
}

int ColumnCoverage::nextChange(int row, int end) const {
    while (row < end) {
        const auto rest = m_changes[static_cast<std::size_t>(row / 64)] >> static_cast<unsigned>(row % 64);
        if (rest != 0) {
            return std::min(end, row + std::countr_zero(rest));
        }
        row += 64 - row % 64;
    }
    return end;
}

// Where nothing changes over many rows, they are blended at once; elsewhere a few together.
void ColumnCoverage::draw(PixelColumn column, std::uint32_t color, float opacity) {
    constexpr int kMany = 8;
    const int end = std::min(m_end, m_height);
    RunningCoverage running;
    for (int row = m_begin; row < end;) {
        const int same = nextChange(row, end);
        if (same - row >= kMany) {
            if (std::abs(running.slope) >= 1e-6F) {
                const CoverageRamp ramp{running.coverage * opacity, running.slope * opacity};
                pixelKernels().rampUnder(column.pixels + row, same - row, ramp, color);
                running.coverage += running.slope * static_cast<float>(same - row);
            } else if (const float visible = running.coverage * opacity; visible > kLeastCoverage) {
                column.blend(row, same, color, wholeParts(visible));
            }
            row = same;
            continue;
        }
        const auto at = static_cast<std::size_t>(row);
        row += blendRows(column.pixels + row, end - row, m_first.data() + at, m_second.data() + at, color,
                         opacity, running);
    }
    if (m_end > m_begin) {
        std::fill(m_first.begin() + m_begin, m_first.begin() + m_end, 0.0F);
        std::fill(m_second.begin() + m_begin, m_second.begin() + m_end, 0.0F);
        std::fill(m_changes.begin() + m_begin / 64, m_changes.begin() + (m_end - 1) / 64 + 1, 0U);
    }
    m_begin = m_height;
    m_end = 0;
}

}  // namespace runglass::series
