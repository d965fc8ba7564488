/** Attributes of PS3.3 C.12.1.1.3: what a digital signature in a data set is made of. */
export const MAC_PARAMETERS = 0x4ffe0001;
export const DIGITAL_SIGNATURES = 0xfffafffa;
export const MAC_ID = 0x04000005;
export const MAC_TRANSFER_SYNTAX = 0x04000010;
export const MAC_ALGORITHM = 0x04000015;
export const ELEMENTS_SIGNED = 0x04000020;
export const SIGNATURE_UID = 0x04000100;
export const SIGNATURE_TIME = 0x04000105;
export const CERTIFICATE_TYPE = 0x04000110;
export const CERTIFICATE = 0x04000115;
export const SIGNATURE = 0x04000120;

/** The one kind of certificate that the RSA profiles know (PS3.15 C.1). */
export const x509 = 'X509_1993_SIG';

/** What of a signature's own item it does not cover: itself, the certificate, time stamps of others. */
export const outsideOfSignature: ReadonlySet<number> = new Set([CERTIFICATE, SIGNATURE, 0x04000305, 0x04000310]);
