/** What is known of one patient while a session's headers are read. Memory only: never stored, never exported. */
export interface IdentityFacts {
  /** Groups the files of one patient: issuer and Patient ID, else name and birth date, else the folder of a plain image. */
  readonly patientKey: string;
  /** Person names as written, all PN component groups, of the patient and of other people in the header. */
  readonly names: readonly string[];
  /** Patient and other IDs, accession numbers, admission IDs, study IDs. */
  readonly ids: readonly string[];
  /** Birth and other dates as DA strings. */
  readonly dates: readonly string[];
  /** Those of `dates` that go whatever the profile keeps or shifts: of the patient's birth. */
  readonly birthDates?: readonly string[];
  /** Addresses, telephone numbers, institutions, stations and other identifying free text. */
  readonly texts: readonly string[];
  /** Folder and file names that may tell who it is. */
  readonly pathNames: readonly string[];
}

/** Everything besides the file and the profile that a plan depends on. */
export interface DeidContext {
  /** The project key: 32 bytes. The same key gives the same UIDs, shifts and pseudonyms. */
  readonly key: Uint8Array;
  /** Identity of this file's patient, merged over all files seen so far. */
  readonly identity: IdentityFacts;
  /** Pseudonym decided by the batch (running number, lookup table); absent: derived from the key. */
  readonly pseudonym?: string;
}
