import { quasiNames, sensitiveNames } from '../core/deid/quasi-identifiers';

export const privacyHelp = `lethe cohort IN... [options]
lethe publish IN... --ask FILE --ledger FILE [options]
lethe mask TEXT... --out DIR [options]

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
  --lookup FILE      The encrypted lookup table: whoever is in it gets the pseudonym that it has, images or not.
  --lookup-passphrase-file FILE  Its first line is the passphrase of that table. Without it, it is asked for.
  --key K            The key of the images. --key-out FILE as above.

  --jobs N           Of all three: files worked on at a time.

Ends with 0 when it was done, 2 when not (cohort: no combination reaches what was asked; publish: the budget does not reach;
mask: a text was refused), 1 on wrong usage.
`;
