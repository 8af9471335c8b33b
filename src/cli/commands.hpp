// The commands of the tool, one file each. A command prints to stdout, and throws a Failure when it
// cannot do its work.
#pragma once

#include "options.hpp"

namespace latchkey::cli {

void convert(const Options& options);
void decaps(const Options& options);
void demo();
void encaps(const Options& options);
void fingerprint(const Options& options);
void inspect(const Options& options);
void kat(const Options& options);
void keygen(const Options& options);
void open(const Options& options);
void passwd(const Options& options);
void pubkey(const Options& options);
void seal(const Options& options);
void selftest();
void speed(const Options& options);
void tls_check(const Options& options);
void version();

}  // namespace latchkey::cli
