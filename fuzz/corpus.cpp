// corpus-tests TARGET FOLDER: runs a target on every file of a folder, as any compiler builds it.
//
// Prints each file's name before its run: an input that crashes is named last. A folder without
// files is a failure.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

constexpr struct {
  const char* name;
  Target* run;
} kTargets[] = {
    {"age_file", age_file},
    {"age_header", age_header},
    {"batch", batch},
    {"command_line", command_line},
    {"decapsulate", decapsulate},
    {"hpke_contexts", hpke_contexts},
    {"import_key", import_key},
    {"keccak", keccak},
    {"key_file", key_file},
    {"locked_buffer", locked_buffer},
    {"parse_key", parse_key},
    {"pem_objects", pem_objects},
#ifdef LATCHKEY_HAVE_PROVIDER
    {"provider_files", provider_files},
    {"provider_keys", provider_keys},
#endif
    {"backends", backends},
    {"sealed_message", sealed_message},
    {"stream_chunks", stream_chunks},
    {"tls_hello", tls_hello},
    {"vector_file", vector_file},
    {"x25519", x25519},
    {"xwing_exchange", xwing_exchange},
};

Target* find_target(const char* name) {
  const auto* const found =
      std::ranges::find_if(kTargets, [&](auto& t) { return std::strcmp(t.name, name) == 0; });
  return found != std::end(kTargets) ? found->run : nullptr;
}

// Of a folder that is not there, none.
std::vector<std::filesystem::path> files_in(const char* folder) {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void run_file(Target& target, const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(in), {}};
  const std::vector<std::uint8_t> bytes(chars.begin(), chars.end());
  target(bytes);
}

}  // namespace
}  // namespace latchkey::fuzz

int main(int argc, char** argv) {
  using namespace latchkey::fuzz;
  Target* const target = argc == 3 ? find_target(argv[1]) : nullptr;
  if (target == nullptr) {
    std::fputs("usage: corpus-tests TARGET FOLDER\n", stderr);
    return 2;
  }
  const auto files = files_in(argv[2]);
  for (const auto& file : files) {
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);
    run_file(*target, file);
  }
  std::printf("%s: %zu inputs\n", argv[1], files.size());
  return files.empty() ? 1 : 0;
}
