// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/translate.h"

#include <memory>
#include <mutex>
#include <utility>

namespace runglass {

namespace {

std::mutex translatorMutex;
std::shared_ptr<const Translator> currentTranslator;  // guarded by translatorMutex

}  // namespace

void setTranslator(Translator translator) {
    auto shared = std::make_shared<const Translator>(std::move(translator));
    const std::lock_guard lock(translatorMutex);
    currentTranslator = std::move(shared);
}

std::string tr(const char* text) {
    std::shared_ptr<const Translator> translator;
    {
        const std::lock_guard lock(translatorMutex);
        translator = currentTranslator;
    }
    return translator && *translator ? (*translator)(text) : std::string(text);
}

}  // namespace runglass
