#include "openssl_errors.hpp"

#include <openssl/err.h>

#include <cstring>

#include "text/text.hpp"

namespace latchkey::cli {
namespace {

// So that an error that libcrypto wraps often does not fill the screen.
constexpr std::size_t kMostOfErrors = 1000;

std::string words_of(unsigned long error, const char* data, int flags) {
  const char* const reason = ERR_SYSTEM_ERROR(error) ? std::strerror(ERR_GET_REASON(error))
                                                     : ERR_reason_error_string(error);
  const bool has_data = (flags & ERR_TXT_STRING) != 0 && data != nullptr && *data != '\0';
  // A module that was refused has taken its reasons with it.
  if (reason == nullptr) return has_data ? data : "error " + std::to_string(error);
  return has_data ? std::string(reason) + " (" + data + ")" : reason;
}

}  // namespace

std::string take_openssl_errors() {
  std::string all;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long error = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    const std::string words = words_of(error, data, flags);
    const bool is_said = all.find(words) != all.npos;
    if (!is_said && all.size() < kMostOfErrors) all += (all.empty() ? "" : "; ") + words;
  }
  return all.empty() ? "no reason given" : text::in_one_line(all);
}

void forget_openssl_errors() noexcept { ERR_clear_error(); }

}  // namespace latchkey::cli
