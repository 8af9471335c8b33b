// `latchkey tls-check` of a build without libssl.
#include "commands.hpp"
#include "failure.hpp"

namespace latchkey::cli {

void tls_check(const Options&) {
  throw Failure("tls-check is not available: latchkey was built without libssl",
                Failure::kUnsupported);
}

}  // namespace latchkey::cli
