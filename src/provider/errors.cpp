// Errors of the library as reasons of libcrypto: a reason's number is 100 more than the Error's,
// since libcrypto keeps the numbers below 100 to itself.
#include <openssl/err.h>

#include <cstdarg>
#include <iterator>

#include "provider/context.hpp"

namespace latchkey::provider {
namespace {

constexpr std::uint32_t kFirstReason = 100;

struct Text {
  std::uint32_t number;
  const char* text;
};
constexpr Text kTexts[] = {
#define LATCHKEY_ERROR(name, NAME, number, text) {kFirstReason + number, text},
#include "latchkey/error_list.h"
#undef LATCHKEY_ERROR
};

struct Items {
  OSSL_ITEM items[std::size(kTexts) + 1];
};

// libcrypto takes pointers to texts that it does not change.
constexpr Items make_items() {
  Items all{};
  for (std::size_t i = 0; i < std::size(kTexts); ++i) {
    all.items[i] = {kTexts[i].number, const_cast<char*>(kTexts[i].text)};
  }
  return all;
}
constexpr Items kItems = make_items();

int raise(const Context& context, Error error, const char* format,
          std::va_list arguments) noexcept {
  const Upcalls& upcalls = context.upcalls;
  if (upcalls.new_error == nullptr || upcalls.vset_error == nullptr) return 0;
  upcalls.new_error(context.core);
  const auto number = static_cast<std::uint32_t>(error);
  upcalls.vset_error(context.core,
                     error == Error::no_memory ? ERR_R_MALLOC_FAILURE : kFirstReason + number,
                     format, arguments);
  return 0;
}

// A va_list comes from a function with an ellipsis alone.
int raise(const Context& context, Error error, ...) noexcept {
  std::va_list none;
  va_start(none, error);
  raise(context, error, nullptr, none);
  va_end(none);
  return 0;
}

}  // namespace

int fail(const Context& context, Error error) noexcept { return raise(context, error); }

int fail(const Context& context, Error error, const char* format, ...) noexcept {
  std::va_list arguments;
  va_start(arguments, format);
  raise(context, error, format, arguments);
  va_end(arguments);
  return 0;
}

const OSSL_ITEM* reasons() noexcept { return kItems.items; }

}  // namespace latchkey::provider
