// `latchkey version`: what this is, and what it uses.
#include <cstdio>

#include "commands.hpp"
#include "failure.hpp"
#include "latchkey/mlkem768.hpp"
#include "latchkey/seal.hpp"

namespace latchkey::cli {

void version() {
  std::printf("latchkey %s\nbackend %s\nlibcrypto %s\n", LATCHKEY_VERSION, backend_name(),
              crypto_version());
  const auto buffer = LockedBuffer::create(1);
  const char* const yes = buffer && buffer->is_locked() ? "yes" : "no, and done without";
  std::printf("locked memory %s\n", buffer ? yes : describe(buffer.error()));
}

}  // namespace latchkey::cli
