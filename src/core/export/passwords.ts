/** Passwords that people choose or have made. */

/** Letters and digits that nobody mistakes for another when reading them aloud or from paper: 32 of them, 5 bits each. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password of 100 random bits: five groups of four. */
export function randomPassword(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => alphabet.charAt(byte & 31));
  return [0, 4, 8, 12, 16].map((at) => letters.slice(at, at + 4).join('')).join('-');
}

/** Characters as people count them. */
export const lengthOf = (password: string): number => Array.from(password).length;
