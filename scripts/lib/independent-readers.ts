/**
 * Tells, once before the tests, which independent readers are missing: tests that need one skip without it.
 * With LETHE_REQUIRE_READERS=1 a missing reader is a failure instead.
 */
import { spawnSync } from 'node:child_process';

const programs = [
  'dcmdump',
  'dcmsign',
  'dcmconv',
  'dcmdjpeg',
  'dcmj2pnm',
  'gdcmconv',
  'opj_decompress',
  'dciodvfy',
  'dcentvfy',
  'identify',
  'convert',
  'tiffcp',
  'webpinfo',
  'unzip',
  '7zz',
  'openssl',
];
const modules = ['pydicom', 'numpy', 'PIL', 'gdcm', 'tifffile', 'nibabel', 'jwcrypto', 'cryptography'];

export default function checkReaders(): void {
  const missing = [
    ...programs.filter((name) => spawnSync('which', [name]).status !== 0),
    ...modules
      .filter((name) => spawnSync('/usr/bin/python3', ['-c', `import ${name}`]).status !== 0)
      .map((m) => `python3 ${m}`),
  ];
  if (missing.length === 0) return;
  const text = `independent readers that are missing here: ${missing.join(', ')}`;
  if (process.env.LETHE_REQUIRE_READERS === '1') throw new Error(text);
  console.warn(`${text}; the tests that need them are skipped`);
}
