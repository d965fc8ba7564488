/** Attributes of PS3.3 C.12.1.1.4 and PS3.15 E.1: what a vault is made of. */
export const ENCRYPTED_ATTRIBUTES = 0x04000500;
export const CONTENT_TRANSFER_SYNTAX = 0x04000510;
export const ENCRYPTED_CONTENT = 0x04000520;
export const MODIFIED_ATTRIBUTES = 0x04000550;

/** Inside the encryption, in a private block that other readers pass over: SHA-256 of the Modified Attributes Sequence. */
export const HASH_CREATOR = 0x04010010;
export const HASH = 0x04011001;
export const hashCreator = 'LETHE VAULT 1';

/** The only kind of encoding that PS3.3 allows for the encrypted data set: explicit, little-endian. */
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
