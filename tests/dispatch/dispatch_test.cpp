// The choice of a backend by name, and of the form of X25519 beside it.
#include <algorithm>
#include <cstdlib>

#include "mlkem/backends.hpp"
#include "support/catch.hpp"
#include "x25519/forms.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("Every backend that runs here can be chosen by its name, and no other") {
  const mlkem::HashTable& before = dispatch::hash_table();
  for (const dispatch::Backend& backend : supported_backends()) {
    CHECK(dispatch::use(backend.hash->name));
    CHECK(&dispatch::hash_table() == backend.hash);
    CHECK(&dispatch::kem_table<mlkem::kMlKem512>() == &kem_of<mlkem::kMlKem512>(backend));
    CHECK(&dispatch::kem_table<mlkem::kMlKem768>() == &kem_of<mlkem::kMlKem768>(backend));
    CHECK(&dispatch::kem_table<mlkem::kMlKem1024>() == &kem_of<mlkem::kMlKem1024>(backend));
  }
  const mlkem::HashTable& last = dispatch::hash_table();
  const x25519::Table& last_form = dispatch::x25519_table();
  for (const char* name : {"", "re", "refs", "none"}) {
    CAPTURE(name);
    CHECK_FALSE(dispatch::use(name));
    CHECK(&dispatch::hash_table() == &last);
    CHECK(&dispatch::x25519_table() == &last_form);
  }
  CHECK(dispatch::use(before.name));
}

// The backends of this build, the slowest first, and where this one is among them.
std::ptrdiff_t rank_of(std::string_view backend) {
  const auto all = dispatch::backends();
  const auto found = std::ranges::find(
      all, backend, [](const dispatch::Backend& b) { return std::string_view(b.hash->name); });
  REQUIRE(found != all.end());
  return found - all.begin();
}

// The form beside a backend: it runs here, it is not for a faster backend, and there is none
// better.
void require_right_form(const x25519::Table& chosen, std::string_view backend) {
  CAPTURE(backend, chosen.name);
  bool is_there = false;
  for (const dispatch::Form& form : supported_forms()) {
    const bool is_allowed = rank_of(form.backend) <= rank_of(backend);
    if (form.table == &chosen) {
      CHECK(is_allowed);
      is_there = true;
    } else if (is_there) {
      CAPTURE(form.table->name);
      CHECK_FALSE(is_allowed);
    }
  }
  CHECK(is_there);
}

TEST_CASE("Beside each backend the best form of X25519 is in use that runs here and is for it") {
  const mlkem::HashTable& before = dispatch::hash_table();
  for (const dispatch::Backend& backend : supported_backends()) {
    REQUIRE(dispatch::use(backend.hash->name));
    require_right_form(dispatch::x25519_table(), backend.hash->name);
  }
  REQUIRE(dispatch::use(before.name));
}

TEST_CASE("Beside the portable backend only the portable form is in use, and AVX2's has no IFMA") {
  const mlkem::HashTable& before = dispatch::hash_table();
  for (const dispatch::Backend& backend : supported_backends()) {
    const std::string_view name = backend.hash->name;
    REQUIRE(dispatch::use(name));
    const std::string_view form = dispatch::x25519_table().name;
    if (name == "ref") CHECK(form == "portable");
    if (name != "avx512") CHECK(form != "ifma");
  }
  REQUIRE(dispatch::use(before.name));
}

TEST_CASE("The forms of X25519 are different ones, and the first runs everywhere") {
  const auto forms = dispatch::forms();
  REQUIRE(forms.front().supported());
  for (const dispatch::Form& form : forms) {
    CHECK(std::ranges::count(forms, std::string_view(form.table->name), [](const auto& other) {
            return std::string_view(other.table->name);
          }) == 1);
  }
}

// For a process that has used nothing yet: nothing but LATCHKEY_BACKEND has been said.
TEST_CASE("LATCHKEY_BACKEND chooses the form of X25519, too", "[.][form]") {
  const x25519::Table& form = dispatch::x25519_table();
  const char* const wish = std::getenv("LATCHKEY_BACKEND");
  const auto supported = supported_backends();
  const bool is_there = wish != nullptr && std::ranges::any_of(supported, [&](const auto& backend) {
                          return std::string_view(backend.hash->name) == wish;
                        });
  require_right_form(form, is_there ? wish : supported.back().hash->name);
}

}  // namespace
}  // namespace latchkey::test
