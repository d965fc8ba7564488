export const sealingHelp = `lethe reidentify FILE... --key KEY.pem --out DIR [--passphrase-file FILE]
lethe open BUNDLE.p7m --key KEY.pem --out FILE.zip [--passphrase-file FILE]
lethe sign-key --name NAME --out KEY.pem [--passphrase-file FILE]
lethe lookup import CSV --out FILE | merge FILE... --out FILE | find FILE WHO   [--passphrase-file FILE]

reidentify
  Gives de-identified DICOM files their originals back, from the encrypted originals that they carry (profile member "vault").
  --key KEY.pem      Private key of one of the certificates that the originals were encrypted for (PEM; PKCS #8, PKCS #1, SEC 1).
  --passphrase-file FILE  Its first line is the passphrase of an encrypted key. Without it, it is asked for.
  --out DIR          Folder for the files with their identity. Nothing is overwritten. What was redacted in pixels stays redacted.

open
  Opens a bundle (anonymize --bundle, or any CMS envelope with AES-256): its content, a ZIP, goes to --out. --key and
  --passphrase-file as above. Of any size; nothing is held.

sign-key
  Makes a key to sign records and images with (RSA, 3072 bits), and its certificate, which tells others who signed. The file is
  encrypted with a passphrase of at least 12 characters; keep it. Its certificate may be given to anybody.
  --name NAME        Who signs: a person, a project, a department.

lookup
  The lookup table of a project: who became which pseudonym. Its file is encrypted (JWE, AES-256-GCM, PBKDF2); anonymize --lookup
  makes and continues it.
  import             Makes one of a CSV (old ID, new ID).
  merge              Makes one of several that have the same passphrase; tables that contradict each other are refused.
  find               Prints pseudonym, ID and name of whoever has that pseudonym, ID or Study Instance UID.

Ends with 0 when every file was given back, 2 when one was not, 1 on wrong usage.
`;
