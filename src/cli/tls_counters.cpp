#include "tls_counters.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "text/provider_section.hpp"

namespace latchkey::cli {
namespace {

struct Counted {
  std::uint64_t magic;
  std::uint64_t of[std::size(text::kCountedGroups)][2];  // as server, as client
};

// A fault, or an empty text. A file that was truncated to begin anew has no numbers.
std::string read_file(const std::string& path, Counted& counted) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::strerror(errno);
  struct stat status = {};
  const bool is_regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  const auto size = is_regular ? ::read(file, &counted, sizeof counted) : -1;
  ::close(file);
  if (is_regular && status.st_size == 0) return {};
  const bool is_counters = size == sizeof counted && status.st_size == sizeof counted &&
                           counted.magic == text::kCountersMagic;
  return is_counters ? "" : "not a file of counters";
}

}  // namespace

std::string read_tls_counters(const std::string& path) {
  Counted counted = {};
  const std::string fault = read_file(path, counted);
  if (!fault.empty()) return fault;
  std::string words;
  for (std::size_t i = 0; i < std::size(counted.of); ++i) {
    const auto [server, client] = counted.of[i];
    if (server == 0 && client == 0) continue;
    words += (words.empty() ? "" : "; ") + std::string(text::kCountedGroups[i]) + " " +
             std::to_string(server) + " as server, " + std::to_string(client) + " as client";
  }
  return words.empty() ? "none yet" : words;
}

}  // namespace latchkey::cli
