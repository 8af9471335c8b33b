#include "public_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>

#include "bytes.hpp"
#include "identities.hpp"
#include "kems.hpp"
#include "latchkey/age.hpp"
#include "latchkey/seal.hpp"

namespace latchkey::cli {
namespace {

bool is_public(View file) {
  if (inspect_sealed(file).has_value() || age::is_file(file)) return true;
  if (file.size() > kMostOfIdentities) return false;
  for (const char* mark : {"PRIVATE KEY-----", "AGE-SECRET-KEY-", "AGE-PLUGIN-"}) {
    if (text_of(file).find(mark) != std::string_view::npos) return false;
  }
  const auto has_this_size = [&](const KemRow& kem) {
    return file.size() == kem.encapsulation_key_size || file.size() == kem.ciphertext_size;
  };
  return kind_of_key_file(file) == KeyFileKind::public_key ||
         age_file_kind(file) == AgeFile::recipients || std::ranges::any_of(kKems, has_this_size);
}

}  // namespace

bool is_public_file(const std::string& path) {
  if (is_standard(path)) return false;
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status;
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0 ||
      !S_ISREG(status.st_mode) || status.st_size == 0) {
    return false;
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const pages = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
  if (pages == MAP_FAILED) return false;
  const bool answer = is_public({static_cast<const std::uint8_t*>(pages), size});
  ::munmap(pages, size);
  return answer;
}

}  // namespace latchkey::cli
