// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/curve_raster.h"

#include <algorithm>
#include <cmath>

#include "pixel_blocks.h"
#include "pixel_kernels.h"
#include "raster_scratch.h"

namespace runglass::series {

float dashShare(const RasterPen& pen, int k) {
    if (pen.dashOn <= 0) {
        return 1;
    }
    const float period = pen.dashOn + pen.dashOff;
    const auto below = [&](float x) {  // length of dashes up to x
        const float turns = std::floor((x - pen.dashOrigin) / period);
        const float rest = (x - pen.dashOrigin) - turns * period;
        return turns * pen.dashOn + std::min(rest, pen.dashOn);
    };
    return below(static_cast<float>(k + 1)) - below(static_cast<float>(k));
}

CurveRaster::CurveRaster()
    : m_scratch(std::make_unique<Scratch>()) {}
CurveRaster::CurveRaster(CurveRaster&&) noexcept = default;
CurveRaster& CurveRaster::operator=(CurveRaster&&) noexcept = default;
CurveRaster::~CurveRaster() = default;

int CurveRaster::margin(float penWidth) {
    return static_cast<int>(std::ceil(std::max(penWidth, 1.0F) / 2)) + 1;
}

// Blocks are turned over whole, beyond the last row of the last column too.
std::size_t CurveRaster::pixels() const {
    return static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height) + kPixelBlock;
}

void CurveRaster::begin(int left, int width, int height) {
    auto& scratch = *m_scratch;
    if (height == m_height) {
        for (int k = 0; k < m_width; ++k) {
            const auto& rows = scratch.touched[static_cast<std::size_t>(k)];
            auto* column = columnPixels(k);
            std::fill(column + rows.begin, column + std::max(rows.begin, rows.end), 0U);
        }
    } else {
        scratch.coverage.setHeight(height);
        m_pixels.clear();
    }
    m_left = left;
    m_width = width;
    m_height = height;
    m_pixels.resize(std::max(m_pixels.size(), pixels()), 0);
    scratch.touched.assign(static_cast<std::size_t>(width), {height, 0});
    scratch.covered.begin(width, height);
}

std::uint32_t* CurveRaster::columnPixels(int k) {
    return m_pixels.data() + static_cast<std::ptrdiff_t>(k) * m_height;
}

void CurveRaster::touch(int k, float top, float bottom) {
    const auto height = static_cast<float>(m_height);
    auto& rows = m_scratch->touched[static_cast<std::size_t>(k)];
    rows.begin = std::min(rows.begin, static_cast<int>(std::clamp(top, 0.0F, height)));
    rows.end = std::max(rows.end, static_cast<int>(std::ceil(std::clamp(bottom, 0.0F, height))));
}

bool CurveRaster::hides(int first, int last, float top, float bottom) const {
    const auto height = static_cast<float>(m_height);
    first = std::max(first - m_left, 0);
    last = std::min(last - m_left, m_width);
    return m_scratch->covered.covers(first, last, static_cast<int>(std::clamp(top, 0.0F, height)),
                                     static_cast<int>(std::ceil(std::clamp(bottom, 0.0F, height))));
}

// In blocks, so that neither side jumps through memory for each pixel, and those side by side in the image
// one after the other.
void CurveRaster::paintOnto(std::uint32_t* image, std::ptrdiff_t stride) const {
    auto& blocks = m_scratch->blocks;
    blocks.clear();
    RowRange all{m_height, 0};
    for (int left = 0; left < m_width; left += kPixelBlock) {
        RowRange rows{m_height, 0};
        for (int k = left; k < std::min(left + kPixelBlock, m_width); ++k) {
            rows.include(m_scratch->touched[static_cast<std::size_t>(k)]);
        }
        blocks.push_back(rows);
        all.include(rows);
    }
    std::uint32_t block[kPixelBlock * kPixelBlock];
    auto* const blend = pixelKernels().blendOver;
    for (int top = all.begin; top < all.end; top += kPixelBlock) {
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            const int first = std::max(top, blocks[b].begin);
            const int last = std::min(top + kPixelBlock, blocks[b].end);
            if (first >= last) {
                continue;
            }
            const int left = static_cast<int>(b) * kPixelBlock;
            const int width = std::min(kPixelBlock, m_width - left);
            transposeBlock(m_pixels.data() + static_cast<std::ptrdiff_t>(left) * m_height + first, m_height,
                           width, block);
            for (int row = first; row < last; ++row) {
                blend(image + row * stride + m_left + left, block + (row - first) * kPixelBlock, width);
            }
        }
    }
}

}  // namespace runglass::series
