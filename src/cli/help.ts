import { program } from '../core/audit/program';
import { readyProfileNames } from '../core/deid/profiles';
import { quasiNames, sensitiveNames } from '../core/deid/quasi-identifiers';

export const help = `${program.name} ${program.version}: removes what identifies people from DICOM, PNG, JPEG, TIFF, BMP, WebP and NIfTI images.
Nothing leaves this machine.

Usage
  lethe anonymize IN... --out DIR [options]
  lethe detect IN... --json [options]
  lethe verify REPORT DIR
  lethe cohort IN... [options]
  lethe publish IN... --ask FILE --ledger FILE [options]
  lethe mask TEXT... --out DIR [options]

IN is a file, a folder or a ZIP; folders are walked, ZIPs are read where they lie. Files are known by their content, not by their name.

anonymize
  --out DIR          Folder for the results. Files that are there are never overwritten.
  --profile P        A profile: a JSON file, or one of ${readyProfileNames.join(', ')}. Default: basic.
  --key K            64 hexadecimal digits, or a file that holds them (or 32 raw bytes). The same key gives the same
                     pseudonyms, UIDs and dates. Without it a fresh random key is made and forgotten at the end.
  --key-out FILE     Writes the key that was used to FILE, readable by you alone. Keep it as safe as the originals.
  --pixels P         Which images are searched for burned-in text: auto (those at risk), all, off. Default: as the profile says.
  --text-policy T    Which of the found text goes: everything, identifying-and-unknown (measurements and laterality stay),
                     identifying. Default: as the profile says.
  --style S          How found text is made unreadable: blur, solid, mosaic. Default: as the profile says.
  --name TEMPLATE    Names of results, from {patient} {study} {series} {instance} {modality} {seriesNumber} {instanceNumber}.
  --jobs N           Files worked on at a time. Default: the number of processors.
  --resume           Goes on with an interrupted run: same inputs, output, profile and key. What is there already is not done again.
  --dicomdir         Names DICOM results as discs want it and writes a new DICOMDIR for them.
  --report FILE      Writes the record of what was done: counts, rules, hashes. It holds no identity.
  --map FILE         Writes which input became which output. It holds identity: the names of your files.
  --quiet            No progress.

detect
  --json             Prints one JSON array: path, frame, width, height, regions (image pixels) with score,
                     text, textScore, class, reason and action. What it prints may hold identity: it says what is in the image.
  --text-policy T    Decides the action, as above. Default: everything.
  --jobs N           As above.

verify
  Checks that REPORT is unchanged and that DIR holds exactly the files that it lists, with the same content.

cohort
  Says how re-identifiable what stays of the headers still is, and finds the least lossy way to make it less so.
  --profile P        As above. Default: research. What it removes anyway does not count.
  --by NAMES         Characteristics that count, with commas: ${quasiNames.join(', ')}.
                     Default: those that the profile leaves exact enough to tell somebody.
  --k N              Fewest patients that must share one combination. Default: 5.
  --sensitive RULE   What each group must hold of ${sensitiveNames.join(', ')}: NAME:distinct=L, NAME:entropy=L,
                     NAME:recursive=L/C, NAME:t=T. May be said again.
  --leave-out SHARE  Largest share of records that may be left out, 0 to 1. Default: 0.
  --fraction SHARE   Share of its population that the set is: for the risk from one who looks for anybody. Default: 1.
  --save FILE        Writes the profile with the policy found, for anonymize.
  --json             Prints JSON.

publish
  Answers questions about a set with differential privacy. For statistics alone: it changes no header and no pixel.
  --ask FILE         Questions, as JSON: [{"query": {"kind": "count"}, "mechanism": {"kind": "laplace", "epsilon": 0.5}}, …]
                     Kinds: count, histogram, mean, quantile; mechanisms: laplace, gaussian (with delta).
  --ledger FILE      Where the spent budget is kept. Use one ledger for one set of patients, for ever.
  --budget EPSILON   Begins a ledger; with --delta D (default 1e-6) and --composition basic, advanced or zcdp (default basic).

mask
  Masks reports and tables (TXT, CSV, JSON) with the pseudonyms, shifted dates and UIDs that the images have.
  --out DIR          Folder for the results. Files that are there are never overwritten.
  --images IN        Images of the same patients: their headers say who is to be masked. May be said again.
  --profile P        Default: research.
  --key K            The key of the images. --key-out FILE as above.

Ends with 0 when everything was exported or skipped (verify: is as recorded), 2 when something was refused or waits for review
(verify: is not as recorded; cohort: can't be reached; publish: the budget does not reach), 1 on wrong usage.
`;
