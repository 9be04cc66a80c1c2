// SPDX-License-Identifier: GPL-3.0-or-later
#include "tar.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <optional>

#include "runglass/base/file.h"
#include "runglass/base/new_file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::exchange {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 512;
constexpr std::size_t kPiece = std::size_t{1} << 20U;
constexpr std::uint64_t kLargestOctal = (std::uint64_t{1} << 33U) - 1;  // eleven digits

using Header = std::array<char, kBlock>;

struct Field {
    std::size_t at;
    std::size_t length;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kMagic{257, 8};
constexpr std::string_view kUstar(
    "ustar\0"
    "00",
    8);

void putOctal(Header& header, Field field, std::uint64_t value) {
    for (std::size_t i = field.length - 1; i-- > 0;) {
        header[field.at + i] = static_cast<char>('0' + (value & 7U));
        value >>= 3U;
    }
}

void putSize(Header& header, std::uint64_t size) {
    if (size <= kLargestOctal) {
        putOctal(header, kSize, size);
        return;
    }
    for (std::size_t i = kSize.length; i-- > 1;) {
        header[kSize.at + i] = static_cast<char>(size & 0xFFU);
        size >>= 8U;
    }
    header[kSize.at] = static_cast<char>(0x80);
}

std::optional<std::uint64_t> number(const Header& header, Field field) {
    std::uint64_t value = 0;
    if ((static_cast<unsigned char>(header[field.at]) & 0x80U) != 0) {
        for (std::size_t i = 1; i < field.length; ++i) {
            if (value >> 55U != 0) {
                return std::nullopt;
            }
            value = value << 8U | static_cast<unsigned char>(header[field.at + i]);
        }
        return value;
    }
    for (std::size_t i = 0; i < field.length; ++i) {
        const char c = header[field.at + i];
        if (c == '\0' || c == ' ') {
            break;
        }
        if (c < '0' || c > '7') {
            return std::nullopt;
        }
        value = value << 3U | static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

/// The sum of all bytes, those of the sum itself taken as blanks.
std::uint64_t checksumOf(Header header) {
    std::fill_n(header.begin() + kChecksum.at, kChecksum.length, ' ');
    std::uint64_t sum = 0;
    for (const char c : header) {
        sum += static_cast<unsigned char>(c);
    }
    return sum;
}

Header headerFor(const std::string& name, std::uint64_t size) {
    Header header{};
    std::copy_n(name.begin(), std::min(name.size(), kName.length), header.begin());
    putOctal(header, kMode, 0644);
    putSize(header, size);
    putOctal(header, kTime, 0);
    header[kType] = '0';
    std::ranges::copy(kUstar, header.begin() + kMagic.at);
    putOctal(header, kChecksum, checksumOf(header));
    return header;
}

Error notATar(const fs::path& tar) {
    return {ErrorCode::Damaged,
            tr("{} is no export of Runglass, or it is damaged.", toValidUtf8(tar.native())),
            {}};
}

/// The next header; nothing at the end.
Result<std::optional<Header>> nextHeader(std::ifstream& in, const fs::path& tar) {
    Header header{};
    in.read(header.data(), kBlock);
    if (in.gcount() != kBlock) {
        return notATar(tar);
    }
    if (std::ranges::all_of(header, [](char c) { return c == '\0'; })) {
        return std::optional<Header>();
    }
    const bool ustar = std::string_view(header.data() + kMagic.at, 5) == kUstar.substr(0, 5);
    if (!ustar || header[kType] != '0' || number(header, kChecksum) != checksumOf(header)) {
        return notATar(tar);
    }
    return std::optional(header);
}

std::string nameIn(const Header& header) {
    return {header.data(), ::strnlen(header.data(), kName.length)};
}

Result<void> copyContent(std::ifstream& in, std::uint64_t size, const fs::path& to, const fs::path& tar) {
    std::error_code failure;
    fs::create_directories(to.parent_path(), failure);
    errno = 0;
    std::ofstream out(to, std::ios::binary);
    std::string piece;
    for (std::uint64_t left = size; left > 0; left -= piece.size()) {
        piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece)));
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (in.gcount() != static_cast<std::streamsize>(piece.size())) {
            return notATar(tar);
        }
        out << piece;
    }
    out.flush();
    if (!out) {
        return errorFromErrno(errno != 0 ? errno : EIO, tr("The file cannot be written."), to);
    }
    in.ignore(static_cast<std::streamsize>((kBlock - size % kBlock) % kBlock));
    return {};
}

}  // namespace

Result<void> writeTar(const fs::path& tar, const std::vector<TarEntry>& entries) {
    RUNGLASS_ASSIGN(auto out, NewFile::begin(tar));
    std::string piece(kPiece, '\0');
    for (const TarEntry& entry : entries) {
        std::error_code failure;
        const auto size = fs::file_size(entry.file, failure);
        if (failure || entry.name.size() >= kName.length) {
            return errorFromErrno(failure ? failure.value() : ENAMETOOLONG,
                                  tr("The file cannot be put into the export."), entry.file);
        }
        const auto header = headerFor(entry.name, size);
        RUNGLASS_TRY(out.write({header.data(), header.size()}));
        std::ifstream in(entry.file, std::ios::binary);
        for (std::uint64_t left = size; left > 0;) {
            const auto count = std::min<std::uint64_t>(left, kPiece);
            in.read(piece.data(), static_cast<std::streamsize>(count));
            if (in.gcount() != static_cast<std::streamsize>(count)) {
                return errorFromErrno(EIO, tr("The file cannot be put into the export."), entry.file);
            }
            RUNGLASS_TRY(out.write(std::string_view(piece).substr(0, static_cast<std::size_t>(count))));
            left -= count;
        }
        RUNGLASS_TRY(out.write(std::string((kBlock - size % kBlock) % kBlock, '\0')));
    }
    RUNGLASS_TRY(out.write(std::string(2 * kBlock, '\0')));
    return out.finish();
}

Result<void> readTar(const fs::path& tar,
                     const std::function<Result<fs::path>(const std::string&)>& placeOf) {
    std::ifstream in(tar, std::ios::binary);
    if (!in) {
        return errorFromErrno(errno, tr("The file cannot be read."), tar);
    }
    for (;;) {
        RUNGLASS_ASSIGN(const auto header, nextHeader(in, tar));
        if (!header) {
            return {};
        }
        const auto size = number(*header, kSize);
        if (!size) {
            return notATar(tar);
        }
        RUNGLASS_ASSIGN(const auto place, placeOf(nameIn(*header)));
        RUNGLASS_TRY(copyContent(in, *size, place, tar));
    }
}

Result<std::string> firstNameInTar(const fs::path& tar) {
    std::ifstream in(tar, std::ios::binary);
    RUNGLASS_ASSIGN(const auto header, nextHeader(in, tar));
    return header ? Result<std::string>(nameIn(*header)) : notATar(tar);
}

}  // namespace runglass::exchange
