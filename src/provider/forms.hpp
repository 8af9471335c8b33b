// The forms of ML-KEM's private keys in PKCS #8, and which of them are read and written: the
// settings ml-kem.input_formats and ml-kem.output_formats (EVP_PKEY-ML-KEM(7) of OpenSSL 3.5).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace latchkey::provider {

// What stands in the OCTET STRING of a PrivateKeyInfo. The first three are the CHOICE of RFC 9935,
// section 6; the others are of software that was there before it.
enum class Form : std::uint8_t {
  seed_priv,   // SEQUENCE of the seed and the expanded key, each in an OCTET STRING
  priv_only,   // OCTET STRING of the expanded key
  seed_only,   // [0] of the seed
  oqskeypair,  // OCTET STRING of the expanded key and the public key, one behind the other
  bare_seed,   // the seed's bytes
  bare_priv,   // the expanded key's bytes
};
inline constexpr std::size_t kFormCount = 6;

// The form's name in settings.
[[nodiscard]] const char* name_of(Form form) noexcept;

// Some of the forms, the preferred first. All of them, if nothing else is said.
class Forms {
 public:
  // `list` names forms, with commas, blanks and tabs between them. False if it names none, or
  // something else; then nothing has changed.
  [[nodiscard]] bool parse(std::string_view list) noexcept;

  [[nodiscard]] bool has(Form form) const noexcept;
  [[nodiscard]] const Form* begin() const noexcept { return forms_.data(); }
  [[nodiscard]] const Form* end() const noexcept { return forms_.data() + count_; }

 private:
  std::array<Form, kFormCount> forms_ = {Form::seed_priv,  Form::priv_only, Form::seed_only,
                                         Form::oqskeypair, Form::bare_seed, Form::bare_priv};
  std::size_t count_ = kFormCount;
};

}  // namespace latchkey::provider
