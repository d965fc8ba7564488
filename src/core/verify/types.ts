import type { FindingMessage } from './messages';

/** What the gate found on final bytes. A finding blocks its Instance unless it is overridable and someone overrides it. */
export interface Finding {
  readonly check:
    | 'parses'
    | 'plan-carried-out'
    | 'no-identity'
    | 'possible-names'
    | 'forbidden-attributes'
    | 'required-attributes'
    | 'pixels-unchanged'
    | 'pixel-policy'
    | 'vault'
    | 'signature'
    | 'file-meta'
    | 'name';
  readonly severity: 'block' | 'overridable' | 'note';
  /** Plain sentence of a closed list (`messages.ts`, with its code); holds no value from the file. */
  readonly message: FindingMessage;
  /** Tag path, frame, or byte offset in the output. */
  readonly where?: string;
}
