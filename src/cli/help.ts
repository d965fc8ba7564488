import { program } from '../core/audit/program';
import { readyProfileNames } from '../core/deid/profiles';

export const help = `${program.name} ${program.version}: removes what identifies people from DICOM, PNG, JPEG, TIFF, BMP, WebP and NIfTI images.
Nothing leaves this machine.

Usage
  lethe anonymize IN... --out DIR [options]
  lethe detect IN... --json [options]
  lethe verify REPORT DIR [COPY...] [--signer CERT.pem]
  lethe verify SECURITY-RECORD
  lethe verify --dicom IN... [--signer CERT.pem]
  lethe cohort IN... [options]
  lethe publish IN... [options]
  lethe mask TEXT... --out DIR [options]
  lethe reidentify FILE... --key KEY.pem --out DIR
  lethe open BUNDLE.p7m --key KEY.pem --out FILE.zip
  lethe policy FILE
  lethe pin
  lethe sign-key --name NAME --out KEY.pem
  lethe lookup import|merge|find ...

IN is a file, a folder or a ZIP; folders are walked, ZIPs are read where they lie. Files are known by their content, not by their name.

anonymize
  --out DIR          Folder for the results. Files that are there are never overwritten.
  --zip FILE         Instead of --out: one ZIP, the record in it.
  --encrypted-zip FILE  The same, every file encrypted with AES-256 (WinZip AE-2: 7-Zip and others open it with the password).
  --password-file FILE  Its first line is the password of the ZIP, at least 12 characters. Without it, it is asked for.
  --bundle FILE      A ZIP encrypted for the certificates of its recipients (CMS; lethe open and openssl cms -decrypt open it).
  --recipient CERT.pem  One of them; may be said again.
  --profile P        A profile: a JSON file, or one of ${readyProfileNames.join(', ')}. Default: basic.
  --key K            64 hexadecimal digits, or a file that holds them (or 32 raw bytes). The same key gives the same
                     pseudonyms, UIDs and dates. Without it a fresh random key is made and forgotten at the end.
  --key-out FILE     Writes the key that was used to FILE, readable by you alone. Keep it as safe as the originals.
  --pixels P         Which images are searched for burned-in text: auto (those at risk), all, off. Default: as the profile says.
  --text-policy T    Which of the found text goes: everything, identifying-and-unknown (measurements and laterality stay),
                     identifying. Default: as the profile says.
  --templates FILE   Device templates, as the page exports them: on images of these devices the search looks closely where text
                     is known to stand. Nothing is marked that is not seen.
  --style S          How found text is made unreadable: blur, solid, mosaic. Default: as the profile says.
  --name TEMPLATE    Names of results, from {patient} {study} {series} {instance} {modality} {seriesNumber} {instanceNumber}.
  --jobs N           Files worked on at a time. Default: by processors and memory.
  --resume           Goes on with an interrupted run: same inputs, output, profile and key. What is there already is not done again.
  --dicomdir         Names DICOM results as discs want it and writes a new DICOMDIR for them.
  --report FILE      Writes the record of what was done: counts, rules, hashes. It holds no identity.
  --report-csv FILE  The same as a table, for spreadsheets.
  --report-html FILE The same as a page to print.
  --sign KEY.pem     Signs the record (FILE.p7s beside it, CMS); lethe sign-key makes a key. Wants --report or an archive.
  --sign-dicom       Signs each DICOM file as well, with the same key (PS3.15 Creator RSA profile, SHA-256). The certificate goes along
                     in every file: whoever gets the files reads the name that it gives.
  --sign-passphrase-file FILE  Its first line is the passphrase of that key. Without it, it is asked for.
  --lookup FILE      Keeps the encrypted lookup table: patients that it knows get the pseudonyms that it has, new ones are added.
  --lookup-passphrase-file FILE  Its first line is the passphrase of that table. Without it, it is asked for.
  --map -            Prints which input became which output. It holds identity, the names of your files: it is never written to a file.
  --policy FILE      Keeps the policy of this machine (kiosk.json): its profile, destinations, roles and rules. Wants --security-record.
  --security-record FILE
                     Every decision is added to FILE before it takes effect. Append-only and hash-chained, without identity.
  --role R           operator (default), supervisor, auditor.
  --pin-file FILE    The PIN of the role, or - for standard input.
  --quiet            No progress.

detect
  --json             Prints one JSON array: path, frame, width, height, regions (image pixels) with score,
                     text, textScore, class, reason and action. What it prints may hold identity: it says what is in the image.
  --text-policy T    Decides the action, as above. Default: everything.
  --templates FILE   As above.
  --jobs N           As above.

verify
  Checks that REPORT is unchanged and that DIR holds exactly the files that it lists, with the same content. A
  signature beside it (REPORT.p7s) is checked too, and who signed is told. Each COPY, and lethe-report.csv and lethe-report.html in
  DIR, must be the record in that form, to the byte, as this version of Lethe writes it. With
  --security-record FILE also that FILE is unchanged and holds the decision that allowed the export.
  A security record alone: that it is unchanged.
  --dicom IN...      Instead: checks the digital signatures that DICOM files carry (RSA), whoever made them, and tells by whom, and
                     what they do not cover.
  --signer CERT.pem  It must have been signed with the key of this certificate.

policy, pin
  policy says what a policy file means, or what is wrong with it. pin reads a PIN from standard input and prints what
  goes into the policy: a slow salted hash.

reidentify, open, sign-key, lookup
  Encrypted originals, encrypted bundles, keys to sign with, encrypted lookup tables: lethe reidentify --help.

cohort, publish, mask
  For sets as a whole, and for texts that go with them: lethe cohort --help.

Ends with 0 when everything was exported or skipped (verify: is as recorded), 2 when something was refused or waits for review
(verify: is not as recorded), 1 on wrong usage.
`;
