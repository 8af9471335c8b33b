// Seals standard input as one message, which the tool opens and does not make:
// make-message PUBLIC-KEY CONTEXT [AAD].
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <variant>

#include "latchkey/key_file.hpp"
#include "latchkey/seal.hpp"

namespace {

std::string all_of(std::istream& stream) {
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const auto key = latchkey::read_public_key(latchkey::bytes(all_of(file)));
  if (!key) return 1;
  const std::string message = all_of(std::cin);
  const std::string context = argv[2], aad = argc == 4 ? argv[3] : "";
  return std::visit(
      [&](const auto& recipient) {
        const auto sealed = latchkey::seal_for(recipient, latchkey::bytes(message),
                                               latchkey::bytes(aad), latchkey::bytes(context));
        if (!sealed) return 1;
        return std::fwrite(sealed->bytes().data(), 1, sealed->bytes().size(), stdout) ==
                       sealed->bytes().size()
                   ? 0
                   : 1;
      },
      *key);
}
