import { gzipSync } from 'node:zlib';

/** Encodes numbers of a size in little-endian order. */
const littleEndian =
  (bytes: number) =>
  (...values: readonly number[]) =>
    Buffer.concat(
      values.map((value) => {
        const buffer = Buffer.alloc(bytes);
        buffer.writeUIntLE(value, 0, bytes);
        return buffer;
      }),
    );

const shorts = littleEndian(2);
const longs = littleEndian(4);

/** CRC-32, taken from the end of a GZIP stream. Node.js has a function for it only since 20.15. */
const crc32 = (data: Buffer) => gzipSync(data).subarray(-8).readUInt32LE();

/** A ZIP archive with one uncompressed file that all users may read (PKWARE's APPNOTE, 4.3). */
export function zipOf(name: string, content: string): Buffer {
  const [file, data] = [Buffer.from(name), Buffer.from(content)];
  // Version 2.0, method "stored", date 1980-01-01.
  const entry = [shorts(20, 0, 0, 0, 33), longs(crc32(data), data.length, data.length), shorts(file.length, 0)];
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), ...entry, file, data]);
  // On Unix, the upper half of the attributes is the file's mode.
  const attributes = [shorts(0, 0, 0), longs(0o100644 * 2 ** 16, 0)];
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), shorts(0x03_14), ...entry, ...attributes, file]);
  const end = [shorts(0, 0, 1, 1), longs(central.length, local.length), shorts(0)];
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), ...end]);
}
