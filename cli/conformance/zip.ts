import { gzipSync } from 'node:zlib';

/** Numbers of so many bytes, the lowest byte first. */
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

/** The checksum of a ZIP file, CRC-32, which stands near the end of GZIP's, too. Node.js has a function for it from 20.15 on only. */
const crc32 = (data: Buffer) => gzipSync(data).subarray(-8).readUInt32LE();

/** A ZIP file with one file in it, not compressed and readable by all (PKWARE's APPNOTE, 4.3). */
export function zipOf(name: string, content: string): Buffer {
  const [file, data] = [Buffer.from(name), Buffer.from(content)];
  // Version 2.0, stored, on the first day that ZIP knows.
  const entry = [shorts(20, 0, 0, 0, 33), longs(crc32(data), data.length, data.length), shorts(file.length, 0)];
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), ...entry, file, data]);
  // Made on Unix: the upper half of the attributes are a file's mode.
  const attributes = [shorts(0, 0, 0), longs(0o100644 * 2 ** 16, 0)];
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), shorts(0x03_14), ...entry, ...attributes, file]);
  const end = [shorts(0, 0, 1, 1), longs(central.length, local.length), shorts(0)];
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), ...end]);
}
