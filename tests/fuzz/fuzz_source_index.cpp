// SPDX-License-Identifier: GPL-3.0-or-later
// The cached index of foreign runs. The input is the content behind the checksum, which is made to fit, so
// that the fuzzer gets past it.
#include <xxhash.h>

#include "index.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace runglass;
    Bytes whole;
    ByteWriter out(whole);
    for (const char c : {'R', 'G', 'S', 'I'}) {
        out.byte(static_cast<std::uint8_t>(c));
    }
    out.unsignedInt(sources::kIndexVersion);
    const std::uint64_t sum = XXH3_64bits(data, size);
    out.raw({reinterpret_cast<const std::uint8_t*>(&sum), sizeof sum});
    out.raw({data, size});
    const auto origins = sources::decodeIndex(whole);
    if (!origins.empty() && sources::decodeIndex(sources::encodeIndex(origins)).size() != origins.size()) {
        __builtin_trap();  // what was read must be readable again
    }
    return 0;
}
