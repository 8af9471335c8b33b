// What libcrypto and libssl say of a failure, in words.
#pragma once

#include <string>

namespace latchkey::cli {

// The reasons in this thread's error queue, the first cause first, in one line without control
// characters; "no reason given" if there is none. The queue is empty afterwards.
std::string take_openssl_errors();

void forget_openssl_errors() noexcept;

}  // namespace latchkey::cli
