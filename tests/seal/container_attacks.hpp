// One file that is made to open in two ways with different content: two contexts, two aads, or two
// recipients. Each kind of container, attacked as well as the test knows to.
#pragma once

#include "seal/two_faced.hpp"

namespace latchkey::test {

// One way to open a file.
struct Side {
  const xwing::DecapsulationKey& key;
  Octets aad, context;
};

// A file that is authentic for both sides as far as the AEAD goes. Where the container commits, it
// commits to the first side. Whoever makes it knows what enc gives under both keys: of the first by
// encapsulation, of the second because the key is her own.
//
// Where the sides have one key and one context, the AEAD has one key, and the content is one, too:
// then the second side's aad is to fit the tag, and is changed behind what it says.
using MakeFile = Octets (*)(const Side& first, Side& second);
// The content, or none if it is refused.
using OpenFile = std::optional<Octets> (*)(const Side& side, OctetView file);

struct AttackedContainer {
  MakeFile make;
  OpenFile open;
};

// enc, then the first message of an HPKE context whose info holds the recipient's key and the
// context: what containers of version 1 were.
extern const AttackedContainer kHpkeAlone;
extern const AttackedContainer kMessage, kStream;  // of this library
// One stanza, whose body holds another file key for each of two recipients. These files have
// neither aad nor context.
extern const AttackedContainer kAgeFile;
// The file key that the stanza gives alone.
extern const AttackedContainer kAgeStanza;

}  // namespace latchkey::test
