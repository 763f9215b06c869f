/** The checksum of a ZIP file: CRC-32. Node.js has it from 20.15 on only. */
function crc32(data: Buffer): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xed_b8_83_20 & -(crc & 1));
  }
  return ~crc >>> 0;
}

/** Numbers of two or four bytes, the lowest byte first. */
function packed(...numbers: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  return Buffer.concat(
    numbers.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}

/** A ZIP file with one file in it, not compressed and readable by all (PKWARE's APPNOTE, 4.3). */
export function zipOf(name: string, content: string): Buffer {
  const [file, data] = [Buffer.from(name), Buffer.from(content)];
  // Version 2.0, stored, on the first day that ZIP knows.
  const entry = packed(
    [20, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [33, 2],
    [crc32(data), 4],
    [data.length, 4],
    [data.length, 4],
    [file.length, 2],
    [0, 2],
  );
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), entry, file, data]);
  // Made on Unix: the upper half of the attributes are a file's mode.
  const attributes = packed([0, 2], [0, 2], [0, 2], [0o100644 * 2 ** 16, 4], [0, 4]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), packed([0x03_14, 2]), entry, attributes, file]);
  const end = packed([0, 2], [0, 2], [1, 2], [1, 2], [central.length, 4], [local.length, 4], [0, 2]);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
}
