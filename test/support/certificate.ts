/** Makes certificates that nobody has signed but themselves, for engines behind TLS on this machine. */

export interface Certificate {
  /** Both in PEM. */
  readonly cert: string;
  readonly key: string;
}

/** For 127.0.0.1, valid for long. */
export async function selfSigned(): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey));
  const privateKey = new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const name = sequence(der(SET, sequence(COMMON_NAME, der(UTF8, Buffer.from("engine")))));
  const alternativeNames = sequence(der(IP_ADDRESS, new Uint8Array([127, 0, 0, 1])));
  const contents = sequence(
    der(VERSION, der(INTEGER, new Uint8Array([2]))),
    der(INTEGER, new Uint8Array([1])),
    ECDSA_WITH_SHA256,
    name,
    sequence(der(TIME, Buffer.from("200101000000Z")), der(TIME, Buffer.from("491231235959Z"))),
    name,
    publicKey,
    der(EXTENSIONS, sequence(sequence(ALTERNATIVE_NAMES, der(OCTETS, alternativeNames)))),
  );
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signed = new Uint8Array(await crypto.subtle.sign(algorithm, keys.privateKey, contents));
  const signature = sequence(positive(signed.subarray(0, 32)), positive(signed.subarray(32)));
  const whole = sequence(contents, ECDSA_WITH_SHA256, der(BITS, new Uint8Array([0]), signature));
  return { cert: pem("CERTIFICATE", whole), key: pem("PRIVATE KEY", privateKey) };
}

// tags of DER (X.690), and of the fields of a certificate (RFC 5280 4.1)
const INTEGER = 0x02;
const BITS = 0x03;
const OCTETS = 0x04;
const OBJECT_ID = 0x06;
const UTF8 = 0x0c;
const TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const IP_ADDRESS = 0x87;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

const ECDSA_WITH_SHA256 = sequence(der(OBJECT_ID, Buffer.from("2a8648ce3d040302", "hex")));
const COMMON_NAME = der(OBJECT_ID, Buffer.from("550403", "hex"));
const ALTERNATIVE_NAMES = der(OBJECT_ID, Buffer.from("551d11", "hex"));

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = Buffer.concat(parts);
  const { length } = body;
  // short lengths are a byte; longer ones say first in how many bytes they stand
  const lengths =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return new Uint8Array([tag, ...lengths, ...body]);
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return der(SEQUENCE, ...parts);
}

/** A number without needless zeros before it, and with one where it would be read as negative. */
function positive(bytes: Uint8Array): Uint8Array {
  const digits = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return der(INTEGER, ...((digits[0] ?? 0) < 0x80 ? [] : [new Uint8Array(1)]), digits);
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString("base64").replaceAll(/.{64}/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
