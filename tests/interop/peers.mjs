// A package of npm as one party of exchanges: peers.mjs sodium|noble|hpke FOLDER, where FOLDER has
// node_modules. The protocol is that of driver.cpp.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [which, given] = process.argv.slice(2);
const folder = resolve(given);
const from = createRequire(join(folder, 'package.json'));
const load = async (name) => {
  const module = await import(pathToFileURL(from.resolve(name)));
  return module.default ?? module;
};
const versionOf = (name) =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'))).version;

const parties = {
  // libsodium as WebAssembly.
  async sodium() {
    const name = 'libsodium-wrappers-sumo';
    const sodium = await load(name);
    await sodium.ready;
    const of = (scheme, what) => sodium[`crypto_kem_${scheme}_${what}`];
    const keys = (scheme, seed) => of(scheme, 'seed_keypair')(seed);
    return {
      name: `libsodium ${sodium.sodium_version_string()} (${name} ${versionOf(name)})`,
      schemes: 'mlkem768 expanded xwing',
      public: (scheme, seed) => [keys(scheme, seed).publicKey],
      expand: (scheme, seed) => [keys(scheme, seed).privateKey],
      encaps: (scheme, ek) => {
        const { ciphertext, sharedSecret } = of(scheme, 'enc')(ek);
        return [ciphertext, sharedSecret];
      },
      decaps: (scheme, seed, ct) => [of(scheme, 'dec')(ct, keys(scheme, seed).privateKey)],
      'decaps-expanded': (scheme, dk, ct) => [of(scheme, 'dec')(ct, dk)],
    };
  },

  async noble() {
    const name = '@noble/post-quantum';
    const { ml_kem512: mlkem512, ml_kem768: mlkem768, ml_kem1024: mlkem1024 } =
      await load(`${name}/ml-kem.js`);
    const { ml_kem768_x25519: xwing } = await load(`${name}/hybrid.js`);
    const kems = { mlkem512, mlkem768, mlkem1024, xwing };
    return {
      name: `${name} ${versionOf(name)}`,
      schemes: 'mlkem512 mlkem768 mlkem1024 expanded xwing',
      public: (scheme, seed) => [kems[scheme].keygen(seed).publicKey],
      expand: (scheme, seed) => [kems[scheme].keygen(seed).secretKey],
      encaps: (scheme, ek) => {
        const { cipherText, sharedSecret } = kems[scheme].encapsulate(ek);
        return [cipherText, sharedSecret];
      },
      decaps: (scheme, seed, ct) =>
        [kems[scheme].decapsulate(ct, kems[scheme].keygen(seed).secretKey)],
      'decaps-expanded': (scheme, dk, ct) => [kems[scheme].decapsulate(ct, dk)],
    };
  },

  async hpke() {
    const core = await load('@hpke/core');
    const { Chacha20Poly1305 } = await load('@hpke/chacha20poly1305');
    const { MlKem512, MlKem768, MlKem1024 } = await load('@hpke/ml-kem');
    const kems = {
      mlkem512: new MlKem512(),
      mlkem768: new MlKem768(),
      mlkem1024: new MlKem1024(),
      xwing: new (await load('@hpke/hybridkem-x-wing')).XWing(),
    };
    const aeads = { 1: core.Aes128Gcm, 2: core.Aes256Gcm, 3: Chacha20Poly1305 };
    const suite = (scheme, kdf, aead) => {
      if (kdf[1] !== 1) throw new Error('no such KDF');
      return new core.CipherSuite({
        kem: kems[scheme],
        kdf: new core.HkdfSha256(),
        aead: new aeads[aead[1]](),
      });
    };
    const agreed = (info, key, id) => key.length > 0 ? { info, psk: { id, key } } : { info };
    const privateKey = (scheme, seed) => kems[scheme].importKey('raw', seed, false);
    const publicKey = (scheme, ek) => kems[scheme].importKey('raw', ek, true);
    // deriveKeyPair() hashes for X-Wing, and not for ML-KEM.
    const pair = (scheme, seed) => scheme === 'xwing' ?
      kems.xwing.generateKeyPairDerand(seed) : kems[scheme].deriveKeyPair(seed);
    const names = ['@hpke/core', '@hpke/ml-kem', '@hpke/hybridkem-x-wing'];
    return {
      name: names.map((name) => `${name} ${versionOf(name)}`).join(', '),
      schemes: 'mlkem512 mlkem768 mlkem1024 xwing hpke',
      async public(scheme, seed) {
        return [await kems[scheme].serializePublicKey((await pair(scheme, seed)).publicKey)];
      },
      async encaps(scheme, ek) {
        const recipientPublicKey = await publicKey(scheme, ek);
        const { enc, sharedSecret } = await kems[scheme].encap({ recipientPublicKey });
        return [enc, sharedSecret];
      },
      async decaps(scheme, seed, enc) {
        return [await kems[scheme].decap({ recipientKey: await privateKey(scheme, seed), enc })];
      },
      async seal(scheme, kdf, aead, info, psk, pskId, ek, context, ...rest) {
        const sender = await suite(scheme, kdf, aead).createSenderContext(
          { recipientPublicKey: await publicKey(scheme, ek), ...agreed(info, psk, pskId) });
        const out = [sender.enc, await sender.export(context, 32)];
        for (let i = 0; i < rest.length; i += 2) {
          out.push(await sender.seal(rest[i + 1], rest[i]));
        }
        return out;
      },
      async open(scheme, kdf, aead, info, psk, pskId, seed, enc, context, ...rest) {
        const receiver = await suite(scheme, kdf, aead).createRecipientContext(
          { recipientKey: await privateKey(scheme, seed), enc, ...agreed(info, psk, pskId) });
        const out = [await receiver.export(context, 32)];
        for (let i = 0; i < rest.length; i += 2) {
          out.push(await receiver.open(rest[i + 1], rest[i]));
        }
        return out;
      },
    };
  },
};

// Each with a buffer of its own: @hpke/ml-kem takes all of the buffer for the key.
const bytesOf = (word) => new Uint8Array(Buffer.from(word === '-' ? '' : word, 'hex'));
const wordOf = (bytes) => Buffer.from(bytes).toString('hex') || '-';

let party;
try {
  party = await parties[which]();
} catch (error) {
  console.log(`absent\t${error.message.split('\n')[0]} (node ${process.version})`);
  process.exit();
}
console.log(`ready\t${party.name}\t${party.schemes}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [scheme, command, ...words] = line.split(' ');
  if (!(command in party)) throw new Error(`${party.name} does not know ${command}`);
  try {
    const out = await party[command](scheme, ...words.map(bytesOf));
    console.log(['ok', ...out.map(wordOf)].join(' '));
  } catch (error) {
    console.log(`refused ${error.message.split('\n')[0]}`);
  }
}
