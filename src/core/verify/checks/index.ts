/**
 * Every check of the gate, in the order its findings are shown. To add one: a file beside this one that exports a `Check`,
 * and its entry here. The contract test runs over all of them.
 */
import { fileMeta } from './file-meta';
import { forbiddenAttributes } from './forbidden-attributes';
import { outputName } from './name';
import { noIdentity } from './no-identity';
import { pixelPolicy } from './pixel-policy';
import { pixelsUnchanged } from './pixels-unchanged';
import { planCarriedOut } from './plan-carried-out';
import { proposedNames } from './proposed-names';
import { requiredAttributesStay } from './required-attributes';
import { signed } from './signed';
import type { Check } from './types';
import { vaultSealed } from './vault-sealed';

export const checks: readonly Check[] = [
  planCarriedOut,
  noIdentity,
  forbiddenAttributes,
  requiredAttributesStay,
  pixelsUnchanged,
  pixelPolicy,
  vaultSealed,
  signed,
  fileMeta,
  outputName,
  proposedNames,
];
